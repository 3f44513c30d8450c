// A change that is kept on this device, and how it is sent.
import * as clock from '../clock';
import { dataOf, direct, ifMatch } from '../server/client';
import { ProblemError } from '../server/problem';
import type { NewTask, TagFields, Task, TaskChange, UserFields } from '../../domain/types';

/** What is about a task. Its name is one of this device's own until the server has given the task its id. */
type OfTask = { task: string } & (
    | { kind: 'create'; fields: NewTask; key: string }
    /**
     * With `version`, the task is changed only if it is still that one; else who made the change is asked. `done`: when
     * the task was done, of which `completed_at` tells what was thought then; it has a key, so that what is reopened
     * meanwhile is not done again by an answer that was lost.
     */
    | { kind: 'change'; fields: TaskChange; version?: number; done?: clock.Moment; key?: string }
    /** With `due`, only if the task is still due then: it may have moved on by another hand. */
    | { kind: 'skip'; key: string; due?: string | null }
    | { kind: 'delete' }
    | { kind: 'restore' }
);
type OfTag = { tag: string } & ({ kind: 'tag'; fields: TagFields } | { kind: 'tag-delete' });
type OfUser = { kind: 'user'; fields: UserFields };

/** `title` says what it is about when one has to be told. */
export type NewEntry = (OfTask | OfTag | OfUser) & { title: string };
export type Entry = NewEntry & { seq: number; user: string };
export type ChangeEntry = Extract<Entry, { kind: 'change' }>;

export const isOf = (entry: Entry, id: string) => ('task' in entry ? entry.task : 'tag' in entry && entry.tag) === id;

/** What came of it: the task as it is now, where there is one, or as it is by another's change, which it must not undo. */
export interface Delivered {
    task?: Task;
    met?: Task;
}

const ofTask = (id: string) => ({ path: { task_id: id } });
const sameWall = (a: string | null, b: string | null) => a?.slice(0, 16) === b?.slice(0, 16);
/** Whether a task is as a change would make it. When it was done tells nothing: whoever did it, it is done. */
const has = (task: Task, fields: TaskChange) =>
    Object.entries(fields).every(
        ([name, value]) =>
            name === 'completed_at' ||
            JSON.stringify(task[name as keyof Task] ?? null) === JSON.stringify(value ?? null),
    );

/** What is gone already need not be deleted. */
const unlessGone = (error: unknown) => {
    if (!(error instanceof ProblemError && error.status === 404)) throw error;
};

const readNow = (id: string): Promise<Task> => dataOf(direct.GET('/api/tasks/{task_id}', { params: ofTask(id) }));

/** Whether the server answers at all, when one change does not get through to it. */
export const serverAnswers = () =>
    dataOf(direct.GET('/api/auth/me')).then(
        ({ id }) => id !== undefined,
        () => false,
    );

/** Sends one entry; throws the problem that the server answers with. */
export async function deliver(entry: Entry): Promise<Delivered> {
    switch (entry.kind) {
        case 'create': {
            const params = { header: { 'Idempotency-Key': entry.key } };
            return { task: await dataOf(direct.POST('/api/tasks', { body: entry.fields as never, params })) };
        }
        case 'delete': {
            const params = { ...ofTask(entry.task), query: { scope: 'task' as const } };
            await dataOf(direct.DELETE('/api/tasks/{task_id}', { params })).catch(unlessGone);
            return {};
        }
        case 'restore':
            return { task: await dataOf(direct.POST('/api/tasks/{task_id}/restore', { params: ofTask(entry.task) })) };
        case 'change':
            return change(entry);
        case 'skip':
            return { task: await skip(entry) };
        case 'tag': {
            const params = { path: { tag_id: entry.tag } };
            await dataOf(direct.PUT('/api/tags/{tag_id}', { params, body: entry.fields }));
            return {};
        }
        case 'tag-delete':
            await dataOf(direct.DELETE('/api/tags/{tag_id}', { params: { path: { tag_id: entry.tag } } })).catch(
                unlessGone,
            );
            return {};
        case 'user':
            await dataOf(direct.PATCH('/api/auth/me', { body: entry.fields }));
            return {};
    }
}

async function change({ task, fields, version, done, key }: ChangeEntry): Promise<Delivered> {
    const send = (body: TaskChange): Promise<Task> => {
        // A key stands for one body, and the time in it may be told better by now.
        const once = key && { 'Idempotency-Key': `${key} ${body.completed_at ?? ''}`.trim() };
        const header = { ...(version !== undefined && ifMatch(version)), ...once };
        return dataOf(direct.PATCH('/api/tasks/{task_id}', { params: { ...ofTask(task), header }, body }));
    };
    const { completed_at, ...rest } = fields;
    if (version === undefined && !completed_at) return { task: await send(fields) };

    // The answer also tells what time it is there.
    const theirs = await readNow(task);
    // It may be this very change, whose answer was lost.
    if (has(theirs, fields)) return { task: theirs };
    if (version !== undefined && theirs.version !== version) return { met: theirs };
    if (!completed_at) return { task: await send(fields) };

    const at = clock.timeOf(done ?? { wall: Date.parse(completed_at) }).toISOString();
    try {
        return { task: await send({ ...rest, completed_at: at }) };
    } catch (error) {
        if (!(error instanceof ProblemError && error.fields.has('completed_at'))) throw error;
        // Rather a completion with the server's time than none.
        return { task: await send(rest) };
    }
}

async function skip(entry: Extract<Entry, { kind: 'skip' }>): Promise<Task> {
    const theirs = await readNow(entry.task);
    const moved = entry.due !== undefined && !sameWall(theirs.due_date, entry.due);
    // It may have moved by this very skip, whose answer was lost: then the key brings that answer, whatever is matched.
    const condition = moved ? { 'If-Match': '"as-it-was"' } : ifMatch(theirs.version);
    const header = { 'Idempotency-Key': entry.key, ...condition };
    try {
        return await dataOf(direct.POST('/api/tasks/{task_id}/skip', { params: { ...ofTask(entry.task), header } }));
    } catch (error) {
        if (!moved || !(error instanceof ProblemError) || error.status !== 412) throw error;
        // To send it again would change nothing: it is for the user to say.
        throw new ProblemError(409, { detail: error.message, ...(error.errorId && { error_id: error.errorId }) });
    }
}
