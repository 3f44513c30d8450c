import { useQuery } from '@tanstack/react-query';
import { Flame } from 'lucide-react';
import { Link } from 'wouter';
import { statsQuery } from '../../data/insight';
import { useText } from '../../words';
import { ErrorNote } from '../problem';
import { HeatMap } from './heat-map';
import { useDateWords } from '../when';
import { ViewHead } from '../../ui/view-head';

const shownDays = 363;
export function StatsView() {
    const text = useText();
    const words = useDateWords();
    const to = words.today;
    const from = to.subtract({ days: shownDays });
    const { data, error, refetch } = useQuery(statsQuery(from.toString(), to.toString()));

    return (
        <section className="view scrolls" aria-label={text.stats} tabIndex={0}>
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
                        <div className="heat">
                            <HeatMap
                                from={from}
                                to={to}
                                counts={new Map(data.days.map(({ date, completed }) => [date, completed]))}
                                label={`${text.lastYear}: ${data.totals.completed}`}
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
