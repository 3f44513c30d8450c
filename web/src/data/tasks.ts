// What the page knows of the server's tasks: asked for, and placed by hand.
import {
    keepPreviousData,
    queryOptions,
    useInfiniteQuery,
    useQuery,
    useQueryClient,
    type InfiniteData,
    type QueryClient,
} from '@tanstack/react-query';
import type { paths } from '../domain/schema.gen';
import { isOpen, type Task } from '../domain/types';
import { isLocal, outbox } from './outbox/outbox';
import { api, dataOf } from './server/client';

export type TaskQuery = NonNullable<paths['/api/tasks']['get']['parameters']['query']>;
type Page = { tasks: Task[]; next: string | undefined };

const pageSize = 200;

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

/**
 * Tasks page by page, for lists without an end. `known` gives what is shown until the server has answered for the first
 * time, and where it cannot be reached.
 */
export function useTaskPages(query: TaskQuery, enabled = true, known?: () => Task[]) {
    return useInfiniteQuery({
        queryKey: keys.page(query),
        enabled,
        initialPageParam: undefined as string | undefined,
        placeholderData: keepPreviousData,
        initialData() {
            const tasks = known?.() ?? [];
            return tasks.length ? { pages: [{ tasks, next: undefined }], pageParams: [undefined] } : undefined;
        },
        initialDataUpdatedAt: 0,
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

/** All tasks as far as they are known here: those of the list of all that was read last, in whichever order. */
export function allKnown(client: QueryClient): Task[] {
    const isOfAll = ({ queryKey: [, , asked] }: { queryKey: readonly unknown[] }) =>
        Object.keys(asked as TaskQuery).join() === 'sort';
    const [last] = client
        .getQueryCache()
        .findAll({ queryKey: ['tasks', 'page'], predicate: isOfAll })
        .filter(({ state }) => state.data)
        .sort((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
    return (last?.state.data as InfiniteData<Page> | undefined)?.pages.flatMap((page) => page.tasks) ?? [];
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

// --- placing ---

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

/** Takes a task out of every list. */
export function remove(client: QueryClient, id: string) {
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

/** Takes away a task that the server does not know by this name. */
export function forget(client: QueryClient, local: string) {
    remove(client, local);
    client.removeQueries({ queryKey: keys.one(local) });
}
