// What the page knows of the server's tasks, and how it changes them.
import {
    keepPreviousData,
    QueryClient,
    queryOptions,
    useInfiniteQuery,
    useQuery,
    useQueryClient,
    type InfiniteData,
} from '@tanstack/react-query';
import { api, beforeReading, dataOf, ifMatch } from './server/client';
import type { NewEntry } from './outbox/deliver';
import { isLocal, localNameOf, newKey, outbox, sendOrKeep } from './outbox/outbox';
import { ProblemError } from './server/problem';
import type { paths } from '../domain/schema.gen';
import { draftTags, showTag } from './tags';
import {
    isOpen,
    type NewTask,
    type Occurrences,
    type Task,
    type TaskChange,
    type User,
    type UserFields,
} from '../domain/types';
import * as clock from './clock';
import { dayIn, dueText, isOverdue } from '../domain/dates';
import { browserZone } from '../domain/zones';

type TaskQuery = NonNullable<paths['/api/tasks']['get']['parameters']['query']>;
type Page = { tasks: Task[]; next: string | undefined };

const pageSize = 200;
const keptMs = 24 * 3600 * 1000;
const retryable = (count: number, error: Error) =>
    count < 2 && !(error instanceof ProblemError && error.status >= 400 && error.status < 500);

export const makeQueryClient = () =>
    new QueryClient({
        defaultOptions: {
            // Also without a network, so that an answer or a reason is shown; what was read last is kept on the device.
            queries: {
                networkMode: 'always',
                gcTime: keptMs,
                staleTime: 10_000,
                retry: retryable,
                refetchOnReconnect: true,
                refetchOnWindowFocus: 'always',
            },
        },
    });

// --- reading ---

export const keys = {
    open: ['tasks', 'open'] as const,
    page: (query: TaskQuery) => ['tasks', 'page', query] as const,
    one: (id: string) => ['tasks', 'one', id] as const,
};

export const openTasks = queryOptions({
    queryKey: keys.open,
    queryFn: async ({ signal }) => {
        const withStatus = (status: 'pending' | 'in_progress') =>
            dataOf(api.GET('/api/tasks', { params: { query: { status } }, signal }));
        return (await Promise.all([withStatus('pending'), withStatus('in_progress')])).flat();
    },
});

/** Every task that is still to be done. */
export const useOpenTasks = () => useQuery(openTasks);

/** Tasks page by page, for lists without an end. */
export function useTaskPages(query: TaskQuery, enabled = true) {
    return useInfiniteQuery({
        queryKey: keys.page(query),
        enabled,
        initialPageParam: undefined as string | undefined,
        placeholderData: keepPreviousData,
        queryFn: async ({ pageParam, signal }): Promise<Page> => {
            const answer = await api.GET('/api/tasks', {
                params: { query: { ...query, limit: pageSize, ...(pageParam ? { cursor: pageParam } : {}) } },
                signal,
            });
            const tasks = await dataOf(Promise.resolve(answer));
            const link = answer.response.headers.get('link')?.match(/<([^>]*)>;\s*rel="next"/)?.[1];
            const next = link && new URL(link, location.origin).searchParams.get('cursor');
            return { tasks, next: next ?? undefined };
        },
        getNextPageParam: (page) => page.next,
    });
}

/** One task as it is now. */
export const readTask = (id: string, signal?: AbortSignal): Promise<Task> =>
    dataOf(api.GET('/api/tasks/{task_id}', { params: { path: { task_id: id } }, ...(signal && { signal }) }));

export function useTask(id: string) {
    const client = useQueryClient();
    return useQuery<Task>({
        queryKey: keys.one(id),
        enabled: !isLocal(id),
        queryFn: ({ signal }) => readTask(id, signal),
        placeholderData: () => findTask(client, id),
    });
}

export function findTask(client: QueryClient, id: string): Task | undefined {
    const single = client.getQueryData<Task>(keys.one(id));
    if (single) return single;
    const open = client.getQueryData<Task[]>(keys.open)?.find((task) => task.id === id);
    if (open) return open;
    for (const [, data] of client.getQueriesData<InfiniteData<Page>>({ queryKey: ['tasks', 'page'] })) {
        const found = data?.pages.flatMap((page) => page.tasks).find((task) => task.id === id);
        if (found) return found;
    }
    return undefined;
}

export const useTrash = () =>
    useQuery({ queryKey: ['tasks', 'trash'], queryFn: ({ signal }) => dataOf(api.GET('/api/trash', { signal })) });

export const userQuery = queryOptions({
    queryKey: ['user'],
    staleTime: Infinity,
    queryFn: ({ signal }): Promise<User> => dataOf(api.GET('/api/auth/me', { signal })),
});

