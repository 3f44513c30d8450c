import { Check } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import type { Task } from '../../domain/types';
import { useText } from '../../words';
import { useActions } from './use-actions';

const tickMs = 220;

/** The round box that completes a task; its tick is seen before the task goes. */
export function CompleteButton({ task }: { task: Task }) {
    const text = useText();
    const actions = useActions();
    const [ticking, setTicking] = useState(false);
    const done = task.status === 'done';
    // Also when the row of a task that has gone shows another one.
    useEffect(() => setTicking(false), [task.id, task.status, task.version]);
    const press = () => {
        if (done) return void actions.reopen(task);
        setTicking(true);
        setTimeout(
            () => void actions.complete(task),
            matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : tickMs,
        );
    };
    return (
        <Button
            className="complete"
            data-priority={task.priority}
            data-ticked={done || ticking || undefined}
            aria-label={done ? text.reopen(task.title) : text.complete(task.title)}
            isDisabled={ticking}
            onPress={press}
        >
            <Check size={14} strokeWidth={3} aria-hidden />
        </Button>
    );
}
