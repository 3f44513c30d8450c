import { Check, GripVertical, X } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import {
    Button,
    Checkbox,
    Collection,
    GridList,
    GridListHeader,
    GridListItem,
    GridListLoadMoreItem,
    GridListSection,
    ListLayout,
    useDragAndDrop,
    Virtualizer,
    type Selection,
} from 'react-aria-components';
import { useSearchParams } from 'wouter';
import type { Task } from '../../domain/types';
import { useText } from '../../words';
import { CompleteButton, TaskFacts, useActions, useArrivals } from '../task';

export interface TaskGroup {
    id: string;
    /** Without one, the group has no heading. */
    title?: string;
    tone?: 'danger';
    tasks: Task[];
}

interface TaskListProps {
    label: string;
    groups: TaskGroup[];
    /** The day of a task is said by the heading that it stands under. */
    hideDay?: (task: Task) => boolean;
    loadMore?: (() => void) | undefined;
    isLoadingMore?: boolean;
    /** Tasks can be dragged onto others, and this is what that means. */
    dropOn?: (task: Task, onto: Task) => void;
    empty: ReactNode;
}

const layout = { estimatedRowHeight: 58, estimatedHeadingHeight: 44, padding: 0, gap: 0, loaderHeight: 40 };
const dragType = 'x-rondo-task';
const none: Selection = new Set<string>();

/** Tasks in groups: virtualised, worked with the keyboard, several at once. */
export function TaskList({ label, groups, hideDay, loadMore, isLoadingMore, dropOn, empty }: TaskListProps) {
    const text = useText();
    const actions = useActions();
    const arrivals = useArrivals();
    const arrives = (task: Task) => arrivals.some((one) => one(task));
    const [query, setQuery] = useSearchParams();
    const [chosen, setChosen] = useState<Selection>(none);
    const frame = useRef<HTMLDivElement>(null);
    const tasks = useMemo(() => groups.flatMap((group) => group.tasks), [groups]);
    const selected = chosen === 'all' ? tasks : tasks.filter((task) => chosen.has(task.id));

    const { dragAndDropHooks } = useDragAndDrop({
        getItems: (keys) => [...keys].map((key) => ({ [dragType]: String(key), 'text/plain': String(key) })),
        acceptedDragTypes: [dragType],
        getDropOperation: (target) => (target.type === 'item' && target.dropPosition === 'on' ? 'move' : 'cancel'),
        onItemDrop: async ({ target, items }) => {
            const onto = tasks.find((task) => task.id === target.key);
            for (const item of items) {
                if (item.kind !== 'text') continue;
                const id = await item.getText(dragType);
                const task = tasks.find((one) => one.id === id);
                if (task && onto) dropOn?.(task, onto);
            }
        },
    });

    const open = (id: string) =>
        setQuery((now) => {
            now.set('task', id);
            return now;
        });

    const onKeyDown = (event: KeyboardEvent) => {
        const focused = document.activeElement?.closest('[data-task]')?.getAttribute('data-task');
        const meant = selected.length ? selected : tasks.filter((task) => task.id === focused);
        if (!meant.length || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === 'c') void (selected.length ? actions.completeMany(meant) : actions.toggle(meant[0]!));
        else if (event.key === 'Delete' || event.key === 'Backspace') void actions.remove(meant);
        else return;
        event.preventDefault();
        event.stopPropagation();
        setChosen(none);
    };

    // A focused row that is scrolled out of the virtual list takes the focus with it before another has it, and the next
    // key would go nowhere. The list itself knows which row is meant. (React tells nothing of what it removes itself.)
    useEffect(() => {
        const list = frame.current!;
        const onFocusOut = ({ target }: FocusEvent) =>
            requestAnimationFrame(() => {
                if ((target as Element).isConnected || document.activeElement !== document.body) return;
                list.querySelector<HTMLElement>('[role=grid]')?.focus({ preventScroll: true });
            });
        list.addEventListener('focusout', onFocusOut);
        return () => list.removeEventListener('focusout', onFocusOut);
    }, []);

    return (
        <div
            className="task-frame"
            ref={frame}
            onKeyDownCapture={onKeyDown}
            data-selecting={selected.length > 0 || undefined}
        >
            <Virtualizer layout={ListLayout} layoutOptions={layout}>
                <GridList
                    aria-label={label}
                    className="task-list"
                    selectionMode="multiple"
                    selectedKeys={chosen}
                    onSelectionChange={setChosen}
                    onAction={(key) => open(String(key))}
                    renderEmptyState={() => empty}
                    {...(dropOn ? { dragAndDropHooks } : {})}
                    dependencies={[arrivals, query.get('task'), hideDay, text]}
                >
                    {groups.map((group) => (
                        <GridListSection key={group.id} id={group.id} aria-label={group.title ?? label}>
                            {group.title && (
                                <GridListHeader className="task-heading" data-tone={group.tone}>
                                    {group.title}
                                    <span className="count">{group.tasks.length}</span>
                                </GridListHeader>
                            )}
                            <Collection items={group.tasks} dependencies={[arrivals, hideDay, query.get('task')]}>
                                {(task) => (
                                    <GridListItem
                                        id={task.id}
                                        textValue={task.title}
                                        className="task-row"
                                        data-task={task.id}
                                        data-open={query.get('task') === task.id || undefined}
                                        data-arrived={arrives(task) || undefined}
                                    >
                                        <TaskRow task={task} hideDay={hideDay?.(task) ?? false} movable={!!dropOn} />
                                    </GridListItem>
                                )}
                            </Collection>
                        </GridListSection>
                    ))}
                    {loadMore && (
                        <GridListLoadMoreItem
                            onLoadMore={loadMore}
                            isLoading={isLoadingMore ?? false}
                            className="task-more"
                        >
                            {text.loading} …
                        </GridListLoadMoreItem>
                    )}
                </GridList>
            </Virtualizer>
            {selected.length > 0 && (
                <div className="selection-bar" role="toolbar" aria-label={text.selected(selected.length)}>
                    <span>{text.selected(selected.length)}</span>
                    <Button
                        className="button small"
                        onPress={() => {
                            void actions.completeMany(selected);
                            setChosen(none);
                        }}
                    >
                        {text.completeSelected}
                    </Button>
                    <Button
                        className="button small danger"
                        onPress={() => {
                            void actions.remove(selected);
                            setChosen(none);
                        }}
                    >
                        {text.delete}
                    </Button>
                    <Button className="icon-button" aria-label={text.clearSelection} onPress={() => setChosen(none)}>
                        <X size={16} aria-hidden />
                    </Button>
                </div>
            )}
        </div>
    );
}

function TaskRow({ task, hideDay, movable }: { task: Task; hideDay: boolean; movable: boolean }) {
    return (
        <>
            <CompleteButton task={task} />
            <TaskFacts task={task} hideDay={hideDay} />
            {movable && (
                <Button slot="drag" className="grip">
                    <GripVertical size={16} aria-hidden />
                </Button>
            )}
            <Checkbox slot="selection" className="select-box">
                <Check size={12} strokeWidth={3} aria-hidden />
            </Checkbox>
        </>
    );
}