/** The zone in which the page tells and reads times. */
export const useZone = () => useQuery(userQuery).data?.timezone ?? browserZone;

// --- changing ---

/** Puts a task as the server gave it into every list that may show it. */
export function place(client: QueryClient, given: Task) {
    const task = { ...given, id: outbox.idOf(given.id) };
    client.setQueryData(keys.one(task.id), task);
    client.setQueryData<Task[]>(keys.open, (tasks) => {
        if (!tasks) return tasks;
        const at = tasks.findIndex((other) => other.id === task.id);
        if (!isOpen(task)) return at < 0 ? tasks : tasks.filter((other) => other.id !== task.id);
        return at < 0 ? [...tasks, task] : tasks.with(at, task);
    });
    client.setQueriesData<InfiniteData<Page>>({ queryKey: ['tasks', 'page'] }, (data) => {
        if (!data) return data;
        const swap = (other: Task) => (other.id === task.id ? task : other);
        return { ...data, pages: data.pages.map((page) => ({ ...page, tasks: page.tasks.map(swap) })) };
    });
}

function remove(client: QueryClient, id: string) {
    client.setQueryData<Task[]>(keys.open, (tasks) => tasks?.filter((other) => other.id !== id));
    client.setQueriesData<InfiniteData<Page>>({ queryKey: ['tasks', 'page'] }, (data) => {
        if (!data) return data;
        const rest = (page: Page) => ({ ...page, tasks: page.tasks.filter((other) => other.id !== id) });
        return { ...data, pages: data.pages.map(rest) };
    });
}

/** Lists are asked for again; the open tasks and single ones were placed by hand and follow quietly. */
export function refresh(client: QueryClient) {
    void client.invalidateQueries({ queryKey: ['tasks'] });
    void client.invalidateQueries({ queryKey: ['tags'] });
    void client.invalidateQueries({ queryKey: ['insight'] });
}

/** A task as it is shown until the server has made it. */
function draftOf(client: QueryClient, fields: NewTask, id: string): Task {
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
function changedBy(client: QueryClient, task: Task, fields: TaskChange): Task {
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

/** Name and zone of who is logged in. */
export async function changeUser(client: QueryClient, user: User, fields: UserFields): Promise<void> {
    const changed = await sendOrKeep<User>(
        () => dataOf(api.PATCH('/api/auth/me', { body: fields })),
        { kind: 'user', title: '', fields },
        { ...user, ...fields } as User,
    );
    client.setQueryData(userQuery.queryKey, changed);
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

const arrivesMs = 700;

/** Shows what waits on what was read last: that may have been kept a moment before the change. */
function showWaiting(client: QueryClient) {
    for (const entry of outbox.waiting()) {
        const task = 'task' in entry ? findTask(client, entry.task) : undefined;
        if (entry.kind === 'create' && !task) place(client, draftOf(client, entry.fields, entry.task));
        else if (entry.kind === 'change' && task) place(client, changedBy(client, task, entry.fields));
        else if (entry.kind === 'delete') remove(client, entry.task);
        else if (entry.kind === 'tag') showTag(client, entry.tag, entry.fields);
        else if (entry.kind === 'tag-delete') showTag(client, entry.tag, null);
        else if (entry.kind === 'user')
            client.setQueryData(userQuery.queryKey, (user) => user && ({ ...user, ...entry.fields } as User));
    }
}

/** Sends what waits on this device, and shows what the server makes of it. */
export function startOutbox(client: QueryClient) {
    beforeReading(outbox.flush);
    // What is read while something waits does not hold it yet.
    client.getQueryCache().subscribe((event) => {
        if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return;
        if (event.query.queryKey[0] === 'tasks' && outbox.waiting().length) showWaiting(client);
    });
    return outbox.start({
        found: () => showWaiting(client),
        made(local, task) {
            // What else was changed of it meanwhile is still on its way.
            const { id, series_id, version } = task;
            place(client, { ...task, ...findTask(client, local), id, series_id, version });
            forget(client, local);
        },
        applied(entry, task) {
            if (task && !outbox.isWaiting(task.id)) place(client, task);
            if (entry.kind === 'user') void client.invalidateQueries({ queryKey: userQuery.queryKey });
            if (outbox.waiting().length) return;
            refresh(client);
            // What a completion brings comes a moment later.
            setTimeout(() => refresh(client), arrivesMs);
        },
        discarded(entry) {
            if (entry.kind === 'create') forget(client, entry.task);
            if (entry.kind === 'user') void client.invalidateQueries({ queryKey: userQuery.queryKey });
            refresh(client);
        },
    });
}

/** Takes away a task that the server does not know by this name. */
function forget(client: QueryClient, local: string) {
    remove(client, local);
    client.removeQueries({ queryKey: keys.one(local) });
}
