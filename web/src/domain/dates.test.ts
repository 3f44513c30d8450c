import { CalendarDate } from '@internationalized/date';
import { describe, expect, it } from 'vitest';
import type { Task } from './types';
import { byDue, DateWords, dueOf, dueText, isOverdue, movedTo, wallOf, wallText } from './dates';

const task = (given: Partial<Task>) =>
    ({ due_date: null, timezone: 'UTC', status: 'pending', priority: 'medium', created_at: '', ...given }) as Task;

describe('a due date', () => {
    it('falls on the day of who looks at it', () => {
        const late = { due_date: '2026-02-08T23:30:00+01:00' };
        expect(dueOf(late, 'Europe/Berlin')?.day.toString()).toBe('2026-02-08');
        expect(dueOf(late, 'Asia/Tokyo')?.day.toString()).toBe('2026-02-09');
    });

    it('of a whole day is the same day everywhere', () => {
        expect(dueOf({ due_date: '2026-02-08' }, 'Asia/Tokyo')).toMatchObject({ at: null });
        expect(dueOf({ due_date: '2026-02-08' }, 'Asia/Tokyo')?.day.toString()).toBe('2026-02-08');
    });

    it('is edited as the wall clock of its task', () => {
        expect(wallText(wallOf('2026-02-08T09:00:00+01:00'))).toBe('2026-02-08T09:00');
        expect(wallText(wallOf('2026-02-08'))).toBe('2026-02-08');
        expect(wallText(wallOf(null))).toBeNull();
    });
});

describe('a task that is moved to a day', () => {
    it('keeps its time on the wall, also over a change of the clocks', () => {
        const task = { due_date: '2026-03-28T09:00:00+01:00', timezone: 'Europe/Berlin' };
        expect(movedTo(task, new CalendarDate(2026, 3, 30), 'Europe/Berlin')).toEqual({
            wall: '2026-03-30T09:00',
            shown: '2026-03-30T09:00:00+02:00',
        });
    });

    it('goes by the days of who looks at it', () => {
        const task = { due_date: '2026-02-08T23:30:00+01:00', timezone: 'Europe/Berlin' };
        expect(movedTo(task, new CalendarDate(2026, 2, 10), 'Asia/Tokyo').wall).toBe('2026-02-09T23:30');
    });

    it('has that day when it had none', () => {
        const task = { due_date: null, timezone: 'UTC' };
        expect(movedTo(task, new CalendarDate(2026, 2, 10), 'UTC').wall).toBe('2026-02-10');
    });
});

describe('overdue', () => {
    const noon = new Date('2026-02-08T12:00:00Z');

    it('is a time that has passed', () => {
        expect(isOverdue(task({ due_date: '2026-02-08T12:59:00+01:00' }), noon)).toBe(true);
        expect(isOverdue(task({ due_date: '2026-02-08T13:01:00+01:00' }), noon)).toBe(false);
    });

    it('is a whole day only when it is over in the zone of its task', () => {
        const night = new Date('2026-02-09T02:00:00Z');
        expect(isOverdue(task({ due_date: '2026-02-08', timezone: 'UTC' }), night)).toBe(true);
        expect(isOverdue(task({ due_date: '2026-02-08', timezone: 'America/New_York' }), night)).toBe(false);
    });

    it('is nothing that is done or cancelled', () => {
        expect(isOverdue(task({ due_date: '2020-01-01', status: 'done' }), noon)).toBe(false);
        expect(isOverdue(task({ due_date: '2020-01-01', status: 'cancelled' }), noon)).toBe(false);
    });
});

it('sorts by day, then whole days before times, then what has no date', () => {
    const sorted = [
        task({ title: 'none' }),
        task({ title: 'evening', due_date: '2026-02-08T20:00:00+01:00' }),
        task({ title: 'next day', due_date: '2026-02-09' }),
        task({ title: 'all day', due_date: '2026-02-08' }),
        task({ title: 'morning', due_date: '2026-02-08T08:00:00+01:00' }),
        task({ title: 'none, urgent', priority: 'urgent' }),
    ].sort(byDue('Europe/Berlin'));
    expect(sorted.map(({ title }) => title)).toEqual([
        'all day',
        'morning',
        'evening',
        'next day',
        'none, urgent',
        'none',
    ]);
});

describe('words for dates', () => {
    const words = new DateWords('en-GB', 'Europe/Berlin', new CalendarDate(2026, 2, 8));

    it('are those one would say', () => {
        const said = [-1, 0, 1, 3, 6, 7].map((days) => words.day(words.today.add({ days })));
        expect(said).toEqual(['Yesterday', 'Today', 'Tomorrow', 'Wednesday', 'Saturday', '15 Feb']);
        expect(words.day(new CalendarDate(2027, 1, 2))).toBe('2 Jan 2027');
    });

    it('give the time of who looks at it, and in a list the wall clock of the task', () => {
        expect(words.due(dueOf({ due_date: '2026-02-09T00:30:00+09:00' }, 'Europe/Berlin')!)).toBe('Today, 16:30');
        expect(words.full('2026-02-09T00:30:00+09:00')).toMatch(/\b0?0:30$/);
    });

    it('speak German', () => {
        expect(new DateWords('de', 'UTC', new CalendarDate(2026, 2, 8)).day(new CalendarDate(2026, 2, 9))).toBe(
            'Morgen',
        );
    });
});

it('writes a wall clock as the server does', () => {
    expect(dueText('2026-07-01T09:00', 'Europe/Berlin')).toBe('2026-07-01T09:00:00+02:00');
    expect(dueText('2026-07-01', 'Europe/Berlin')).toBe('2026-07-01');
    expect(dueText('2026-07-01T09:00:00+02:00', 'Asia/Tokyo')).toBe('2026-07-01T09:00:00+02:00');
});
