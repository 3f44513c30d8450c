import type { CalendarDate } from '@internationalized/date';
import type { RepeatMode, Task } from './types';

export const weekdays = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof weekdays)[number];
export type Unit = 'daily' | 'weekly' | 'monthly' | 'yearly';

/** A rule as the editor shows it. `raw` is one that only a rule in words of RFC 5545 can say. */
export interface RuleForm {
    unit: Unit | 'none' | 'raw';
    interval: number;
    /** Of a weekly rule; none: the weekday of the due date. */
    days: Weekday[];
    /** Of a monthly rule: the day of the month, its last day, or its n-th weekday (-1: the last). */
    monthly: 'day' | 'last' | number;
    raw: string;
    mode: RepeatMode;
    ends: 'never' | 'date' | 'count';
    endDate: string | null;
    count: number;
}

type RuleFields = Pick<
    Task,
    'recurring_type' | 'recurring_interval' | 'recurrence_rule' | 'repeat_mode' | 'recurring_end_date'
>;

export const noRule: RuleForm = {
    unit: 'none',
    interval: 1,
    days: [],
    monthly: 'day',
    raw: '',
    mode: 'after_completion',
    ends: 'never',
    endDate: null,
    count: 10,
};

/** 0 is Monday. */
export function weekdayOf(day: CalendarDate): number {
    return (new Date(day.toDate('UTC')).getUTCDay() + 6) % 7;
}

/** Which of its weekday in the month a day is: 1 to 5. */
export const ordinalOf = (day: CalendarDate) => Math.ceil(day.day / 7);

/** Whether only a rule of RFC 5545 says it; such a rule cannot count from the completion. */
export function needsCustom(form: RuleForm): boolean {
    return (
        form.unit === 'raw' ||
        (form.unit !== 'none' && form.ends === 'count') ||
        (form.unit === 'weekly' && form.days.length > 0) ||
        (form.unit === 'monthly' && form.monthly !== 'day')
    );
}

export function modeOf(form: RuleForm): RepeatMode {
    return needsCustom(form) && form.mode === 'after_completion' ? 'on_schedule' : form.mode;
}

/** The fields of the task that say what the form says. A weekday or day that has to be named comes from `due`. */
export function fieldsOf(form: RuleForm, due: CalendarDate | null): RuleFields {
    const end = form.unit !== 'none' && form.ends === 'date' ? form.endDate : null;
    if (!needsCustom(form)) {
        return {
            recurring_type: form.unit as Unit | 'none',
            recurring_interval: form.unit === 'none' ? 1 : form.interval,
            recurrence_rule: null,
            repeat_mode: form.mode,
            recurring_end_date: end,
        };
    }
    return {
        recurring_type: 'custom',
        recurring_interval: 1,
        recurrence_rule: form.unit === 'raw' ? form.raw.trim() : ruleText(form, due),
        repeat_mode: modeOf(form),
        recurring_end_date: end,
    };
}

function ruleText(form: RuleForm, due: CalendarDate | null): string {
    const parts = [`FREQ=${form.unit.toUpperCase()}`];
    if (form.interval > 1) parts.push(`INTERVAL=${form.interval}`);
    if (form.unit === 'weekly' && form.days.length)
        parts.push(`BYDAY=${weekdays.filter((day) => form.days.includes(day)).join(',')}`);
    if (form.unit === 'monthly') {
        if (form.monthly === 'last') parts.push('BYMONTHDAY=-1');
        else if (form.monthly !== 'day' && due) parts.push(`BYDAY=${form.monthly}${weekdays[weekdayOf(due)]}`);
    }
    if (form.ends === 'count') parts.push(`COUNT=${form.count}`);
    return parts.join(';');
}

/** The form that shows a task's rule. What it has no control for stays as the rule's own text. */
export function formOf(task: RuleFields): RuleForm {
    const form: RuleForm = {
        ...noRule,
        mode: task.repeat_mode ?? 'after_completion',
        ends: task.recurring_end_date ? 'date' : 'never',
        endDate: task.recurring_end_date,
    };
    if (task.recurring_type !== 'custom')
        return { ...form, unit: task.recurring_type, interval: task.recurring_interval };
    const text = (task.recurrence_rule ?? '').replace(/^RRULE:/i, '');
    return readRule(text, form) ?? { ...form, unit: 'raw', raw: text };
}

function readRule(text: string, form: RuleForm): RuleForm | null {
    const read: RuleForm = { ...form };
    const parts = new Map(text.split(';').map((part) => part.toUpperCase().split('=', 2) as [string, string]));
    for (const [name, value = ''] of parts) {
        if (name === 'FREQ' && /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/.test(value)) read.unit = value.toLowerCase() as Unit;
        else if (name === 'INTERVAL' && +value <= 999) read.interval = +value;
        else if (name === 'COUNT') [read.ends, read.count] = ['count', +value];
        else if (name === 'BYDAY' && parts.get('FREQ') === 'WEEKLY' && value.split(',').every(isWeekday))
            read.days = value.split(',') as Weekday[];
        else if (name === 'BYDAY' && parts.get('FREQ') === 'MONTHLY' && /^(-1|[1-5])[A-Z]{2}$/.test(value))
            read.monthly = +value.slice(0, -2);
        else if (name === 'BYMONTHDAY' && parts.get('FREQ') === 'MONTHLY' && value === '-1') read.monthly = 'last';
        else return null;
    }
    return read.unit === 'none' || (form.ends === 'date' && read.ends === 'count') ? null : read;
}

const isWeekday = (text: string): text is Weekday => (weekdays as readonly string[]).includes(text);
