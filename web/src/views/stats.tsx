import HeatMap from '@uiw/react-heat-map';
import { parseDate } from '@internationalized/date';
import { useQuery } from '@tanstack/react-query';
import { Flame } from 'lucide-react';
import { useMemo } from 'react';
import { useLocale } from 'react-aria-components';
import { Link } from 'wouter';
import { statsQuery } from '../api/insight';
import { useText } from '../i18n';
import { ErrorNote } from '../parts/error-note';
import { useDateWords } from '../parts/use-actions';
import { ViewHead } from '../parts/view-head';

const shownDays = 363;
const squareSize = 13;
/** At most so many completions a day have the colour of that place. */
const shades = { 0: 'var(--heat-0)', 1: 'var(--heat-1)', 3: 'var(--heat-2)', 6: 'var(--heat-3)', 999: 'var(--heat-4)' };

export function StatsView() {
    const text = useText();
    const words = useDateWords();
    const { locale } = useLocale();
    const to = words.today;
    const from = to.subtract({ days: shownDays });
    const { data, error, refetch } = useQuery(statsQuery(from.toString(), to.toString()));
    const names = useMemo(() => {
        const format = (options: Intl.DateTimeFormatOptions, dates: number[]) =>
            dates.map((date) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(date));
        const months = Array.from({ length: 12 }, (_, month) => Date.UTC(2024, month, 1));
        // 7 January 2024 was a Sunday.
        const days = Array.from({ length: 7 }, (_, day) => Date.UTC(2024, 0, 7 + day));
        return { months: format({ month: 'short' }, months), days: format({ weekday: 'narrow' }, days) };
    }, [locale]);

    return (
        <section className="view scrolls">
            <ViewHead title={text.stats} sub={text.lastYear} />
            {error && <ErrorNote error={error} retry={() => void refetch()} />}
            {data && (
                <div className="settings">
                    <dl className="figures">
                        <Figure name={text.completions} value={data.totals.completed} />
                        <Figure name={text.onTime} value={data.totals.on_time} />
                        <Figure name={text.late} value={data.totals.late} />
                    </dl>
                    <section className="card">
                        <h2>{text.completions}</h2>
                        <div className="heat" role="img" aria-label={`${text.lastYear}: ${data.totals.completed}`}>
                            <HeatMap
                                value={data.days.map(({ date, completed }) => ({
                                    date: date.replaceAll('-', '/'),
                                    count: completed,
                                }))}
                                startDate={new Date(`${from.toString()}T00:00:00`)}
                                endDate={new Date(`${to.toString()}T00:00:00`)}
                                width={53 * (squareSize + 3) + 30}
                                height={7 * (squareSize + 3) + 26}
                                rectSize={squareSize}
                                space={3}
                                legendCellSize={0}
                                rectProps={{ rx: 3 }}
                                panelColors={shades}
                                monthLabels={names.months}
                                weekLabels={names.days}
                                rectRender={(square, { date, count }) => (
                                    <rect {...square}>
                                        <title>{text.perDay(count ?? 0, words.day(parseDate(isoOf(date))))}</title>
                                    </rect>
                                )}
                            />
                        </div>
                        {data.totals.completed === 0 && <p className="quiet">{text.emptyStats}</p>}
                    </section>
                    {data.series.length > 0 && (
                        <section className="card">
                            <h2>{text.streaks}</h2>
                            <ul className="streaks">
                                {data.series.map((one) => (
                                    <li key={one.series_id}>
                                        <Link href={`/stats?task=${one.series_id}`} className="ellipsis grow">
                                            {one.title}
                                        </Link>
                                        <span className="fine">
                                            {one.on_time} {text.onTime} · {one.late} {text.late}
                                            {one.skipped > 0 && ` · ${one.skipped} ${text.skippedOnes}`}
                                        </span>
                                        <span className="streak" data-lit={one.current_streak > 1 || undefined}>
                                            <Flame size={16} aria-hidden />
                                            <span className="visually-hidden">{text.currentStreak}: </span>
                                            {one.current_streak}
                                        </span>
                                        <span className="fine">
                                            {text.longestStreak}: {one.longest_streak}
                                        </span>
                                    </li>
                                ))}
                            </ul>
                        </section>
                    )}
                </div>
            )}
        </section>
    );
}

function Figure({ name, value }: { name: string; value: number }) {
    return (
        <div className="card">
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    );
}

/** The library writes its dates as 2026/2/8. */
const isoOf = (date: string) =>
    date
        .split('/')
        .map((part) => part.padStart(2, '0'))
        .join('-');
