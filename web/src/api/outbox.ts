// Changes that the server does not have yet. They are kept on this device in the order in which they were made, survive
// the tab, and are sent one after another, by one tab at a time.
import { direct, dataOf } from './client';
import { isOffline, ProblemError } from './problem';
import { session } from './session';
import { inStore } from './storage';
import type { NewTask, Task, TaskChange } from './types';

type Change =
    /** `task` is a name of this device's own until the server has given the task its id. */
    | { kind: 'create'; fields: NewTask; key: string }
    /** With `version`, the task is changed only if it is still that one; else who made the change is asked. */
    | { kind: 'change'; fields: TaskChange; version?: number }
    | { kind: 'delete' }
    | { kind: 'restore' };
/** `title` is for telling what became of it. */
export type NewEntry = Change & { task: string; title: string };
export type Entry = NewEntry & { seq: number; user: string };

export interface Conflict {
    entry: Entry & { kind: 'change' };
    theirs: Task;
}

interface Listeners {
    /** The server has it; `task` is how it stands there now. */
    applied: (entry: Entry, task: Task | undefined) => void;
    /** The server refused it; it is dropped. */
    refused: (entry: Entry, error: ProblemError) => void;
}

const localPrefix = 'local-';
export const isLocal = (id: string) => id.startsWith(localPrefix);
export const newLocalId = () => localPrefix + newKey();

/** A random name; `crypto.randomUUID` is there on https and localhost only. */
export function newKey() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

let waiting: Entry[] = [];
let conflict: Conflict | null = null;
let listeners: Listeners | undefined;
const watchers = new Set<() => void>();
const given = new Map<string, string>();
const others = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('rondo.outbox');

const tell = () => watchers.forEach((watcher) => watcher());

async function load() {
    const all = await inStore<Entry[]>('outbox', 'readonly', (store) => store.getAll()).catch(() => []);
    waiting = all.filter((entry) => entry.user === session.user());
    tell();
}

/** Takes an entry away once it is settled, and makes those that follow fit to what the server has now. */
async function settle(entry: Entry, fit: (later: Entry) => Entry | null = (later) => later) {
    const later = waiting.filter(({ seq }) => seq > entry.seq);
    await inStore('outbox', 'readwrite', (store) => {
        store.delete(entry.seq);
        for (const one of later) {
            const fitted = fit(one);
            if (!fitted) store.delete(one.seq);
            else if (fitted !== one) store.put(fitted);
        }
        return undefined;
    });
    others?.postMessage('changed');
    await load();
}

const put = (entry: Entry) => inStore('outbox', 'readwrite', (store) => void store.put(entry));

const pathOf = (id: string) => ({ path: { task_id: id } });
const has = (task: Task, fields: TaskChange) =>
    Object.entries(fields).every(
        ([name, value]) => JSON.stringify(task[name as keyof Task] ?? null) === JSON.stringify(value ?? null),
    );

/** Sends one entry. Gives the task as it is then; null when the user has to be asked first. */
async function deliver(entry: Entry): Promise<Task | undefined | null> {
    switch (entry.kind) {
        case 'create':
            return dataOf(
                direct.POST('/api/tasks', {
                    body: entry.fields as never,
                    params: { header: { 'Idempotency-Key': entry.key } },
                }),
            );
        case 'delete':
            await dataOf(
                direct.DELETE('/api/tasks/{task_id}', { params: { ...pathOf(entry.task), query: { scope: 'task' } } }),
            );
            return undefined;
        case 'restore':
            return dataOf(direct.POST('/api/tasks/{task_id}/restore', { params: pathOf(entry.task) }));
        case 'change': {
            let header = {};
            if (entry.version !== undefined) {
                const found = await direct.GET('/api/tasks/{task_id}', { params: pathOf(entry.task) });
                const theirs: Task = await dataOf(Promise.resolve(found));
                if (theirs.version !== entry.version) {
                    // It may be this very change, whose answer was lost.
                    if (has(theirs, entry.fields)) return theirs;
                    conflict = { entry, theirs };
                    return null;
                }
                header = { 'If-Match': found.response.headers.get('etag') ?? '*' };
            }
            return dataOf(
                direct.PATCH('/api/tasks/{task_id}', { params: { ...pathOf(entry.task), header }, body: entry.fields }),
            );
        }
    }
}

