// What the server would make of a line or of a rule; nothing is made.
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { TaskChange } from '../domain/types';
import { api, dataOf } from './server/client';

/** How the server reads a line. */
export const readLine = (text: string, signal?: AbortSignal) =>
    dataOf(
        api.POST('/api/tasks/quick', {
            body: { text, locale: navigator.language, dry_run: true },
            ...(signal ? { signal } : {}),
        }),
    ).then((told) => ('fields' in told ? told : Promise.reject(new Error('not a preview'))));

const pauseMs = 120;

/** A rule in words, and the dates that come; asked for a moment after the last change of it. */
export const previewQuery = (rule: TaskChange & { count: number }) =>
    queryOptions({
        queryKey: ['preview', rule],
        queryFn: async ({ signal }) => {
            await new Promise((resolve) => setTimeout(resolve, pauseMs));
            signal.throwIfAborted();
            return dataOf(api.POST('/api/recurrence/preview', { body: rule as never, signal }));
        },
        placeholderData: keepPreviousData,
        enabled: rule.recurrence_rule !== '',
    });
