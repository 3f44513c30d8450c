// A change that is kept on this device, and how it is sent.
import { dataOf, direct } from './client';
import { ProblemError } from './problem';
import type { NewTask, TagFields, Task, TaskChange, UserFields } from './types';

/** What is about a task. Its name is one of this device's own until the server has given the task its id. */
type OfTask = { task: string } & (
    | { kind: 'create'; fields: NewTask; key: string }
    /** With `version`, the task is changed only if it is still that one; else who made the change is asked. */
    | { kind: 'change'; fields: TaskChange; version?: number }
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
const has = (task: Task, fields: TaskChange) =>
    Object.entries(fields).every(
        ([name, value]) => JSON.stringify(task[name as keyof Task] ?? null) === JSON.stringify(value ?? null),
    );

/** What is gone already need not be deleted. */
const unlessGone = (error: unknown) => {
    if (!(error instanceof ProblemError && error.status === 404)) throw error;
};

async function readNow(id: string): Promise<{ theirs: Task; etag: string }> {
    const found = await direct.GET('/api/tasks/{task_id}', { params: ofTask(id) });
    return { theirs: await dataOf(Promise.resolve(found)), etag: found.response.headers.get('etag') ?? '*' };
}

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
        case 'change': {
            let header = {};
            if (entry.version !== undefined) {
                const { theirs, etag } = await readNow(entry.task);
                if (theirs.version !== entry.version)
                    // It may be this very change, whose answer was lost.
                    return has(theirs, entry.fields) ? { task: theirs } : { met: theirs };
                header = { 'If-Match': etag };
            }
            const params = { ...ofTask(entry.task), header };
            return { task: await dataOf(direct.PATCH('/api/tasks/{task_id}', { params, body: entry.fields })) };
        }
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

async function skip(entry: Extract<Entry, { kind: 'skip' }>): Promise<Task> {
    const { theirs, etag } = await readNow(entry.task);
    const moved = entry.due !== undefined && !sameWall(theirs.due_date, entry.due);
    // It may have moved by this very skip, whose answer was lost: then the key brings that answer, whatever is matched.
    const header = { 'Idempotency-Key': entry.key, 'If-Match': moved ? '"as it was"' : etag };
    try {
        return await dataOf(direct.POST('/api/tasks/{task_id}/skip', { params: { ...ofTask(entry.task), header } }));
    } catch (error) {
        if (!moved || !(error instanceof ProblemError) || error.status !== 412) throw error;
        // To send it again would change nothing: it is for the user to say.
        throw new ProblemError(409, { detail: error.message, ...(error.errorId && { error_id: error.errorId }) });
    }
}
