// What the server tells of what happened: how a task came to be, its series, its history, and the statistics.
import { queryOptions } from '@tanstack/react-query';
import { api, dataOf } from './server/client';

const ofTask = (id: string) => ({ params: { path: { task_id: id } } });

/** Another version of a task may have moved, which its origin tells. */
export const originQuery = (id: string, version: number) =>
    queryOptions({
        queryKey: ['insight', 'why', id, version],
        queryFn: ({ signal }) => dataOf(api.GET('/api/tasks/{task_id}/why', { ...ofTask(id), signal })),
    });

export const seriesQuery = (id: string) =>
    queryOptions({
        queryKey: ['insight', 'series', id],
        queryFn: ({ signal }) => dataOf(api.GET('/api/tasks/{task_id}/series', { ...ofTask(id), signal })),
    });

export const historyQuery = (id: string) =>
    queryOptions({
        queryKey: ['insight', 'history', id],
        queryFn: ({ signal }) => dataOf(api.GET('/api/tasks/{task_id}/history', { ...ofTask(id), signal })),
    });

export const statsQuery = (from: string, to: string) =>
    queryOptions({
        queryKey: ['insight', 'stats', from, to],
        queryFn: ({ signal }) => dataOf(api.GET('/api/stats', { params: { query: { from, to } }, signal })),
    });
