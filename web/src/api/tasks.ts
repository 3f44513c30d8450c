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
import { api, dataOf } from './client';
import { ProblemError } from './problem';
import type { paths } from './schema.gen';
import { isOpen, type Tag, type Task, type TaskChange, type NewTask, type User } from './types';

type TaskQuery = NonNullable<paths['/api/tasks']['get']['parameters']['query']>;
type Page = { tasks: Task[]; next: string | undefined };

const pageSize = 200;
const retryable = (count: number, error: Error) =>
    count < 2 && !(error instanceof ProblemError && error.status >= 400 && error.status < 500);

export const makeQueryClient = () =>
    new QueryClient({
        defaultOptions: { queries: { staleTime: 10_000, retry: retryable, refetchOnWindowFocus: 'always' } },
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

export function useTask(id: string) {
    const client = useQueryClient();
    return useQuery<Task>({
        queryKey: keys.one(id),
        queryFn: async ({ signal }): Promise<Task> => {
            const answer = await api.GET('/api/tasks/{task_id}', { params: { path: { task_id: id } }, signal });
            const task = await dataOf(Promise.resolve(answer));
            rememberEtag(task, answer.response);
            return task;
        },
        placeholderData: () => findTask(client, id),
    });
}

const etags = new Map<string, string>();
const versionOf = (task: Task) => `${task.id} ${task.version}`;

function rememberEtag(task: Task, { headers }: Response) {
    const etag = headers.get('etag');
    if (etag) etags.set(versionOf(task), etag);
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

export const useTags = () =>
    useQuery({
        queryKey: ['tags'],
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
export function place(client: QueryClient, task: Task) {
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

export async function createTask(client: QueryClient, fields: NewTask): Promise<Task> {
    const task = await dataOf(
        api.POST('/api/tasks', {
            body: fields as never,
            params: { header: { 'Idempotency-Key': crypto.randomUUID?.() ?? '' } },
        }),
    );
    place(client, task);
    refresh(client);
    return task;
}

/**
 * Changes fields of a task; shown at once, and taken back when the server says no. With `version`, a task that has
 * changed since is left alone (ProblemError 412).
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
        const changed = await dataOf(
            api.PATCH('/api/tasks/{task_id}', { params: { path: { task_id: task.id } }, body: fields }),
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

/** Like `changeTask`, for the task's form: refused with 412 when the task is not the one that the form shows. */
export async function saveTask(client: QueryClient, task: Task, fields: TaskChange, force = false): Promise<Task> {
    const etag = force ? undefined : etags.get(versionOf(task));
    const answer = await api.PATCH('/api/tasks/{task_id}', {
        params: { path: { task_id: task.id }, header: etag ? { 'If-Match': etag } : {} },
        body: fields,
    });
    const changed = await dataOf(Promise.resolve(answer));
    rememberEtag(changed, answer.response);
    place(client, changed);
    refresh(client);
    return changed;
}

export async function deleteTask(client: QueryClient, task: Task): Promise<void> {
    remove(client, task.id);
    try {
        await dataOf(
            api.DELETE('/api/tasks/{task_id}', { params: { path: { task_id: task.id }, query: { scope: 'task' } } }),
        );
    } finally {
        refresh(client);
    }
}

export async function restoreTask(client: QueryClient, id: string): Promise<Task> {
    const task = await dataOf(api.POST('/api/tasks/{task_id}/restore', { params: { path: { task_id: id } } }));
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
    await dataOf(
        api.PATCH('/api/tasks/{task_id}', { params: { path: { task_id: task.id } }, body: { status: task.status } }),
    );
    if (child) remove(client, child.id);
    place(client, task);
    for (const wait of child ? childWaitsMs : []) {
        const { response } = await api.GET('/api/tasks/{task_id}', { params: { path: { task_id: child!.id } } });
        if (response.status === 404) break;
        await new Promise((resolve) => setTimeout(resolve, wait));
    }
    refresh(client);
}
