import { useMemo } from 'react';
import { useTaskPages, type TaskQuery } from '../../data/tasks';
import { isOpen, type Task } from '../../domain/types';
import type { TaskGroup } from './task-list';

/** A list that goes on as one scrolls. */
export function usePagedGroups(query: TaskQuery, enabled = true, known?: () => Task[]) {
    const pages = useTaskPages(query, enabled, known);
    const groups = useMemo(() => {
        const tasks = pages.data?.pages.flatMap((page) => page.tasks) ?? [];
        return tasks.length ? [{ id: 'all', tasks }] : [];
    }, [pages.data]);
    const more = pages.hasNextPage ? () => void (pages.isFetchingNextPage || pages.fetchNextPage()) : undefined;
    return { groups, more, pages };
}

/** What is still to be done, and below it the rest. */
export function openFirst(groups: TaskGroup[], doneTitle: string): TaskGroup[] {
    const tasks = groups.flatMap((group) => group.tasks);
    return [
        { id: 'open', tasks: tasks.filter(isOpen) },
        { id: 'done', title: doneTitle, tasks: tasks.filter((task) => !isOpen(task)) },
    ].filter((group) => group.tasks.length > 0);
}
