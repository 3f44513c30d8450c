import { Telescope } from 'lucide-react';
import { useMemo } from 'react';
import { useOpenTasks } from '../../data/tasks';
import { useZone } from '../../data/user';
import { byDue, dayIn, dueOf } from '../../domain/dates';
import { Empty } from '../../ui/empty';
import { ViewHead } from '../../ui/view-head';
import { useText } from '../../words';
import { QuickAdd } from '../add';
import { ErrorNote } from '../problem';
import { TaskList, type TaskGroup } from '../select';
import { useActions } from '../task';
import { useDateWords } from '../when';

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
