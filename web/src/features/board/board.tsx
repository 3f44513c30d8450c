import { GripVertical } from 'lucide-react';
import { useMemo } from 'react';
import { Button, GridList, GridListItem, ListLayout, useDragAndDrop, Virtualizer } from 'react-aria-components';
import { useSearchParams } from 'wouter';
import { useOpenTasks, useTaskPages } from '../../data/tasks';
import { useZone } from '../../data/user';
import type { Status, Task } from '../../domain/types';
import { useText } from '../../words';
import { byDue } from '../../domain/dates';
import { ErrorNote } from '../problem';
import { QuickAdd } from '../add';
import { TaskFacts, useActions } from '../task';
import { ViewHead } from '../../ui/view-head';

const columns = ['pending', 'in_progress', 'done'] as const;
const dragType = 'x-rondo-task';

export function BoardView() {
    const text = useText();
    const zone = useZone();
    const { data, error, refetch } = useOpenTasks();
    const done = useTaskPages({ status: 'done', sort: '-updated_at' });
    const tasks = useMemo(() => {
        const open = (data ?? []).toSorted(byDue(zone));
        const recent = done.data?.pages[0]?.tasks.filter((task) => task.status === 'done') ?? [];
        return [...open, ...recent];
    }, [data, done.data, zone]);
    return (
        <section className="view wide">
            <ViewHead title={text.board} />
            <QuickAdd />
            {error && !data && <ErrorNote error={error} retry={() => void refetch()} />}
            {data && (
                <div className="board">
                    {columns.map((status) => (
                        <Column key={status} status={status} tasks={tasks} />
                    ))}
                </div>
            )}
        </section>
    );
}

function Column({ status, tasks }: { status: Status; tasks: Task[] }) {
    const text = useText();
    const actions = useActions();
    const [query, setQuery] = useSearchParams();
    const own = tasks.filter((task) => task.status === status);
    const move = (id: string) => {
        const task = tasks.find((one) => one.id === id);
        if (!task || task.status === status) return;
        void (status === 'done' ? actions.complete(task) : actions.change(task, { status }, { status }));
    };
    const { dragAndDropHooks } = useDragAndDrop({
        getItems: (keys) => [...keys].map((key) => ({ [dragType]: String(key), 'text/plain': String(key) })),
        acceptedDragTypes: [dragType],
        getDropOperation: () => 'move',
        onRootDrop: async ({ items }) => {
            for (const item of items) if (item.kind === 'text') move(await item.getText(dragType));
        },
    });
    return (
        <section className="column" aria-label={text.statuses[status]}>
            <h2>
                {text.statuses[status]} <span className="count">{own.length}</span>
            </h2>
            <Virtualizer layout={ListLayout} layoutOptions={{ estimatedRowHeight: 66, gap: 8 }}>
                <GridList
                    aria-label={text.statuses[status]}
                    className="column-list"
                    items={own}
                    dependencies={[text]}
                    dragAndDropHooks={dragAndDropHooks}
                    onAction={(key) =>
                        setQuery((now) => {
                            now.set('task', String(key));
                            return now;
                        })
                    }
                    renderEmptyState={() => <p className="quiet pad">{text.emptyColumn}</p>}
                >
                    {(task) => (
                        <GridListItem
                            id={task.id}
                            textValue={task.title}
                            className="board-card"
                            data-task={task.id}
                            data-open={query.get('task') === task.id || undefined}
                        >
                            <TaskFacts task={task} hideStatus />
                            <Button slot="drag" className="grip">
                                <GripVertical size={16} aria-hidden />
                            </Button>
                        </GridListItem>
                    )}
                </GridList>
            </Virtualizer>
        </section>
    );
}
