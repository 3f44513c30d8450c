// The views that are lists of tasks.
import { CircleCheckBig, Inbox, Star, Tag as TagIcon, Telescope } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { useTags } from '../../data/tags';
import { useOpenTasks, useTaskPages, useZone } from '../../data/tasks';
import { isOpen, type Task } from '../../domain/types';
import { useText } from '../../words';
import { byDue, dayIn, dueOf, isOverdue } from '../../domain/dates';
import { Empty } from '../../ui/empty';
import { ErrorNote } from '../problem/error-note';
import { QuickAdd } from '../add/quick-add';
import { TaskList, type TaskGroup } from '../select/task-list';
import { useActions, useDateWords } from '../task/use-actions';
import { useNow } from '../when/use-clock';
import { ViewHead } from '../../ui/view-head';

const TagEditor = lazy(() => import('../lists/tag-editor').then((part) => ({ default: part.TagEditor })));

export function TodayView() {
    const text = useText();
    const words = useDateWords();
    const zone = useZone();
    const now = useNow();
    const { data, error, refetch } = useOpenTasks();
    const groups = useMemo(() => {
        const sorted = (data ?? []).toSorted(byDue(zone));
        const isToday = (task: Task) => dueOf(task, zone)?.day.compare(words.today) === 0;
        const late = sorted.filter((task) => isOverdue(task, now) && !isToday(task));
        const today = sorted.filter(isToday);
        return [
            { id: 'late', title: text.overdue, tone: 'danger' as const, tasks: late },
            { id: 'today', title: late.length ? text.today : undefined, tasks: today },
        ].filter((group) => group.tasks.length > 0) as TaskGroup[];
    }, [data, zone, now, words, text]);
    const today = words.today;
    return (
        <section className="view">
            <ViewHead title={text.today} sub={words.heading(today)} />
            <QuickAdd given={{ due_date: today.toString() }} />
            {error && !data && <ErrorNote error={error} retry={() => void refetch()} />}
            {data && (
                <TaskList
                    label={text.today}
                    groups={groups}
                    hideDay={(task) => dueOf(task, zone)?.day.compare(today) === 0}
                    empty={
                        <Empty icon={Star} title={text.emptyToday}>
                            {text.emptyTodayText}
                        </Empty>
                    }
                />
            )}
        </section>
    );
}

export function UpcomingView() {
    const text = useText();
    const words = useDateWords();
    const actions = useActions();
    const zone = useZone();
    const { data, error, refetch } = useOpenTasks();
    const groups = useMemo(() => {
        const byDay = new Map<string, TaskGroup>();
        for (const task of (data ?? []).toSorted(byDue(zone))) {
            const due = dueOf(task, zone);
            if (!due || due.day.compare(words.today) <= 0) continue;
            const id = due.day.toString();
            const group = byDay.get(id) ?? { id, title: headingOf(id), tasks: [] };
            byDay.set(id, group);
            group.tasks.push(task);
        }
        function headingOf(id: string) {
            const day = words.today.add({ days: 1 });
            return id === day.toString()
                ? `${words.day(day)} · ${words.heading(day)}`
                : words.heading(dayIn(new Date(id), 'UTC'));
        }
        return [...byDay.values()];
    }, [data, zone, words]);
    return (
        <section className="view">
            <ViewHead title={text.upcoming} />
            <QuickAdd given={{ due_date: words.today.add({ days: 1 }).toString() }} />
            {error && !data && <ErrorNote error={error} retry={() => void refetch()} />}
            {data && (
                <TaskList
                    label={text.upcoming}
                    groups={groups}
                    hideDay={() => true}
                    dropOn={(task, onto) => {
                        const day = dueOf(onto, zone)?.day;
                        if (day) void actions.move(task, day);
                    }}
                    empty={
                        <Empty icon={Telescope} title={text.emptyUpcoming}>
                            {text.emptyUpcomingText}
                        </Empty>
                    }
                />
            )}
        </section>
    );
}

/** A list that goes on as one scrolls. */
export function usePagedGroups(query: Parameters<typeof useTaskPages>[0], enabled = true) {
    const pages = useTaskPages(query, enabled);
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

export function AllView() {
    const text = useText();
    const { groups, more, pages } = usePagedGroups({ sort: '-created_at' });
    return (
        <section className="view">
            <ViewHead title={text.all} />
            <QuickAdd />
            {pages.error && !pages.data && <ErrorNote error={pages.error} retry={() => void pages.refetch()} />}
            {pages.data && (
                <TaskList
                    label={text.all}
                    groups={groups}
                    loadMore={more}
                    isLoadingMore={pages.isFetchingNextPage}
                    empty={
                        <Empty icon={Inbox} title={text.emptyAll}>
                            {text.emptyAllText}
                        </Empty>
                    }
                />
            )}
        </section>
    );
}

export function DoneView() {
    const text = useText();
    const words = useDateWords();
    const zone = useZone();
    const { groups, more, pages } = usePagedGroups({ status: 'done', sort: '-updated_at' });
    const byDay = useMemo(() => {
        const days = new Map<string, TaskGroup>();
        const done = groups.flatMap((group) => group.tasks).filter((task) => task.status === 'done');
        for (const task of done.toSorted((a, b) => ((a.completed_at ?? '') < (b.completed_at ?? '') ? 1 : -1))) {
            const day = dayIn(new Date(task.completed_at ?? task.updated_at), zone);
            const group = days.get(day.toString()) ?? { id: day.toString(), title: words.day(day), tasks: [] };
            days.set(day.toString(), group);
            group.tasks.push(task);
        }
        return [...days.values()];
    }, [groups, zone, words]);
    return (
        <section className="view">
            <ViewHead title={text.done} />
            {pages.error && !pages.data && <ErrorNote error={pages.error} retry={() => void pages.refetch()} />}
            {pages.data && (
                <TaskList
                    label={text.done}
                    groups={byDay}
                    loadMore={more}
                    isLoadingMore={pages.isFetchingNextPage}
                    empty={
                        <Empty icon={CircleCheckBig} title={text.emptyDone}>
                            {text.emptyDoneText}
                        </Empty>
                    }
                />
            )}
        </section>
    );
}

export function TagView({ id }: { id: string }) {
    const text = useText();
    const { data: tags } = useTags();
    const { groups, more, pages } = usePagedGroups({ tag_id: id, sort: 'due_date' });
    const tag = tags?.find((one) => one.id === id);
    const split = useMemo(() => openFirst(groups, text.done), [groups, text]);
    return (
        <section className="view">
            <ViewHead title={tag ? `#${tag.name}` : text.tags}>
                <Suspense>{tag && <TagEditor tag={tag} />}</Suspense>
            </ViewHead>
            {tag && <QuickAdd given={{ tags: [{ id: tag.id, name: tag.name }] }} />}
            {pages.error && !pages.data && <ErrorNote error={pages.error} retry={() => void pages.refetch()} />}
            {pages.data && (
                <TaskList
                    label={tag?.name ?? text.tags}
                    groups={split}
                    loadMore={more}
                    isLoadingMore={pages.isFetchingNextPage}
                    empty={
                        <Empty icon={TagIcon} title={text.emptyTag}>
                            {text.emptyTagText}
                        </Empty>
                    }
                />
            )}
        </section>
    );
}
