import { startOfWeek, type CalendarDate } from '@internationalized/date';
import { AxisLeft, AxisTop } from '@visx/axis';
import { HeatmapRect } from '@visx/heatmap';
import { scaleBand, scaleThreshold } from '@visx/scale';
import { useLocale } from 'react-aria-components';
import { useDateWords } from '../when';
import { useText } from '../../words';

const step = 15;
const gap = 3;
const left = 22;
const top = 18;
const rows = [0, 1, 2, 3, 4, 5, 6];
const namedRows = [0, 2, 4];

/** The shade of a day by its completions. */
const shadeOf = scaleThreshold<number, string>({
    domain: [1, 2, 4, 7],
    range: ['var(--heat-0)', 'var(--heat-1)', 'var(--heat-2)', 'var(--heat-3)', 'var(--heat-4)'],
});

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
    const columns = weeks.map((_, column) => column);
    const startsMonth = (column: number) => column > 0 && weeks[column]!.month !== weeks[column - 1]!.month;

    const width = weeks.length * step;
    const height = rows.length * step;
    const x = scaleBand({ domain: columns, range: [0, width] });
    const y = scaleBand({ domain: rows, range: [0, height] });
    return (
        <svg role="img" aria-label={label} viewBox={`0 0 ${left + width} ${top + height}`}>
            <g transform={`translate(${left} ${top})`}>
                <AxisLeft
                    scale={y}
                    tickValues={namedRows}
                    tickFormat={(row) => name(weeks[0]!.add({ days: row }), { weekday: 'narrow' })}
                    hideAxisLine
                    hideTicks
                    tickLength={left}
                    tickLabelProps={{ dx: 0, textAnchor: 'start' }}
                />
                <AxisTop
                    scale={x}
                    tickValues={columns.filter(startsMonth)}
                    tickFormat={(column) => name(weeks[column]!, { month: 'short' })}
                    hideAxisLine
                    hideTicks
                    tickLength={top - 11}
                    tickLabelProps={{ dx: -step / 2, dy: 0, textAnchor: 'start' }}
                />
                <HeatmapRect
                    data={weeks}
                    bins={(week) => rows.map((row) => week.add({ days: row }))}
                    count={(day) => counts.get(day.toString()) ?? 0}
                    xScale={(column) => x(column)!}
                    yScale={(row) => y(row)!}
                    colorScale={(count) => shadeOf(Number(count))}
                    binWidth={step}
                    binHeight={step}
                    gap={gap}
                >
                    {(cells) =>
                        cells
                            .flat()
                            .filter(({ bin: day }) => day.compare(from) >= 0 && day.compare(to) <= 0)
                            .map(({ bin: day, count, x, y, width, height, color }) => (
                                <rect
                                    key={day.toString()}
                                    {...{ x, y, width, height }}
                                    rx={gap}
                                    style={{ fill: color }}
                                >
                                    <title>{text.perDay(Number(count), words.day(day))}</title>
                                </rect>
                            ))
                    }
                </HeatmapRect>
            </g>
        </svg>
    );
}
