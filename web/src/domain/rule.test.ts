import { CalendarDate } from '@internationalized/date';
import { describe, expect, it } from 'vitest';
import { fieldsOf, formOf, modeOf, noRule, ordinalOf, weekdayOf, type RuleForm } from './rule';

const tuesday = new CalendarDate(2026, 2, 10);
const form = (given: Partial<RuleForm>): RuleForm => ({ ...noRule, ...given });
const rule = (given: Partial<RuleForm>) => fieldsOf(form(given), tuesday).recurrence_rule;

describe('the fields of a rule', () => {
    it('are a simple type where one says it', () => {
        expect(fieldsOf(form({ unit: 'weekly', interval: 2 }), tuesday)).toEqual({
            recurring_type: 'weekly',
            recurring_interval: 2,
            recurrence_rule: null,
            repeat_mode: 'after_completion',
            recurring_end_date: null,
        });
    });

    it('name several weekdays in the order of the week', () => {
        expect(rule({ unit: 'weekly', days: ['FR', 'MO'] })).toBe('FREQ=WEEKLY;BYDAY=MO,FR');
    });

    it('name the last day, the n-th and the last weekday of a month', () => {
        expect(rule({ unit: 'monthly', monthly: 'last' })).toBe('FREQ=MONTHLY;BYMONTHDAY=-1');
        expect(rule({ unit: 'monthly', monthly: 2, interval: 3 })).toBe('FREQ=MONTHLY;INTERVAL=3;BYDAY=2TU');
        expect(rule({ unit: 'monthly', monthly: -1 })).toBe('FREQ=MONTHLY;BYDAY=-1TU');
    });

    it('count', () => {
        expect(rule({ unit: 'daily', ends: 'count', count: 7 })).toBe('FREQ=DAILY;COUNT=7');
    });

    it('never count a custom rule from its completion', () => {
        expect(modeOf(form({ unit: 'monthly', monthly: 'last' }))).toBe('on_schedule');
        expect(modeOf(form({ unit: 'monthly', monthly: 'last', mode: 'every_occurrence' }))).toBe('every_occurrence');
        expect(modeOf(form({ unit: 'monthly' }))).toBe('after_completion');
    });

    it('forget the end of a rule that is gone', () => {
        const none = fieldsOf(form({ unit: 'none', interval: 4, ends: 'date', endDate: '2026-12-31' }), tuesday);
        expect(none).toMatchObject({ recurring_type: 'none', recurring_interval: 1, recurring_end_date: null });
    });
});

describe('the form of a rule', () => {
    const shown = (recurrence_rule: string) =>
        formOf({
            recurring_type: 'custom',
            recurring_interval: 1,
            recurrence_rule,
            repeat_mode: 'on_schedule',
            recurring_end_date: null,
        });

    it.each([
        'FREQ=WEEKLY;BYDAY=MO,WE',
        'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=10',
        'FREQ=MONTHLY;BYMONTHDAY=-1',
        'FREQ=MONTHLY;BYDAY=2TU',
        'FREQ=MONTHLY;BYDAY=-1TU',
        'FREQ=YEARLY;INTERVAL=2;COUNT=3',
        'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
        'FREQ=DAILY;UNTIL=20270101',
        'FREQ=MONTHLY;BYMONTHDAY=1,15',
    ])('says the same again: %s', (text) => {
        expect(fieldsOf(shown(text), tuesday).recurrence_rule).toBe(text);
    });

    it('shows what it has no control for as it is', () => {
        expect(shown('RRULE:FREQ=YEARLY;BYWEEKNO=20')).toMatchObject({ unit: 'raw', raw: 'FREQ=YEARLY;BYWEEKNO=20' });
    });
});

it('knows the days of the week and their place in the month', () => {
    expect(weekdayOf(tuesday)).toBe(1);
    expect([1, 7, 8, 28, 29].map((day) => ordinalOf(tuesday.set({ month: 3, day })))).toEqual([1, 1, 2, 4, 5]);
});
