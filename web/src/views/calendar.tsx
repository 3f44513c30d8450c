import {
    endOfMonth,
    getWeeksInMonth,
    parseDate,
    startOfMonth,
    startOfWeek,
    type CalendarDate,
} from '@internationalized/date';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useMemo } from 'react';
import { Button, useLocale } from 'react-aria-components';
import { Link, useSearchParams } from 'wouter';
import { useTaskPages, useZone } from '../api/tasks';
import type { Task } from '../api/types';
import { useText } from '../i18n';
import { byDue, dueOf, isOverdue } from '../logic/dates';
import { ErrorNote } from '../parts/error-note';
import { QuickAdd } from '../parts/quick-add';
import { useDateWords } from '../parts/use-actions';
import { ViewHead } from '../parts/view-head';

const shownPerDay = 4;

function monthIn(query: URLSearchParams, today: CalendarDate): CalendarDate {
    const asked = query.get('month');
    return asked && /^\d{4}-(0[1-9]|1[0-2])$/.test(asked) ? parseDate(`${asked}-01`) : startOfMonth(today);
}

export function CalendarView() {
    const text = useText();
    const words = useDateWords();
    const zone = useZone();
    const { locale } = useLocale();
    const [query, setQuery] = useSearchParams();
    const month = monthIn(query, words.today);
    const first = startOfWeek(startOfMonth(month), locale);
    const weeks = getWeeksInMonth(month, locale);
    const days = Array.from({ length: weeks * 7 }, (_, away) => first.add({ days: away }));
    const pages = useTaskPages({
        due_after: first.toString(),
        due_before: first.add({ days: weeks * 7 }).toString(),
        sort: 'due_date',
    });
    const byDay = useMemo(() => {
        const found = new Map<string, Task[]>();
        const tasks = pages.data?.pages.flatMap((page) => page.tasks) ?? [];
        for (const task of tasks.toSorted(byDue(zone))) {
            const day = dueOf(task, zone)?.day.toString();
            if (day && task.status !== 'cancelled') found.set(day, [...(found.get(day) ?? []), task]);
        }
        return found;
    }, [pages.data, zone]);
    const go = (to: CalendarDate) =>
        setQuery((now) => {
            now.set('month', to.toString().slice(0, 7));
            return now;
        });
    const chosen = query.get('day');
    const weekdays = days
        .slice(0, 7)
        .map((day) => new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(day.toDate('UTC')));

    return (
        <section className="view wide">
            <ViewHead title={words.month(month)}>
                <Button className="button small" onPress={() => go(words.today)}>
                    {text.today}
                </Button>
                <Button
                    className="icon-button"
                    aria-label={text.previousMonth}
                    onPress={() => go(month.subtract({ months: 1 }))}
                >
                    <ChevronLeft size={20} aria-hidden />
                </Button>
                <Button
                    className="icon-button"
                    aria-label={text.nextMonth}
                    onPress={() => go(month.add({ months: 1 }))}
                >
                    <ChevronRight size={20} aria-hidden />
                </Button>
            </ViewHead>
            <QuickAdd given={{ due_date: chosen ?? (isIn(month, words.today) ? words.today : month).toString() }} />
            {pages.error && !pages.data && <ErrorNote error={pages.error} retry={() => void pages.refetch()} />}
            <div className="month" role="table" aria-label={words.month(month)}>
                <div role="row" className="month-row month-head">
                    {weekdays.map((name) => (
                        <span role="columnheader" key={name}>
                            {name}
                        </span>
                    ))}
                </div>
                {Array.from({ length: weeks }, (_, week) => (
                    <div role="row" key={week} className="month-row">
                        {days.slice(week * 7, week * 7 + 7).map((day) => (
                            <Day
                                key={day.toString()}
                                day={day}
                                outside={!isIn(month, day)}
                                tasks={byDay.get(day.toString()) ?? []}
                            />
                        ))}
                    </div>
                ))}
            </div>
        </section>
    );
}

const isIn = (month: CalendarDate, day: CalendarDate) =>
    day.compare(startOfMonth(month)) >= 0 && day.compare(endOfMonth(month)) <= 0;

function Day({ day, outside, tasks }: { day: CalendarDate; outside: boolean; tasks: Task[] }) {
    const text = useText();
    const words = useDateWords();
    const zone = useZone();
    const [query] = useSearchParams();
    const now = new Date();
    const linkTo = (id: string) => {
        const next = new URLSearchParams(query);
        next.set('task', id);
        return `/calendar?${next}`;
    };
    return (
        <div
            role="cell"
            className="month-day"
            data-outside={outside || undefined}
            data-today={day.compare(words.today) === 0 || undefined}
        >
            <span className="month-number">
                <span aria-hidden>{day.day}</span>
                <span className="visually-hidden">{words.heading(day)}</span>
            </span>
            <ul>
                {tasks.slice(0, shownPerDay).map((task) => {
                    const at = dueOf(task, zone)?.at;
                    return (
                        <li key={task.id}>
                            <Link
                                href={linkTo(task.id)}
                                className="month-task"
                                data-done={task.status === 'done' || undefined}
                                data-tone={isOverdue(task, now) ? 'danger' : undefined}
                                data-task={task.id}
                            >
                                <span className="dot" style={{ background: task.tags[0]?.color ?? 'var(--accent)' }} />
                                {at && <span className="month-time">{words.time(at)}</span>}
                                <span className="ellipsis">{task.title}</span>
                            </Link>
                        </li>
                    );
                })}
            </ul>
            {tasks.length > shownPerDay && <span className="fine">{text.moreTasks(tasks.length - shownPerDay)}</span>}
        </div>
    );
}
