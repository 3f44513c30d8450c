import { parseDateTime, type CalendarDateTime } from '@internationalized/date';
import type { Task } from './types';

const known = new Map<string, boolean>();

/** Whether the browser has rules for a zone: its tz database may be older than the server's. */
export function knowsZone(zone: string): boolean {
    let found = known.get(zone);
    if (found === undefined) {
        try {
            new Intl.DateTimeFormat('en', { timeZone: zone });
            found = true;
        } catch {
            found = false;
        }
        known.set(zone, found);
    }
    return found;
}

/** A zone that the browser can reckon in. */
export const usableZone = (zone: string) => (knowsZone(zone) ? zone : 'UTC');

/** What a clock of the task's zone shows when it is due, by the server's rules; nothing for a whole day. */
export function serverClock(task: Pick<Task, 'due_date'>): CalendarDateTime | null {
    return task.due_date && task.due_date.length > 10 ? parseDateTime(task.due_date.slice(0, 19)) : null;
}

const minute = 60_000;

/**
 * Whether the browser's clock of the task's zone shows another time than the server's when the task is due: one of the
 * two has older rules. Its own time then, or `unknown` if it has no such zone.
 */
export function browserDiffers(task: Pick<Task, 'due_date' | 'timezone'>): CalendarDateTime | 'unknown' | null {
    const server = serverClock(task);
    if (!server) return null;
    if (!knowsZone(task.timezone)) return 'unknown';
    const browser = clockIn(new Date(task.due_date!), task.timezone);
    // Offsets of old times have seconds, which a due date does not.
    const apart = Math.abs(browser.toDate('UTC').getTime() - server.toDate('UTC').getTime());
    return apart < minute ? null : browser;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function clockIn(instant: Date, zone: string): CalendarDateTime {
    let formatter = formatters.get(zone);
    if (!formatter) {
        formatter = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
        formatters.set(zone, formatter);
    }
    return parseDateTime(formatter.format(instant).replace(' ', 'T'));
}
