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
import { api, beforeReading, dataOf } from './client';
import { isLocal, localNameOf, newKey, outbox, sendOrKeep } from './outbox';
import { ProblemError } from './problem';
import type { paths } from './schema.gen';
import { isOpen, type Tag, type Task, type TaskChange, type NewTask, type User } from './types';

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

/** One task as it is now; saving it again is refused when somebody changed it since. */
export async function readTask(id: string, signal?: AbortSignal): Promise<Task> {
    const answer = await api.GET('/api/tasks/{task_id}', {
        params: { path: { task_id: id } },
        ...(signal && { signal }),
    });
    const task = await dataOf(Promise.resolve(answer));
    rememberEtag(task, answer.response);
    return task;
}

export function useTask(id: string) {
    const client = useQueryClient();
    return useQuery<Task>({
        queryKey: keys.one(id),
        enabled: !isLocal(id),
        queryFn: ({ signal }) => readTask(id, signal),
        placeholderData: () => findTask(client, id),
    });
}

const etags = new Map<string, string>();
const versionOf = (task: Task) => `${task.id} ${task.version}`;

function rememberEtag(task: Task, { headers }: Response) {
    const etag = headers.get('etag');
    if (etag) etags.set(versionOf(task), etag);
}

/** Lists give no ETags; then it is asked for, and refused like the server would when the task is another by now. */
async function etagOf(task: Task): Promise<string> {
    if (!etags.has(versionOf(task))) {
        const now = await readTask(outbox.idOf(task.id));
        if (now.version !== task.version) throw new ProblemError(412, {});
    }
    return etags.get(versionOf(task)) ?? '*';
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

const tagsKey = ['tags'] as const;

export const useTags = () =>
    useQuery({
        queryKey: tagsKey,
        queryFn: async ({ signal }) => {
            const tags: Tag[] = await dataOf(api.GET('/api/tags', { signal }));
            return tags.sort((a, b) => a.name.localeCompare(b.name));
        },
    });

export const userQuery = queryOptions({
    queryKey: ['user'],
    staleTime: Infinity,
    queryFn: ({ signal }): Promise<User> => dataOf(api.GET('/api/auth/me', { signal })),
});

const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

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
function draftOf(client: QueryClient, fields: NewTask): Task {
    const now = new Date().toISOString();
    const user = client.getQueryData(userQuery.queryKey);
    return {
        description: null,
        status: 'pending',
        priority: 'medium',
        due_date: null,
        timezone: user?.timezone ?? browserZone,
        recurring_type: 'none',
        recurring_interval: 1,
        recurrence_rule: null,
        repeat_mode: 'after_completion',
        recurring_end_date: null,
        parent_task_id: null,
        completed_at: null,
        ...fields,
        tags: draftTags(client, fields.tags ?? []),
        id: localNameOf(newKey()),
        user_id: '',
        series_id: '',
        occurrence: 1,
        version: 0,
        created_at: now,
        updated_at: now,
    } as unknown as Task;
}

/** Tags by their names, as they are shown until the server has made those that are new. */
function draftTags(client: QueryClient, tags: NonNullable<NewTask['tags']>): Task['tags'] {
    const known = client.getQueryData<Tag[]>(tagsKey) ?? [];
    return tags.map((tag) => {
        const name = (typeof tag === 'string' ? tag : tag.name) ?? '';
        const found = known.find((one) => one.name.toLowerCase() === name.toLowerCase());
        return found ?? ({ id: localNameOf(name), name, color: '#64748B' } as Tag);
    });
}

export async function createTask(client: QueryClient, fields: NewTask): Promise<Task> {
    const draft = draftOf(client, fields);
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
            { kind: 'change', task: task.id, title: task.title, fields },
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

const pathOf = (id: string) => ({ path: { task_id: outbox.idOf(id) } });

/** Like `changeTask`, for the task's form: refused with 412 when the task is no longer `task`, unless `forced`. */
export async function saveTask(client: QueryClient, task: Task, fields: TaskChange, forced = false): Promise<Task> {
    // Nobody else can have changed what only this device knows.
    const force = forced || isLocal(task.id);
    const shown = { ...task, ...(fields as Partial<Task>) };
    if (fields.tags) shown.tags = draftTags(client, fields.tags);
    const changed = await sendOrKeep<Task>(
        async () => {
            const header = force ? {} : { 'If-Match': await etagOf(task) };
            const answer = await api.PATCH('/api/tasks/{task_id}', {
                params: { ...pathOf(task.id), header },
                body: fields,
            });
            const saved = await dataOf(Promise.resolve(answer));
            rememberEtag(saved, answer.response);
            return saved;
        },
        { kind: 'change', task: task.id, title: task.title, fields, ...(force ? {} : { version: task.version }) },
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

export async function skipTask(client: QueryClient, task: Task): Promise<Task> {
    const moved = await dataOf(api.POST('/api/tasks/{task_id}/skip', { params: { path: { task_id: task.id } } }));
    place(client, moved);
    refresh(client);
    return moved;
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

/** Sends what waits on this device, and shows what the server makes of it. */
export function startOutbox(client: QueryClient) {
    beforeReading(outbox.flush);
    return outbox.start({
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
