import { startOfWeek, type CalendarDate } from '@internationalized/date';
import { useLocale } from 'react-aria-components';
import { useDateWords } from './use-actions';
import { useText } from '../i18n';

const square = 12;
const step = 15;
const left = 22;
const top = 18;

/** The shade of a day with so many completions, 0 to 4. */
export const shadeOf = (count: number) => (count === 0 ? 0 : count < 2 ? 1 : count < 4 ? 2 : count < 7 ? 3 : 4);

interface HeatMapProps {
    from: CalendarDate;
    to: CalendarDate;
    counts: ReadonlyMap<string, number>;
    label: string;
}

/** Days as squares, a column for each week. */
export function HeatMap({ from, to, counts, label }: HeatMapProps) {
    const text = useText();
    const words = useDateWords();
    const { locale } = useLocale();
    const name = (day: CalendarDate, options: Intl.DateTimeFormatOptions) =>
        new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(day.toDate('UTC'));
    const weeks: CalendarDate[] = [];
    for (let week = startOfWeek(from, locale); week.compare(to) <= 0; week = week.add({ days: 7 })) weeks.push(week);
    const first = weeks[0]!;
    const startsMonth = (week: CalendarDate, at: number) => at > 0 && week.month !== weeks[at - 1]!.month;
    return (
        <svg role="img" aria-label={label} viewBox={`0 0 ${left + weeks.length * step} ${top + 7 * step}`}>
            {[0, 2, 4].map((day) => (
                <text key={day} x={0} y={top + day * step + square - 2}>
                    {name(first.add({ days: day }), { weekday: 'narrow' })}
                </text>
            ))}
            {weeks.map((week, column) => (
                <g key={week.toString()} transform={`translate(${left + column * step} 0)`}>
                    {startsMonth(week, column) && (
                        <text x={0} y={11}>
                            {name(week, { month: 'short' })}
                        </text>
                    )}
                    {Array.from({ length: 7 }, (_, row) => week.add({ days: row }))
                        .filter((day) => day.compare(from) >= 0 && day.compare(to) <= 0)
                        .map((day) => {
                            const count = counts.get(day.toString()) ?? 0;
                            return (
                                <rect
                                    key={day.toString()}
                                    y={top + Math.round(day.compare(week)) * step}
                                    width={square}
                                    height={square}
                                    rx={3}
                                    data-shade={shadeOf(count)}
                                >
                                    <title>{text.perDay(count, words.day(day))}</title>
                                </rect>
                            );
                        })}
                </g>
            ))}
        </svg>
    );
}
