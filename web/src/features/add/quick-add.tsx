import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
    Calendar,
    CircleQuestionMark,
    Clock,
    CornerDownLeft,
    Flag,
    Hash,
    Hourglass,
    Plus,
    Repeat2,
    type LucideIcon,
} from 'lucide-react';
import { useEffect, useState, type FormEvent } from 'react';
import { Button, Input, TextField } from 'react-aria-components';
import { readLine } from '../../data/dry-runs';
import { isOffline } from '../../data/server/problem';
import { createTask } from '../../data/task-changes';
import type { NewTask } from '../../domain/types';
import { useText } from '../../words';
import { announceArrival, useActions } from '../task';
import { toast } from '../../ui/toasts';

const pauseMs = 150;
const titleMax = 200;
const icons: Record<string, LucideIcon> = {
    tag: Hash,
    priority: Flag,
    date: Calendar,
    time: Clock,
    repeat: Repeat2,
    mode: Repeat2,
    until: Hourglass,
};

/** A value that has stayed the same for a moment. */
function useSettled(value: string) {
    const [settled, setSettled] = useState(value);
    useEffect(() => {
        const timer = setTimeout(() => setSettled(value), pauseMs);
        return () => clearTimeout(timer);
    }, [value]);
    return settled;
}

/**
 * One line that becomes a task; chips show how it is read while one types. `given` is what the view it stands in says of
 * a new task: the line's own words count before it.
 */
export function QuickAdd({ given = {} }: { given?: Partial<NewTask> }) {
    const text = useText();
    const client = useQueryClient();
    const actions = useActions();
    const [line, setLine] = useState('');
    const asked = useSettled(line.trim());
    const { data } = useQuery({
        queryKey: ['quick', asked],
        queryFn: ({ signal }) => readLine(asked, signal),
        enabled: asked !== '',
        placeholderData: (before) => before,
        staleTime: 60_000,
    });
    const chips = line.trim() && asked ? (data?.read ?? []).filter(({ as }) => as !== 'title') : [];

    const unread = line.trim() && asked ? (data?.unread ?? []) : [];

    const submit = async (event: FormEvent) => {
        event.preventDefault();
        const typed = line.trim();
        if (!typed) return;
        setLine('');
        try {
            const { fields } = await readLine(typed).catch((error: unknown) => {
                // Only the server can read the line: without it, it is the title as it stands.
                if (!isOffline(error)) throw error;
                toast.show({ title: text.keptForLater, detail: text.lineUnread });
                return { fields: { title: typed.slice(0, titleMax) } as NewTask };
            });
            const tags = [...(given.tags ?? []), ...(fields.tags ?? [])];
            const task = await createTask(client, { ...given, ...fields, ...(tags.length ? { tags } : {}) });
            announceArrival(task.id);
        } catch (error) {
            // What was typed comes back, unless something new is there by now.
            setLine((now) => now || typed);
            actions.failed(error);
        }
    };

    return (
        <form className="quick-add-form" onSubmit={(event) => void submit(event)} data-quick-add>
            <div className="quick-add">
                <Plus size={18} className="quick-add-plus" aria-hidden />
                <TextField
                    aria-label={text.addTask}
                    value={line}
                    onChange={setLine}
                    maxLength={1000}
                    className="quick-add-field"
                >
                    <Input placeholder={text.addPlaceholder} enterKeyHint="done" autoComplete="off" />
                </TextField>
                <Button type="submit" className="button primary small" isDisabled={!line.trim()} aria-label={text.add}>
                    <CornerDownLeft size={16} aria-hidden />
                </Button>
            </div>
            {chips.length + unread.length > 0 && (
                <ul className="chips" aria-label={text.understood}>
                    {chips.map(({ as, value, from }) => {
                        const Icon = icons[as] ?? Hash;
                        return (
                            <li key={from} className="chip" data-kind={as}>
                                <Icon size={13} aria-hidden />
                                {value}
                            </li>
                        );
                    })}
                    {unread.map(({ text: words, why, from }) => (
                        <li key={`unread ${from}`} className="chip" data-kind="unread" title={why}>
                            <CircleQuestionMark size={13} aria-hidden />
                            {text.notRead(words)}
                            <span className="visually-hidden">{why}</span>
                        </li>
                    ))}
                </ul>
            )}
        </form>
    );
}
