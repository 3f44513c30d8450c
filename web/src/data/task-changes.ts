// How the page changes tasks: shown at once, sent, or kept until the server can be reached.
import type { QueryClient } from '@tanstack/react-query';
import { dayIn, dueText, isOverdue } from '../domain/dates';
import type { NewTask, Occurrences, Task, TaskChange } from '../domain/types';
import { browserZone } from '../domain/zones';
import * as clock from './clock';
import type { NewEntry } from './outbox/deliver';
import { isLocal, localNameOf, newKey, outbox, sendOrKeep } from './outbox/outbox';
import { api, dataOf, ifMatch } from './server/client';
import { draftTags } from './tags';
import { place, refresh, remove } from './tasks';
import { userQuery } from './user';

/** A task as it is shown until the server has made it. */
export function draftOf(client: QueryClient, fields: NewTask, id: string): Task {
    const now = clock.now().toISOString();
    const zone = fields.timezone ?? client.getQueryData(userQuery.queryKey)?.timezone ?? browserZone;
    return {
        description: null,
        status: 'pending',
        priority: 'medium',
        timezone: zone,
        recurring_type: 'none',
        recurring_interval: 1,
        recurrence_rule: null,
        repeat_mode: 'after_completion',
        recurring_end_date: null,
        parent_task_id: null,
        completed_at: null,
        ...fields,
        due_date: fields.due_date ? dueText(fields.due_date, zone) : null,
        tags: draftTags(client, fields.tags ?? []),
        id,
        user_id: '',
        series_id: '',
        occurrence: 1,
        version: 0,
        created_at: now,
        updated_at: now,
    } as unknown as Task;
}

export async function createTask(client: QueryClient, fields: NewTask): Promise<Task> {
    const draft = draftOf(client, fields, localNameOf(newKey()));
    const key = newKey();
    const task = await sendOrKeep<Task>(
        () => dataOf(api.POST('/api/tasks', { body: fields as never, params: { header: { 'Idempotency-Key': key } } })),
        { kind: 'create', task: draft.id, title: fields.title, fields, key },
        draft,
    );
    place(client, task);
    refresh(client);
    return task;
}

/**
 * Changes fields of a task, whoever else changes it; shown at once, and taken back when the server says no. Without the
 * server it is kept and sent later.
 */
export async function changeTask(
    client: QueryClient,
    task: Task,
    fields: TaskChange,
    shown: Partial<Task> = {},
): Promise<Task> {
    await client.cancelQueries({ queryKey: ['tasks'] });
    place(client, { ...task, ...shown });
    try {
        const changed = await sendOrKeep<Task>(
            () => dataOf(api.PATCH('/api/tasks/{task_id}', { params: pathOf(task.id), body: fields })),
            changeEntry(task, fields),
            { ...task, ...shown },
        );
        place(client, changed);
        return changed;
    } catch (error) {
        place(client, task);
        throw error;
    } finally {
        refresh(client);
    }
}

/** A change as it is kept. What is done while the server is away was done then, not when it hears of it. */
function changeEntry(task: Task, fields: TaskChange): NewEntry {
    const about = { kind: 'change' as const, task: task.id, title: task.title };
    if (fields.status !== 'done' || task.status === 'done') return { ...about, fields };
    const known = { ...fields, completed_at: clock.now().toISOString() };
    return { ...about, fields: known, done: clock.moment(), key: newKey() };
}

const pathOf = (id: string) => ({ path: { task_id: outbox.idOf(id) } });

/** A task as it is shown until the server has changed it. */
export function changedBy(client: QueryClient, task: Task, fields: TaskChange): Task {
    const shown = { ...task, ...(fields as Partial<Task>) };
    if (fields.tags) shown.tags = draftTags(client, fields.tags);
    if (fields.due_date) shown.due_date = dueText(fields.due_date, shown.timezone);
    return shown;
}

/** Like `changeTask`, for the task's form: refused with 412 when the task is no longer `task`, unless `forced`. */
export async function saveTask(client: QueryClient, task: Task, fields: TaskChange, forced = false): Promise<Task> {
    // Nobody else can have changed what only this device knows.
    const force = forced || isLocal(task.id);
    const shown = changedBy(client, task, fields);
    const changed = await sendOrKeep<Task>(
        () => {
            const header = force ? {} : ifMatch(task.version);
            const params = { ...pathOf(task.id), header };
            return dataOf(api.PATCH('/api/tasks/{task_id}', { params, body: fields }));
        },
        { ...changeEntry(task, fields), ...(force ? {} : { version: task.version }) },
        shown,
    );
    place(client, changed);
    refresh(client);
    return changed;
}

