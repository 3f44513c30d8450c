import {
    CalendarDate,
    CalendarDateTime,
    DateFormatter,
    parseAbsolute,
    parseDate,
    parseDateTime,
    toCalendarDate,
    toCalendarDateTime,
    toZoned,
} from '@internationalized/date';
import type { Task } from './types';
import { serverClock, usableZone } from './zone-rules';

/** When a task is due, on the calendar and the clock of who looks at it. */
export interface Due {
    day: CalendarDate;
    /** Nothing for a whole day. */
    at: Date | null;
    /** What the clock shows at that moment. */
    clock: CalendarDateTime | null;
}

const isDay = (text: string) => text.length === 10;

export function dueOf(task: Pick<Task, 'due_date'> & Partial<Pick<Task, 'timezone'>>, zone: string): Due | null {
    const text = task.due_date;
    if (!text) return null;
    if (isDay(text)) return { day: parseDate(text), at: null, clock: null };
    // In the task's own zone the server has said what the clock shows: the browser's rules may be older.
    const clock =
        task.timezone === zone ? serverClock(task)! : toCalendarDateTime(parseAbsolute(text, usableZone(zone)));
    return { day: toCalendarDate(clock), at: new Date(text), clock };
}

/** A whole day is over when it is over in the task's own zone. */
export function isOverdue(task: Pick<Task, 'due_date' | 'timezone' | 'status'>, now: Date): boolean {
    if (!task.due_date || task.status === 'done' || task.status === 'cancelled') return false;
    if (!isDay(task.due_date)) return new Date(task.due_date) < now;
    return parseDate(task.due_date).compare(dayIn(now, task.timezone)) < 0;
}

export const dayIn = (instant: Date, zone: string) =>
    toCalendarDate(parseAbsolute(instant.toISOString(), usableZone(zone)));

/** The wall clock in a due date as the server writes it, without its offset: what a form edits and sends back. */
export function wallOf(text: string | null): CalendarDate | CalendarDateTime | null {
    if (!text) return null;
    return isDay(text) ? parseDate(text) : parseDateTime(text.slice(0, 16));
}

export const wallText = (wall: CalendarDate | CalendarDateTime | null) =>
    wall && ('hour' in wall ? wall.toString().slice(0, 16) : wall.toString());

/** A wall clock of a zone as the server writes it as a due date, with its offset. */
export function dueText(wall: string, zone: string): string {
    if (wall.length !== 'YYYY-MM-DDTHH:MM'.length) return wall;
    return toZoned(parseDateTime(wall), usableZone(zone)).toString().replace(/\[.*/, '');
}

/** Where a task goes that is moved to a day of who looks at it: its wall clock, and how the server will write that. */
export function movedTo(task: Pick<Task, 'due_date' | 'timezone'>, day: CalendarDate, zone: string) {
    const wall = wallOf(task.due_date);
    const due = dueOf(task, zone);
    if (!wall || !due) return { wall: day.toString(), shown: day.toString() };
    const to = wall.add({ days: day.compare(due.day) });
    const text = wallText(to)!;
    return { wall: text, shown: dueText(text, task.timezone) };
}

/** Earlier first; whole days before times of the same day; what has no date last; then the more urgent. */
export function byDue(zone: string) {
    const rank = { urgent: 0, high: 1, medium: 2, low: 3 };
    return (a: Task, b: Task) => {
        const [dueA, dueB] = [dueOf(a, zone), dueOf(b, zone)];
        if (!dueA || !dueB) {
            if (dueA) return -1;
            if (dueB) return 1;
        } else {
            const order = dueA.day.compare(dueB.day) || (dueA.at?.getTime() ?? 0) - (dueB.at?.getTime() ?? 0);
            if (order) return order;
        }
        return rank[a.priority] - rank[b.priority] || (a.created_at < b.created_at ? -1 : 1);
    };
}

/** What a date is called from where one stands today. */
export class DateWords {
    readonly today: CalendarDate;
    private readonly relative: Intl.RelativeTimeFormat;
    private readonly zone: string;
    private readonly locale: string;

    constructor(locale: string, zone: string, today: CalendarDate) {
        this.locale = locale;
        this.zone = usableZone(zone);
        this.today = today;
        this.relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
    }

    /** "Today", "Thursday", "12 Mar", "12 Mar 2028". */
    day(day: CalendarDate): string {
        const away = day.compare(this.today);
        if (Math.abs(away) <= 1) return capital(this.relative.format(away, 'day'), this.locale);
        if (away > 1 && away < 7) return this.format(day, { weekday: 'long' });
        return this.format(day, {
            day: 'numeric',
            month: 'short',
            ...(day.year === this.today.year ? {} : { year: 'numeric' }),
        });
    }

    /** "Thursday, 12 March". */
    heading(day: CalendarDate): string {
        return this.format(day, {
            weekday: 'long',
            day: 'numeric',
            month: 'long',
            ...(day.year === this.today.year ? {} : { year: 'numeric' }),
        });
    }

    month(day: CalendarDate): string {
        return this.format(day, { month: 'long', year: 'numeric' });
    }

    time(at: Date, zone = this.zone): string {
        return formatter(this.locale, { hour: 'numeric', minute: '2-digit', timeZone: zone }).format(at);
    }

    /** What a clock shows: "09:00". */
    clock(clock: CalendarDateTime): string {
        return this.time(clock.toDate('UTC'), 'UTC');
    }

    due(due: Due): string {
        return due.clock ? `${this.day(due.day)}, ${this.clock(due.clock)}` : this.day(due.day);
    }

    /** A due date in full, for a list of what comes: "Thu, 12 Mar 2026, 09:00". */
    full(text: string): string {
        const wall = wallOf(text);
        if (!wall) return '';
        const day = toCalendarDate(wall);
        const date = this.format(day, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
        return 'hour' in wall ? `${date}, ${this.clock(wall)}` : date;
    }

    instant(text: string): string {
        return formatter(this.locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: this.zone }).format(
            new Date(text),
        );
    }

    private format(day: CalendarDate, options: Intl.DateTimeFormatOptions): string {
        return formatter(this.locale, { ...options, timeZone: 'UTC' }).format(day.toDate('UTC'));
    }
}

const formatters = new Map<string, DateFormatter>();
function formatter(locale: string, options: Intl.DateTimeFormatOptions): DateFormatter {
    const key = locale + JSON.stringify(options);
    let found = formatters.get(key);
    if (!found) formatters.set(key, (found = new DateFormatter(locale, options)));
    return found;
}

const capital = (text: string, locale: string) => text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
