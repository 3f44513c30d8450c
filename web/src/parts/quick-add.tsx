import { useQueryClient } from '@tanstack/react-query';
import { CornerDownLeft, Plus } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { Button, Input, TextField } from 'react-aria-components';
import { createTask } from '../api/tasks';
import type { NewTask } from '../api/types';
import { useText } from '../i18n';
import { announceArrival } from './arrivals';
import { useActions } from './use-actions';

/** One line that becomes a task. `given` is what the view it stands in says of a new one. */
export function QuickAdd({ given = {} }: { given?: Partial<NewTask> }) {
    const text = useText();
    const client = useQueryClient();
    const actions = useActions();
    const [line, setLine] = useState('');

    const submit = async (event: FormEvent) => {
        event.preventDefault();
        const title = line.trim();
        if (!title) return;
        setLine('');
        try {
            const task = await createTask(client, { ...given, title });
            announceArrival(task.id);
        } catch (error) {
            // What was typed comes back, unless something new is there by now.
            setLine((now) => now || line);
            actions.failed(error);
        }
    };

    return (
        <form className="quick-add" onSubmit={(event) => void submit(event)} data-quick-add>
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
        </form>
    );
}
