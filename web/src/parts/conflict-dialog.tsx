import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { Task, TaskChange } from '../api/types';
import { useText } from '../i18n';
import { useDateWords } from './use-actions';

interface ConflictDialogProps {
    mine: TaskChange;
    theirs: Task;
    decide: (keepMine: boolean) => void;
}

/** Two changes of one task, side by side: which one should stay? */
export function ConflictDialog({ mine, theirs, decide }: ConflictDialogProps) {
    const text = useText();
    const words = useDateWords();
    const names: Partial<Record<keyof TaskChange, string>> = {
        title: text.title,
        description: text.notes,
        status: text.status,
        priority: text.priority,
        due_date: text.due,
        timezone: text.zone,
        tags: text.tags,
        recurring_type: text.repeat,
        recurring_interval: text.every,
        recurrence_rule: text.rrule,
        repeat_mode: text.countsFrom,
        recurring_end_date: text.endDate,
    };
    const told = (name: keyof TaskChange, value: unknown): string => {
        if (value === null || value === undefined || value === '') return '–';
        if (Array.isArray(value))
            return value.map((tag: string | { name: string }) => (typeof tag === 'string' ? tag : tag.name)).join(', ');
        const key = String(value);
        if (name === 'status') return text.statuses[key as keyof typeof text.statuses];
        if (name === 'priority') return text.priorities[key as keyof typeof text.priorities];
        if (name === 'repeat_mode') return text.modes[key as keyof typeof text.modes];
        if (name === 'due_date' || name === 'recurring_end_date') return words.full(key);
        if (name === 'recurring_type') return text.units[key as keyof typeof text.units] ?? key;
        return key;
    };
    const changed = (Object.keys(names) as (keyof TaskChange)[]).filter((name) => mine[name] !== undefined);
    return (
        <ModalOverlay isOpen className="overlay">
            <Modal className="modal">
                <Dialog className="dialog" role="alertdialog">
                    <Heading slot="title">{text.conflict}</Heading>
                    <p className="quiet">{text.conflictText}</p>
                    <p>
                        <strong>{theirs.title}</strong>
                    </p>
                    <table className="versions">
                        <thead>
                            <tr>
                                <td />
                                <th scope="col">{text.mine}</th>
                                <th scope="col">{text.theirs}</th>
                            </tr>
                        </thead>
                        <tbody>
                            {changed.map((name) => (
                                <tr key={name}>
                                    <th scope="row">{names[name]}</th>
                                    <td>{told(name, mine[name])}</td>
                                    <td>{told(name, theirs[name as keyof Task])}</td>
                                </tr>
                            ))}
                        </tbody>
                    </table>
                    <div className="row end">
                        <Button className="button" onPress={() => decide(false)}>
                            {text.takeTheirs}
                        </Button>
                        <Button className="button primary" onPress={() => decide(true)}>
                            {text.keepMine}
                        </Button>
                    </div>
                </Dialog>
            </Modal>
        </ModalOverlay>
    );
}
