import { CircleCheckBig } from 'lucide-react';
import { useMemo } from 'react';
import { useZone } from '../../data/user';
import { dayIn } from '../../domain/dates';
import { Empty } from '../../ui/empty';
import { ViewHead } from '../../ui/view-head';
import { useText } from '../../words';
import { ErrorNote } from '../problem';
import { TaskList, usePagedGroups, type TaskGroup } from '../select';
import { useDateWords } from '../when';

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