const sendLater = (error: unknown) =>
    !(error instanceof ProblemError) || isOffline(error) || [401, 408, 412, 429, 502, 503, 504].includes(error.status);

async function drain() {
    await load();
    for (let entry = waiting[0]; entry && !conflict; entry = waiting[0]) {
        const sent = entry;
        let task: Task | undefined | null;
        try {
            task = await deliver(sent);
        } catch (error) {
            if (sendLater(error)) return;
            await settle(sent);
            listeners?.refused(sent, error as ProblemError);
            continue;
        }
        if (task === null) return tell();
        const now = task;
        if (sent.kind === 'create' && now) given.set(sent.task, now.id);
        await settle(sent, (later) =>
            later.task !== sent.task || !now
                ? later
                : {
                      ...later,
                      task: now.id,
                      ...(later.kind === 'change' && later.version !== undefined && { version: now.version }),
                  },
        );
        listeners?.applied(sent, now);
    }
}

let underWay: Promise<void> | undefined;

export const outbox = {
    waiting: () => waiting,
    conflict: () => conflict,
    subscribe(watcher: () => void) {
        watchers.add(watcher);
        return () => void watchers.delete(watcher);
    },
    isWaiting: (task: string) => waiting.some((entry) => entry.task === task),
    /** The server's id of a task that was made here without the server. */
    idOf: (task: string) => given.get(task) ?? task,

    /** Keeps a change for later. Rejects where the browser keeps nothing. */
    async add(entry: NewEntry) {
        const user = session.user() ?? '';
        await inStore(
            'outbox',
            'readwrite',
            (store) => void store.add({ ...entry, task: outbox.idOf(entry.task), user }),
        );
        others?.postMessage('changed');
        await load();
    },

    /**
     * Sends what waits, until all is sent, the server cannot be reached, or a change meets another one. Never rejects.
     */
    flush(): Promise<void> {
        if (!waiting.length || conflict || session.state() !== 'in') return Promise.resolve();
        const alone = async () =>
            navigator.locks ? await navigator.locks.request('rondo.outbox', drain) : await drain();
        underWay ??= alone()
            .catch(() => undefined)
            .finally(() => (underWay = undefined));
        return underWay;
    },

    /** The user's answer to a conflict. */
    async decide(keepMine: boolean) {
        if (!conflict) return;
        const { entry, theirs } = conflict;
        conflict = null;
        if (keepMine) await put({ ...entry, version: theirs.version });
        else {
            const isEdit = (later: Entry) => later.kind === 'change' && later.version !== undefined;
            await settle(entry, (later) => (later.task === entry.task && isEdit(later) ? null : later));
            listeners?.applied(entry, theirs);
        }
        await load();
        await outbox.flush();
    },

    /** Loads what waits, and sends it whenever there is hope. */
    async start(told: Listeners) {
        const first = !listeners;
        listeners = told;
        await load();
        if (!first) return outbox.flush();
        others?.addEventListener('message', () => void load());
        addEventListener('online', () => void outbox.flush());
        addEventListener('focus', () => void outbox.flush());
        session.subscribe(() => void load().then(outbox.flush));
        setInterval(() => void outbox.flush(), retryMs);
        void outbox.flush();
    },
};
const retryMs = 3000;

/**
 * Sends a change, or keeps it for later when the server cannot be reached or others wait before it. Gives what the
 * server answers, else what is shown meanwhile.
 */
export async function sendOrKeep<Result>(send: () => Promise<Result>, entry: NewEntry, shown: Result): Promise<Result> {
    if (!waiting.length) {
        try {
            return await send();
        } catch (error) {
            if (!isOffline(error)) throw error;
            await outbox.add(entry).catch(() => {
                throw error;
            });
            return shown;
        }
    }
    await outbox.add(entry);
    void outbox.flush();
    return shown;
}
