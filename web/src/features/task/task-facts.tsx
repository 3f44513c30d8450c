import { CloudOff, Flag, Repeat2 } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { outbox } from '../../data/outbox/outbox';
import { useZone } from '../../data/user';
import { dueOf, isOverdue } from '../../domain/dates';
import { repeats, type Task } from '../../domain/types';
import { useText } from '../../words';
import { useDateWords, useNow } from '../when';
import { TagChip } from './tag-chip';

/** The title of a task, and below it what one has to know of it. */
export function TaskFacts({ task, hideDay, hideStatus }: { task: Task; hideDay?: boolean; hideStatus?: boolean }) {
    const text = useText();
    const words = useDateWords();
    const zone = useZone();
    const due = dueOf(task, zone);
    const overdue = isOverdue(task, useNow());
    const dueText = due && (hideDay ? due.clock && words.clock(due.clock) : words.due(due));
    const today = due?.day.compare(words.today) === 0;
    const flagged = task.priority === 'high' || task.priority === 'urgent';
    const waits = useSyncExternalStore(outbox.subscribe, () => outbox.isWaiting(task.id));
    const inProgress = task.status === 'in_progress' && !hideStatus;
    return (
        <div className="task-main">
            <span className="task-title" data-done={task.status === 'done' || task.status === 'cancelled' || undefined}>
                {task.title}
            </span>
            {(dueText || flagged || repeats(task) || task.tags.length > 0 || inProgress || waits) && (
                <span className="task-meta">
                    {inProgress && <span className="pill">{text.statuses.in_progress}</span>}
                    {dueText && (
                        <span className="task-due" data-tone={overdue ? 'danger' : today ? 'today' : undefined}>
                            {dueText}
                        </span>
                    )}
                    {waits && <CloudOff size={14} role="img" aria-label={text.waits} />}
                    {repeats(task) && <Repeat2 size={14} aria-label={text.repeat} />}
                    {flagged && (
                        <span className="task-priority" data-priority={task.priority}>
                            <Flag size={13} aria-hidden />
                            {text.priorities[task.priority]}
                        </span>
                    )}
                    {task.tags.map((tag) => (
                        <TagChip key={tag.id} tag={tag} />
                    ))}
                </span>
            )}
        </div>
    );
}
