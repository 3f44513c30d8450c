// Changes that the server does not have yet. They are kept on this device in the order in which they were made, survive
// the tab, and are sent one after another, by one tab at a time. What the server does not take holds up only what follows
// on it.
import { deliver, isOf, type ChangeEntry, type Entry, type NewEntry } from './deliver';
import { firstToSend } from './order';
import { isOffline, ProblemError } from '../server/problem';
import { session } from '../server/session';
import { forgetSetbacks, isAllPaused, isFinal, isPaused, judge } from './setbacks';
import { inStore } from '../storage';
import type { Task } from '../../domain/types';

export interface Conflict {
    entry: ChangeEntry;
    theirs: Task;
}

export interface Refusal {
    entry: Entry;
    error: ProblemError;
}

interface Listeners {
    /** This is what waits since the page was open last. */
    found: () => void;
    /** The server has made a task that had a name of this device's own; others of its changes may still wait. */
    made: (local: string, task: Task) => void;
    /** The server has it; `task` is how it stands there now. */
    applied: (entry: Entry, task: Task | undefined) => void;
    /** The user has given it up. */
    discarded: (entry: Entry) => void;
}

const localPrefix = 'local-';
export const isLocal = (id: string) => id.startsWith(localPrefix);
export const localNameOf = (name: string) => localPrefix + name;

