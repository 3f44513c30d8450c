import { useQueryClient } from '@tanstack/react-query';
import { SkipForward, Trash2, X } from 'lucide-react';
import { lazy, Suspense, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { Button, Label, TextArea, TextField } from 'react-aria-components';
import { isLocal, outbox } from '../../data/outbox/outbox';
import { isOffline, ProblemError } from '../../data/server/problem';
import { saveTask } from '../../data/task-changes';
import { place, readTask, useTask } from '../../data/tasks';
import { repeats, type Task, type TaskChange } from '../../domain/types';
import { useText } from '../../words';
import { Choice } from '../../ui/choice';
import { DueEditor, RepeatEditor, useDateWords, ZoneChoice, ZoneNote } from '../when';
import { ErrorNote } from '../problem';
import { SeriesSection } from './series-section';
import { TagPicker } from './tag-picker';
import { CompleteButton } from './complete-button';
import { useActions } from './use-actions';

const ConflictDialog = lazy(() => import('./conflict-dialog').then((part) => ({ default: part.ConflictDialog })));

/** Everything about one task. Each field is saved as soon as one leaves it. */
export function TaskPanel({ id, close }: { id: string; close: () => void }) {
    const text = useText();
    const { data: task, error, refetch } = useTask(id);
    const panel = useRef<HTMLElement>(null);
    const waits = useSyncExternalStore(outbox.subscribe, () => outbox.isWaiting(id));
    // A name of this device's own is known only while the task waits to be made.
    const gone = isLocal(id) ? !waits : error instanceof ProblemError && error.status === 404;

    useEffect(() => {
        panel.current?.focus();
    }, []);

    return (
        <aside className="panel" aria-label={text.task} ref={panel} tabIndex={-1}>
            <div className="panel-head">
                {task && !gone && <CompleteButton task={task} />}
                <span className="grow" />
                {task && !gone && <PanelActions task={task} close={close} />}
                <Button className="icon-button" aria-label={text.close} onPress={close}>
                    <X size={20} aria-hidden />
                </Button>
            </div>
            {gone ? (
                <div className="panel-body">
                    <p className="empty-title">{text.notFound}</p>
                    <p className="quiet">{text.notFoundText}</p>
                </div>
            ) : error && !task ? (
                <ErrorNote error={error} retry={() => void refetch()} />
            ) : (
                task && <TaskForm task={task} />
            )}
        </aside>
    );
}

function PanelActions({ task, close }: { task: Task; close: () => void }) {
    const text = useText();
    const actions = useActions();
    const skipping = useSyncExternalStore(outbox.subscribe, () => outbox.isSkipping(task.id));
    return (
        <>
            {repeats(task) && task.status !== 'done' && (
                <Button
                    className="button small quiet-button"
                    isDisabled={skipping}
                    onPress={() => void actions.skip(task)}
                >
                    <SkipForward size={16} aria-hidden />
                    {text.skip}
                </Button>
            )}
            <Button
                className="icon-button"
                aria-label={text.delete}
                onPress={() => {
                    close();
                    void actions.remove([task]);
                }}
            >
                <Trash2 size={18} aria-hidden />
            </Button>
        </>
    );
}

interface Refused {
    fields: TaskChange;
    /** The task that the change was made on. */
    seen: Task;
    error: ProblemError;
    /** What somebody else made of the task meanwhile. */
    theirs: Task | undefined;
}

function TaskForm({ task }: { task: Task }) {
    const text = useText();
    const words = useDateWords();
    const client = useQueryClient();
    const [state, setState] = useState<'idle' | 'saving' | 'saved'>('idle');
    const [taken, setTaken] = useState(0);
    const [refused, setRefused] = useState<Refused | null>(null);

    /** `seen`: the task that the change was made on. */
    const save = async (fields: TaskChange, seen: Task = task, force = false) => {
        setState('saving');
        setRefused(null);
        try {
            await saveTask(client, seen, fields, force);
            setState('saved');
            return true;
        } catch (error) {
            setState('idle');
            const problem = error instanceof ProblemError ? error : new ProblemError(0, { detail: String(error) });
            const theirs = problem.status === 412 ? await readTask(task.id).catch(() => undefined) : undefined;
            setRefused({ fields, seen, error: problem, theirs });
            return false;
        }
    };

    return (
        <div className="panel-body">
            <TextLine
                key={`title ${taken}`}
                label={text.title}
                task={task}
                valueOf={(shown) => shown.title}
                save={async (title, seen) => !title.trim() || save({ title }, seen)}
                large
            />
            {refused && !refused.theirs && (
                <ErrorNote
                    error={refused.error}
                    {...(isOffline(refused.error) || refused.error.status >= 500
                        ? { retry: () => void save(refused.fields, refused.seen) }
                        : {})}
                />
            )}
            <TextLine
                key={`notes ${taken}`}
                label={text.notes}
                task={task}
                valueOf={(shown) => shown.description ?? ''}
                placeholder={text.notesPlaceholder}
                save={(notes, seen) => save({ description: notes || null }, seen)}
            />
            <div className="panel-grid">
                <Choice
                    label={text.status}
                    value={task.status}
                    options={(['pending', 'in_progress', 'done', 'cancelled'] as const).map((value) => ({
                        value,
                        label: text.statuses[value],
                    }))}
                    onChange={(status) => void save({ status })}
                />
                <Choice
                    label={text.priority}
                    value={task.priority}
                    options={(['urgent', 'high', 'medium', 'low'] as const).map((value) => ({
                        value,
                        label: text.priorities[value],
                        mark: <span className="priority-mark" data-priority={value} />,
                    }))}
                    onChange={(priority) => void save({ priority })}
                />
            </div>
            <DueEditor task={task} save={save} />
            {task.due_date && task.due_date.length > 10 && (
                <ZoneChoice label={text.zone} value={task.timezone} onChange={(timezone) => void save({ timezone })} />
            )}
            <ZoneNote task={task} />
            <RepeatEditor task={task} save={save} />
            <TagPicker tags={task.tags} save={(tags) => void save({ tags })} />
            {!isLocal(task.id) && <SeriesSection task={task} />}
            <footer className="panel-foot">
                <p role="status">
                    {state === 'saving'
                        ? text.saving
                        : state === 'saved' && !outbox.isWaiting(task.id)
                          ? text.saved
                          : ''}
                </p>
                <p>
                    {[
                        task.completed_at && text.completedAt(words.instant(task.completed_at)),
                        text.updatedAt(words.instant(task.updated_at)),
                        text.createdAt(words.instant(task.created_at)),
                        task.occurrence > 1 && text.occurrence(task.occurrence),
                    ]
                        .filter(Boolean)
                        .join(' · ')}
                </p>
            </footer>
            <Suspense>
                {refused?.theirs && (
                    <ConflictDialog
                        mine={refused.fields}
                        theirs={refused.theirs}
                        decide={(keepMine) => {
                            if (keepMine) return void save(refused.fields, task, true);
                            place(client, refused.theirs!);
                            setRefused(null);
                            setTaken(taken + 1);
                        }}
                    />
                )}
            </Suspense>
        </div>
    );
}

interface TextLineProps {
    label: string;
    task: Task;
    valueOf: (task: Task) => string;
    /** Gives whether it is saved; if not, what was typed stays. `seen` is the task that it was typed over. */
    save: (value: string, seen: Task) => Promise<boolean>;
    placeholder?: string;
    large?: boolean;
}

/** Text that is saved when one leaves it; what the server has meanwhile shows, unless one is typing. */
function TextLine({ label, task, valueOf, save, placeholder, large }: TextLineProps) {
    const [typing, setTyping] = useState<{ text: string; over: Task } | null>(null);
    const leave = async () => {
        if (!typing) return;
        const { text, over } = typing;
        // Another field's change does not meet this one.
        const seen = valueOf(over) === valueOf(task) ? task : over;
        if (text === valueOf(seen) || (await save(text, seen))) setTyping(null);
    };
    return (
        <TextField
            className={large ? 'text-line large' : 'text-line'}
            value={typing?.text ?? valueOf(task)}
            onChange={(text) => setTyping({ text, over: typing?.over ?? task })}
            onBlur={() => void leave()}
            maxLength={large ? 200 : 10_000}
        >
            <Label className={large ? 'visually-hidden' : 'label'}>{label}</Label>
            <TextArea
                rows={1}
                placeholder={placeholder}
                onKeyDown={(event) => {
                    if (event.key === 'Enter' && (large || event.ctrlKey || event.metaKey)) {
                        event.preventDefault();
                        event.currentTarget.blur();
                    } else if (event.key === 'Escape' && typing) {
                        event.preventDefault();
                        setTyping(null);
                    }
                }}
            />
        </TextField>
    );
}
