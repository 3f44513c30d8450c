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
import { useSearchParams } from 'wouter';
import { useTaskPages } from '../../data/tasks';
import { useZone } from '../../data/user';
import type { Task } from '../../domain/types';
import { useText } from '../../words';
import { byDue, dueOf } from '../../domain/dates';
import { ErrorNote } from '../problem';
import { QuickAdd } from '../add';
import { TaskList } from '../select';
import { useActions } from '../task';
import { useDateWords } from '../when';
import { ViewHead } from '../../ui/view-head';
import { Day } from './day';
import { useRoom } from './room';

const isDay = (text: string) => /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text);

function monthIn(query: URLSearchParams, today: CalendarDate): CalendarDate {
    const asked = query.get('month');
    return asked && /^\d{4}-(0[1-9]|1[0-2])$/.test(asked) ? parseDate(`${asked}-01`) : startOfMonth(today);
}

export function CalendarView() {
    const text = useText();
    const words = useDateWords();
    const actions = useActions();
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
            now.delete('day');
            return now;
        });
    const asked = query.get('day');
    const chosen = asked && isDay(asked) ? parseDate(asked) : isIn(month, words.today) ? words.today : month;
    const linkTo = (name: string, value: string) => {
        const next = new URLSearchParams(query);
        next.set(name, value);
        return `/calendar?${next}`;
    };
    const drop = (id: string, day: CalendarDate) => {
        const task = [...byDay.values()].flat().find((one) => one.id === id);
        if (task) void actions.move(task, day);
    };
    const [firstRow, room] = useRoom();
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
            <QuickAdd given={{ due_date: chosen.toString() }} />
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
                    <div role="row" key={week} className="month-row" ref={week ? undefined : firstRow}>
                        {days.slice(week * 7, week * 7 + 7).map((day) => (
                            <Day
                                key={day.toString()}
                                day={day}
                                outside={!isIn(month, day)}
                                chosen={day.compare(chosen) === 0}
                                tasks={byDay.get(day.toString()) ?? []}
                                room={room}
                                linkTo={linkTo}
                                drop={drop}
                            />
                        ))}
                    </div>
                ))}
            </div>
            <div className="day-list">
                <TaskList
                    label={words.heading(chosen)}
                    groups={[
                        {
                            id: 'day',
                            title: words.heading(chosen),
                            tasks: byDay.get(chosen.toString()) ?? [],
                        },
                    ]}
                    hideDay={() => true}
                    empty={null}
                />
            </div>
        </section>
    );
}

const isIn = (month: CalendarDate, day: CalendarDate) =>
    day.compare(startOfMonth(month)) >= 0 && day.compare(endOfMonth(month)) <= 0;