export async function deleteTask(client: QueryClient, task: Task): Promise<void> {
    remove(client, task.id);
    try {
        await sendOrKeep<unknown>(
            () =>
                dataOf(
                    api.DELETE('/api/tasks/{task_id}', { params: { ...pathOf(task.id), query: { scope: 'task' } } }),
                ),
            { kind: 'delete', task: task.id, title: task.title },
            null,
        );
    } finally {
        refresh(client);
    }
}

export async function restoreTask(client: QueryClient, gone: Task): Promise<Task> {
    const task = await sendOrKeep<Task>(
        () => dataOf(api.POST('/api/tasks/{task_id}/restore', { params: pathOf(gone.id) })),
        { kind: 'restore', task: gone.id, title: gone.title },
        gone,
    );
    place(client, task);
    refresh(client);
    return task;
}

/** A skipped task shows its next date; without the server the one that the page knows, else its own. */
export async function skipTask(client: QueryClient, task: Task): Promise<Task> {
    const key = newKey();
    const next = nextKnown(client, task);
    const moved = await sendOrKeep<Task>(
        () =>
            dataOf(
                api.POST('/api/tasks/{task_id}/skip', {
                    params: { ...pathOf(task.id), header: { 'Idempotency-Key': key } },
                }),
            ),
        { kind: 'skip', task: task.id, title: task.title, key, due: task.due_date },
        next ? { ...task, due_date: next, occurrence: task.occurrence + 1 } : task,
    );
    place(client, moved);
    refresh(client);
    return moved;
}

/** Where a skip takes a task to, from a preview of its rule; nothing where that depends on when the task is done. */
function nextKnown(client: QueryClient, task: Task): string | undefined {
    const { due_date: due, timezone, repeat_mode: mode } = task;
    if (!due) return undefined;
    const now = clock.now();
    if (mode === 'on_schedule' && isOverdue(task, now)) return undefined;
    if (mode === 'after_completion' && due.slice(0, 10) !== dayIn(now, timezone).toString()) return undefined;
    const rule = [
        'recurring_type',
        'recurring_interval',
        'recurrence_rule',
        'repeat_mode',
        'recurring_end_date',
    ] as const;
    for (const [[, asked], told] of client.getQueriesData<Occurrences>({ queryKey: ['preview'] })) {
        const of = asked as Task;
        if (!told || of.timezone !== timezone || rule.some((name) => of[name] !== task[name])) continue;
        const dates = [of.due_date, ...told.occurrences.map(({ due_date }) => due_date)];
        const at = dates.indexOf(due);
        if (at >= 0 && dates[at + 1]) return dates[at + 1]!;
    }
    return undefined;
}

const childWaitsMs = [60, 120, 200, 300, 500, 800, 1200];

/** The next occurrence that a completion makes, as soon as it is there; nothing when none comes within some seconds. */
export async function awaitChild(client: QueryClient, parent: Task): Promise<Task | undefined> {
    for (const wait of childWaitsMs) {
        await new Promise((resolve) => setTimeout(resolve, wait));
        const children = await dataOf(api.GET('/api/tasks', { params: { query: { parent_task_id: parent.id } } }));
        const child = children.find((task) => task.series_id === parent.series_id);
        if (child) {
            place(client, child);
            return child;
        }
    }
    return undefined;
}

/** Reopens a task whose completion was a mistake, and waits until the occurrence that it made is gone again. */
export async function takeBack(client: QueryClient, task: Task, child: Task | undefined): Promise<void> {
    await changeTask(client, task, { status: task.status }, { status: task.status, completed_at: task.completed_at });
    if (outbox.isWaiting(task.id)) return;
    if (child) remove(client, child.id);
    place(client, task);
    for (const wait of child ? childWaitsMs : []) {
        const { response } = await api.GET('/api/tasks/{task_id}', { params: pathOf(child!.id) });
        if (response.status === 404) break;
        await new Promise((resolve) => setTimeout(resolve, wait));
    }
    refresh(client);
}
