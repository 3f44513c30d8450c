import { parseDate, toCalendarDate, type CalendarDate } from '@internationalized/date';
import { useEffect, useMemo, useState } from 'react';
import {
    Button,
    Group,
    Input,
    Label,
    NumberField,
    Radio,
    RadioGroup,
    ToggleButton,
    ToggleButtonGroup,
    useLocale,
} from 'react-aria-components';
import type { Task, TaskChange } from '../../domain/types';
import { useText } from '../../words';
import { wallOf } from '../../domain/dates';
import {
    fieldsOf,
    formOf,
    modeOf,
    needsCustom,
    ordinalOf,
    weekdayOf,
    weekdays,
    type RuleForm,
    type Weekday,
} from '../../domain/rule';
import { Choice } from '../../ui/choice';
import { DateChoice } from './date-field';
import { Field } from '../../ui/field';
import { useDateWords } from './date-words';
import { RepeatPreview } from './repeat-preview';

const units = ['none', 'daily', 'weekly', 'monthly', 'yearly', 'raw'] as const;
const modes = ['after_completion', 'on_schedule', 'every_occurrence'] as const;
const endings = ['never', 'date', 'count'] as const;

/** How a task repeats: changed in a form that shows at once what it means, and saved as a whole. */
export function RepeatEditor({ task, save }: { task: Task; save: (fields: TaskChange) => Promise<boolean> }) {
    const text = useText();
    const { today } = useDateWords();
    const saved = useMemo(
        () => formOf(task),
        // eslint-disable-next-line react-hooks/exhaustive-deps -- the fields that the form is made of
        [task.recurring_type, task.recurring_interval, task.recurrence_rule, task.repeat_mode, task.recurring_end_date],
    );
    const [form, setForm] = useState(saved);
    useEffect(() => setForm(saved), [saved]);
    const set = (to: Partial<RuleForm>) => setForm((now) => ({ ...now, ...to }));

    const wall = wallOf(task.due_date);
    const needsDate = form.unit !== 'none' && modeOf(form) !== 'after_completion';
    const day = wall ? toCalendarDate(wall) : needsDate ? today : null;
    const fields = fieldsOf(form, day);
    const changed = JSON.stringify(fields) !== JSON.stringify(fieldsOf(saved, day));
    const sent: TaskChange = { ...fields, ...(!wall && day ? { due_date: day.toString() } : {}) };

    return (
        <section className="repeat" aria-label={text.repeat}>
            <Choice
                label={text.repeat}
                value={form.unit}
                options={units.map((value) => ({ value, label: text.units[value] }))}
                onChange={(unit) => set({ unit })}
            />
            {form.unit !== 'none' && (
                <div className="repeat-form">
                    <When form={form} set={set} day={day ?? today} />
                    <Mode form={form} set={set} />
                    <End form={form} set={set} today={today} />
                    <RepeatPreview fields={sent} due={sent.due_date ?? task.due_date} zone={task.timezone} />
                </div>
            )}
            {changed && (
                <div className="row end">
                    <Button className="button small" onPress={() => setForm(saved)}>
                        {text.cancel}
                    </Button>
                    <Button className="button primary small" onPress={() => void save(sent)}>
                        {text.save}
                    </Button>
                </div>
            )}
        </section>
    );
}

interface PartProps {
    form: RuleForm;
    set: (to: Partial<RuleForm>) => void;
}

