import type { Catalogue } from '../../words/en';
import { useText } from '../../words';
import { useDateWords } from '../when';

const namesOf = (text: Catalogue): Record<string, string> => ({
    title: text.title,
    name: text.name,
    color: text.colour,
    description: text.notes,
    status: text.status,
    completed_at: text.completedOn,
    priority: text.priority,
    due_date: text.due,
    timezone: text.zone,
    tags: text.tags,
    recurring_type: text.repeat,
    recurring_interval: text.every,
    recurrence_rule: text.rrule,
    repeat_mode: text.countsFrom,
    recurring_end_date: text.endDate,
});

/** The fields of a change by the names and in the words of the page. */
export function useChangeWords() {
    const text = useText();
    const words = useDateWords();
    const names = namesOf(text);
    return {
        nameOf: (field: string) => names[field]!,
        changed: (fields: object) =>
            Object.keys(names).filter((name) => fields[name as keyof typeof fields] !== undefined),
        told(name: string, value: unknown): string {
            if (value === null || value === undefined || value === '') return '–';
            if (Array.isArray(value))
                return value
                    .map((tag: string | { name: string }) => (typeof tag === 'string' ? tag : tag.name))
                    .join(', ');
            const key = String(value);
            if (name === 'status') return text.statuses[key as keyof typeof text.statuses];
            if (name === 'priority') return text.priorities[key as keyof typeof text.priorities];
            if (name === 'repeat_mode') return text.modes[key as keyof typeof text.modes];
            if (name === 'due_date' || name === 'recurring_end_date') return words.full(key);
            if (name === 'completed_at') return words.instant(key);
            if (name === 'recurring_type') return text.units[key as keyof typeof text.units] ?? key;
            return key;
        },
    };
}
