import { dueOf } from './dates';
import type { Task } from './types';

/** What tasks can be sorted by; the API knows the same. */
export const sortKeys = ['created_at', 'due_date', 'title', 'priority', 'updated_at'] as const;
export type SortKey = (typeof sortKeys)[number];
export interface Sort {
    key: SortKey;
    down: boolean;
}

/** The way in which most are looked at first: the newest, the most urgent; else upwards. */
export const firstWay = (key: SortKey): Sort => ({ key, down: key !== 'due_date' && key !== 'title' });

/** A sort as the API writes it, such as `-created_at`; what is none is the newest first. */
export function sortOf(text: string | null): Sort {
    const down = text?.startsWith('-') ?? false;
    const key = sortKeys.find((one) => one === text?.slice(down ? 1 : 0));
    return key ? { key, down } : firstWay('created_at');
}

export const sortText = ({ key, down }: Sort) => `${down ? '-' : ''}${key}` as const;

const ranks = { low: 0, medium: 1, high: 2, urgent: 3 };
/** The API's order of titles, as near as the browser has it. */
const collator = new Intl.Collator('und', { numeric: true });

/** The API's order, for what was read in another one. */
export function sortBy({ key, down }: Sort, zone: string): (a: Task, b: Task) => number {
    const upwards: Record<SortKey, (a: Task, b: Task) => number> = {
        created_at: (a, b) => Date.parse(a.created_at) - Date.parse(b.created_at),
        updated_at: (a, b) => Date.parse(a.updated_at) - Date.parse(b.updated_at),
        title: (a, b) => collator.compare(a.title, b.title),
        priority: (a, b) => ranks[a.priority] - ranks[b.priority],
        due_date(a, b) {
            const [dueA, dueB] = [dueOf(a, zone), dueOf(b, zone)];
            if (!dueA || !dueB) return Number(!dueA) - Number(!dueB);
            // A whole day is due when it is over.
            const end = Number.MAX_SAFE_INTEGER;
            return dueA.day.compare(dueB.day) || (dueA.at?.getTime() ?? end) - (dueB.at?.getTime() ?? end);
        },
    };
    return down ? (a, b) => upwards[key](b, a) : upwards[key];
}