function When({ form, set, day }: PartProps & { day: CalendarDate }) {
    const text = useText();
    const names = useWeekdayNames();
    if (form.unit === 'raw')
        return (
            <Field
                label={text.rrule}
                value={form.raw}
                onChange={(raw) => set({ raw })}
                placeholder="FREQ=MONTHLY;BYDAY=-1FR"
            />
        );
    if (form.unit === 'none') return null;
    const nth = ordinalOf(day);
    const weekday = names.long[weekdayOf(day)]!;
    const onDays: { value: string; label: string }[] = [
        { value: 'day', label: text.monthlyDay(day.day) },
        { value: 'last', label: text.monthlyLast },
        { value: String(nth), label: text.monthlyNth(nth, weekday) },
        { value: '-1', label: text.monthlyNth(-1, weekday) },
    ];
    return (
        <>
            <NumberField
                className="interval"
                value={form.interval}
                minValue={1}
                maxValue={999}
                onChange={(interval) => set({ interval: interval || 1 })}
            >
                <Label>{text.every}</Label>
                <Group className="input combo">
                    <Button slot="decrement" className="step">
                        −
                    </Button>
                    <Input />
                    <Button slot="increment" className="step">
                        +
                    </Button>
                </Group>
                <span className="interval-unit">{text.unitNames[form.unit](form.interval)}</span>
            </NumberField>
            {form.unit === 'weekly' && (
                <div className="field">
                    <span className="label" id="weekdays-label">
                        {text.onDays}
                    </span>
                    <ToggleButtonGroup
                        aria-labelledby="weekdays-label"
                        className="weekdays"
                        selectionMode="multiple"
                        selectedKeys={form.days.length ? form.days : [weekdays[weekdayOf(day)]!]}
                        onSelectionChange={(chosen) => {
                            const days = weekdays.filter((one) => chosen.has(one)) as Weekday[];
                            const plain = days.length === 1 && days[0] === weekdays[weekdayOf(day)];
                            set({ days: plain ? [] : days });
                        }}
                    >
                        {weekdays.map((one, index) => (
                            <ToggleButton key={one} id={one} aria-label={names.long[index]!} className="weekday">
                                {names.short[index]}
                            </ToggleButton>
                        ))}
                    </ToggleButtonGroup>
                </div>
            )}
            {form.unit === 'monthly' && (
                <Choice
                    label={text.onDays}
                    value={String(form.monthly)}
                    options={
                        onDays.some(({ value }) => value === String(form.monthly))
                            ? onDays
                            : [
                                  ...onDays,
                                  {
                                      value: String(form.monthly),
                                      label: text.monthlyNth(Number(form.monthly), weekday),
                                  },
                              ]
                    }
                    onChange={(value) => set({ monthly: value === 'day' || value === 'last' ? value : Number(value) })}
                />
            )}
        </>
    );
}

function Mode({ form, set }: PartProps) {
    const text = useText();
    const mode = modeOf(form);
    return (
        <div className="stack tight">
            <Choice
                label={text.countsFrom}
                value={mode}
                options={modes
                    .filter((value) => value !== 'after_completion' || !needsCustom(form))
                    .map((value) => ({ value, label: text.modes[value] }))}
                onChange={(to) => set({ mode: to })}
            />
            <p className="fine">{text.modeHints[mode]}</p>
        </div>
    );
}

function End({ form, set, today }: PartProps & { today: CalendarDate }) {
    const text = useText();
    const start = (ends: RuleForm['ends']) =>
        set({ ends, ...(ends === 'date' && !form.endDate ? { endDate: today.add({ months: 3 }).toString() } : {}) });
    return (
        <>
            <RadioGroup value={form.ends} onChange={(to) => start(to as RuleForm['ends'])} className="radios inline">
                <Label>{text.ends}</Label>
                {endings
                    .filter((kind) => kind !== 'count' || form.unit !== 'raw')
                    .map((kind) => (
                        <Radio key={kind} value={kind} className="radio">
                            {text.endKinds[kind]}
                        </Radio>
                    ))}
            </RadioGroup>
            {form.ends === 'date' && form.endDate && (
                <DateChoice
                    label={text.endDate}
                    value={parseDate(form.endDate.slice(0, 10))}
                    onChange={(to) => to && set({ endDate: to.toString() })}
                />
            )}
            {form.ends === 'count' && form.unit !== 'raw' && (
                <NumberField
                    className="interval"
                    value={form.count}
                    minValue={1}
                    maxValue={10_000}
                    onChange={(count) => set({ count: count || 1 })}
                >
                    <Label>{text.times}</Label>
                    <Input className="input" />
                </NumberField>
            )}
        </>
    );
}

function useWeekdayNames() {
    const { locale } = useLocale();
    return useMemo(() => {
        const names = (weekday: 'long' | 'narrow' | 'short') =>
            weekdays.map((_, index) =>
                // 1 January 2024 was a Monday.
                new Intl.DateTimeFormat(locale, { weekday, timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1 + index)),
            );
        return { long: names('long'), short: names('short').map((name) => name.slice(0, 2)) };
    }, [locale]);
}
