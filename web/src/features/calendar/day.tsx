import type { CalendarDate } from '@internationalized/date';
import { useRef, useState } from 'react';
import { Button, DialogTrigger, Popover, useDrag, useDrop } from 'react-aria-components';
import { Link } from 'wouter';
import { useZone } from '../../data/user';
import { dueOf, isOverdue } from '../../domain/dates';
import type { Task } from '../../domain/types';
import { useText } from '../../words';
import { useDateWords, useNow } from '../when';

const dragType = 'x-rondo-task';

interface DayProps {
    day: CalendarDate;
    outside: boolean;
    chosen: boolean;
    tasks: Task[];
    /** For how many lines there is room. */
    room: number;
    /** The address of this view, with one thing changed. */
    linkTo: (name: 'task' | 'day', value: string) => string;
    drop: (id: string, day: CalendarDate) => void;
}

/** A day of the month, with as many of its tasks as there is room for; the last line tells of the rest. */
export function Day({ day, outside, chosen, tasks, room, linkTo, drop }: DayProps) {
    const text = useText();
    const words = useDateWords();
    const shown = tasks.length > room ? Math.max(room - 1, 0) : tasks.length;
    const hidden = tasks.length - shown;
    const [allShown, showAll] = useState(false);
    const cell = useRef<HTMLDivElement>(null);
    const { dropProps, isDropTarget } = useDrop({
        ref: cell,
        getDropOperation: (types) => (types.has(dragType) ? 'move' : 'cancel'),
        onDrop: async ({ items }) => {
            for (const item of items) if (item.kind === 'text') drop(await item.getText(dragType), day);
        },
    });
    return (
        <div
            {...dropProps}
            ref={cell}
            role="cell"
            tabIndex={-1}
            aria-label={words.heading(day)}
            className="month-day"
            data-outside={outside || undefined}
            data-chosen={chosen || undefined}
            data-today={day.compare(words.today) === 0 || undefined}
            data-drop-target={isDropTarget || undefined}
        >
            <Link href={linkTo('day', day.toString())} className="month-number" aria-label={words.heading(day)}>
                {day.day}
            </Link>
            <ul>
                {tasks.slice(0, shown).map((task) => (
                    <li key={task.id}>
                        <DayTask task={task} href={linkTo('task', task.id)} />
                    </li>
                ))}
            </ul>
            {hidden > 0 && (
                <DialogTrigger isOpen={allShown} onOpenChange={showAll}>
                    <Button className="month-more" aria-label={text.moreOn(hidden, words.heading(day))}>
                        {text.moreTasks(hidden)}
                    </Button>
                    <Popover className="popover day-dialog" offset={4} aria-label={words.heading(day)}>
                        <h2>{words.heading(day)}</h2>
                        <ul>
                            {tasks.map((task) => (
                                <li key={task.id}>
                                    <DayTask
                                        task={task}
                                        href={linkTo('task', task.id)}
                                        fixed
                                        opened={() => showAll(false)}
                                    />
                                </li>
                            ))}
                        </ul>
                    </Popover>
                </DialogTrigger>
            )}
        </div>
    );
}

interface DayTaskProps {
    task: Task;
    href: string;
    /** It cannot be moved from here. */
    fixed?: boolean;
    opened?: () => void;
}

/** A task on its day; its dot is the handle that moves it with the keyboard. */
function DayTask({ task, href, fixed = false, opened }: DayTaskProps) {
    const text = useText();
    const words = useDateWords();
    const zone = useZone();
    const now = useNow();
    const clock = dueOf(task, zone)?.clock;
    const { dragProps, dragButtonProps, isDragging } = useDrag({
        isDisabled: fixed || task.status === 'done',
        hasDragButton: true,
        getItems: () => [{ [dragType]: task.id, 'text/plain': task.title }],
        getAllowedDropOperations: () => ['move'],
    });
    const dot = <span className="dot" style={{ background: task.tags[0]?.color ?? 'var(--accent)' }} />;
    return (
        <div
            {...dragProps}
            className="month-task"
            data-done={task.status === 'done' || undefined}
            data-dragging={isDragging || undefined}
            data-tone={isOverdue(task, now) ? 'danger' : undefined}
        >
            {fixed || task.status === 'done' ? (
                dot
            ) : (
                <Button {...dragButtonProps} aria-label={text.moveTask(task.title)} className="month-grip">
                    {dot}
                </Button>
            )}
            <Link href={href} data-task={task.id} className="month-link" draggable={false} onClick={opened}>
                {clock && <span className="month-time">{words.clock(clock)}</span>}
                <span className="ellipsis">{task.title}</span>
            </Link>
        </div>
    );
}
