import { expect, test } from 'vitest';
import { sortBy, sortOf, sortText } from './sort';
import type { Task } from './types';

const task = (title: string, fields: Partial<Task> = {}) =>
    ({
        title,
        priority: 'medium',
        due_date: null,
        created_at: '2026-01-01T00:00:00Z',
        updated_at: '',
        ...fields,
    }) as Task;
const titles = (tasks: Task[]) => tasks.map(({ title }) => title).join(' ');

test.each([
    [null, 'created_at', true],
    ['due_date', 'due_date', false],
    ['-title', 'title', true],
    ['priority', 'priority', false],
    ['-due', 'created_at', true],
    ['--title', 'created_at', true],
    ['constructor', 'created_at', true],
])('%s is read as %s', (text, key, down) => {
    expect(sortOf(text)).toEqual({ key, down });
});

test('a sort is written as the API takes it', () => {
    expect(sortText({ key: 'due_date', down: false })).toBe('due_date');
    expect(sortText(sortOf('-updated_at'))).toBe('-updated_at');
});

test('titles are in the order of Unicode, numbers by their value', () => {
    const tasks = ['item 10', 'Zoo', 'Äpfel', 'Item 2', 'apfel'].map((title) => task(title));
    expect(titles(tasks.toSorted(sortBy(sortOf('title'), 'UTC')))).toBe('apfel Äpfel Item 2 item 10 Zoo');
    expect(titles(tasks.toSorted(sortBy(sortOf('-title'), 'UTC')))).toBe('Zoo item 10 Item 2 Äpfel apfel');
});

test('what has no date is last upwards, and first downwards', () => {
    const tasks = [
        task('none'),
        task('late', { due_date: '2027-03-01' }),
        task('nine', { due_date: '2027-01-05T09:00:00+01:00', timezone: 'Europe/Berlin' }),
        task('day', { due_date: '2027-01-05' }),
    ];
    expect(titles(tasks.toSorted(sortBy(sortOf('due_date'), 'Europe/Berlin')))).toBe('nine day late none');
    expect(titles(tasks.toSorted(sortBy(sortOf('-due_date'), 'Europe/Berlin')))).toBe('none late day nine');
});

test('priority goes up from low to urgent', () => {
    const tasks = (['high', 'low', 'urgent', 'medium'] as const).map((priority) => task(priority, { priority }));
    expect(titles(tasks.toSorted(sortBy(sortOf('priority'), 'UTC')))).toBe('low medium high urgent');
});

test('what is made or changed later comes first downwards', () => {
    const tasks = [1, 3, 2].map((day) =>
        task(String(day), { created_at: `2026-01-0${day}T00:00:00Z`, updated_at: `2026-02-0${4 - day}T00:00:00Z` }),
    );
    expect(titles(tasks.toSorted(sortBy(sortOf('-created_at'), 'UTC')))).toBe('3 2 1');
    expect(titles(tasks.toSorted(sortBy(sortOf('-updated_at'), 'UTC')))).toBe('1 2 3');
});
