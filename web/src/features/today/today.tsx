import { Star } from 'lucide-react';
import { useMemo } from 'react';
import { useOpenTasks } from '../../data/tasks';
import { useZone } from '../../data/user';
import { byDue, dueOf, isOverdue } from '../../domain/dates';
import type { Task } from '../../domain/types';
import { Empty } from '../../ui/empty';
import { ViewHead } from '../../ui/view-head';
import { useText } from '../../words';
import { QuickAdd } from '../add';
import { ErrorNote } from '../problem';
import { TaskList, type TaskGroup } from '../select';
import { useDateWords, useNow } from '../when';

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