/** A random name; `crypto.randomUUID` is there on https and localhost only. */
export function newKey() {
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

let waiting: Entry[] = [];
/** What only the user can decide, by the entry's number; its entry waits until then. */
const questions = new Map<number, Conflict | Refusal>();
let listeners: Listeners | undefined;
const watchers = new Set<() => void>();
const given = new Map<string, string>();
const localNames = new Map<string, string>();
const others = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('rondo.outbox');

const tell = () => watchers.forEach((watcher) => watcher());

/** What is asked first. */
const question = () => waiting.map(({ seq }) => questions.get(seq)).find((one) => one !== undefined);

async function load() {
    const all = await inStore<Entry[]>('outbox', 'readonly', (store) => store.getAll()).catch(() => []);
    waiting = all.filter((entry) => entry.user === session.user()).map(asOfNow);
    // Another tab may have settled what is asked here.
    for (const seq of questions.keys()) if (!waiting.some((entry) => entry.seq === seq)) questions.delete(seq);
    tell();
}

/** An entry as this page makes them; one made by another may name the version by an entity tag, such as `W/"3"`. */
function asOfNow(entry: Entry): Entry {
    if (entry.kind !== 'change') return entry;
    const { etag, ...rest } = entry as ChangeEntry & { etag?: string };
    const named = entry.version ?? etag;
    if (named === undefined || typeof named === 'number') return rest;
    const version = /^(?:W\/)?"?(\d+)/.exec(String(named))?.[1];
    return { ...rest, version: Number(version ?? 0) };
}

/** Takes an entry away once it is settled, and makes those that follow fit to what the server has now. */
async function settle(entry: Entry, fit: (later: Entry) => Entry | null = (later) => later) {
    forgetSetbacks(entry);
    questions.delete(entry.seq);
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

function named(local: string, id: string) {
    given.set(local, id);
    localNames.set(id, local);
}

const put = (entry: Entry) => inStore('outbox', 'readwrite', (store) => void store.put(entry));

const isHeld = (entry: Entry) => questions.has(entry.seq) || isPaused(entry);
const next = () => firstToSend(waiting, isHeld);
const ask = (question: Conflict | Refusal) => {
    questions.set(question.entry.seq, question);
    tell();
};

async function drain() {
    await load();
    for (let entry = next(); entry; entry = next()) {
        const sent = entry;
        let delivered;
        try {
            delivered = await deliver(sent);
        } catch (thrown) {
            const error = thrown instanceof ProblemError ? thrown : new ProblemError(0, { detail: String(thrown) });
            const verdict = await judge(sent, error);
            if (verdict === 'all wait') return;
            if (verdict === 'asks') ask({ entry: sent, error });
            continue;
        }
        const { task, met } = delivered;
        if (met) {
            ask({ entry: sent as ChangeEntry, theirs: met });
            continue;
        }
        if (sent.kind === 'create' && task) {
            named(sent.task, task.id);
            others?.postMessage([sent.task, task.id]);
            listeners?.made(sent.task, task);
            tell();
        }
        await settle(sent, (later) => {
            if (!task || !('task' in sent) || !isOf(later, sent.task)) return later;
            const fitted = { ...later, task: task.id } as Entry;
            return fitted.kind === 'change' && fitted.version !== undefined
                ? { ...fitted, version: task.version }
                : fitted;
        });
        listeners?.applied(sent, task);
    }
}

let underWay: Promise<void> | undefined;

export const outbox = {
    waiting: () => waiting,
    conflict(): Conflict | null {
        const asked = question();
        return asked && 'theirs' in asked ? asked : null;
    },
    refusal(): Refusal | null {
        const asked = question();
        return asked && 'error' in asked ? asked : null;
    },
    subscribe(watcher: () => void) {
        watchers.add(watcher);
        return () => void watchers.delete(watcher);
    },
    isWaiting: (id: string) => waiting.some((entry) => isOf(entry, id)),
    isSkipping: (task: string) => waiting.some((entry) => entry.kind === 'skip' && entry.task === task),
    /** The server's id of a task that was made here without the server. */
    idOf: (task: string) => given.get(task) ?? task,
    /** The name by which a task was first known here. */
    firstNameOf: (task: string) => localNames.get(task) ?? task,

    /** Keeps a change for later. Rejects where the browser keeps nothing. */
    async add(entry: NewEntry) {
        const kept = { ...entry, user: session.user() ?? '' };
        if ('task' in kept) kept.task = outbox.idOf(kept.task);
        await inStore('outbox', 'readwrite', (store) => void store.add(kept));
        others?.postMessage('changed');
        await load();
    },

    /**
     * Sends what waits, until nothing is left that could go, or the server cannot be reached. Never rejects.
     */
    flush(): Promise<void> {
        if (isAllPaused() || !next() || session.state() !== 'in') return Promise.resolve();
        const alone = async () =>
            navigator.locks ? await navigator.locks.request('rondo.outbox', drain) : await drain();
        underWay ??= alone()
            .catch(() => undefined)
            .finally(() => (underWay = undefined));
        return underWay;
    },

    /** The user's answer to a conflict. */
    async decide(keepMine: boolean) {
        const conflict = outbox.conflict();
        if (!conflict) return;
        const { entry, theirs } = conflict;
        questions.delete(entry.seq);
        if (keepMine) await put({ ...entry, version: theirs.version });
        else {
            const isEdit = (later: Entry) => later.kind === 'change' && later.version !== undefined;
            await settle(entry, (later) => (isOf(later, entry.task) && isEdit(later) ? null : later));
            listeners?.applied(entry, theirs);
        }
        await load();
        await outbox.flush();
    },

    /** The user's answer to a refusal. */
    async answer(again: boolean) {
        const refusal = outbox.refusal();
        if (!refusal) return;
        const { entry, error } = refusal;
        questions.delete(entry.seq);
        forgetSetbacks(entry);
        if (!again) {
            const isMade = (later: Entry) => entry.kind === 'create' && isOf(later, entry.task);
            await settle(entry, (later) => (isMade(later) ? null : later));
            listeners?.discarded(entry);
        } else if (entry.kind === 'change' && error.status === 412) {
            // Whatever it is compared with, it never is the same: the user has said which one stays.
            await put({ ...entry, version: undefined });
        } else if ('key' in entry && isFinal(error)) {
            // The server knows a key by its answer, and that was no. A skip is meant now whenever the task is due.
            const fresh = { ...entry, key: newKey() };
            if (fresh.kind === 'skip') delete fresh.due;
            await put(fresh);
        }
        await load();
        await outbox.flush();
    },

    /** Loads what waits, and sends it whenever there is hope. */
    async start(told: Listeners) {
        const first = !listeners;
        listeners = told;
        await load();
        told.found();
        if (!first) return outbox.flush();
        others?.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
            if (Array.isArray(data)) named(...(data as [string, string]));
            void load();
        });
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
