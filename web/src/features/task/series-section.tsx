import { useQuery } from '@tanstack/react-query';
import { Check, ChevronRight, CircleHelp, History as HistoryIcon, Repeat2 } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { Link, useLocation } from 'wouter';
import { historyQuery, originQuery, seriesQuery } from '../../data/insight';
import { repeats, type Task } from '../../domain/types';
import { useText } from '../../words';
import { ErrorNote } from '../problem';
import { useDateWords } from '../when';

const chainShown = 12;

/** Where a task comes from: why it is here, the chain that it belongs to, and every change of it. */
export function SeriesSection({ task }: { task: Task }) {
    const text = useText();
    const chained = repeats(task) || task.occurrence > 1;
    return (
        <div className="sections">
            <Section icon={<CircleHelp size={17} aria-hidden />} title={text.why}>
                <Why id={task.id} version={task.version} />
            </Section>
            {chained && (
                <Section icon={<Repeat2 size={17} aria-hidden />} title={text.series}>
                    <Chain task={task} />
                </Section>
            )}
            <Section icon={<HistoryIcon size={17} aria-hidden />} title={text.history}>
                <History id={task.id} />
            </Section>
        </div>
    );
}

/** Asks for what it holds only when it is opened. */
function Section({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
    const [open, setOpen] = useState(false);
    return (
        <Disclosure className="section" isExpanded={open} onExpandedChange={setOpen}>
            <Heading level={2} className="section-title">
                <Button slot="trigger" className="section-button">
                    {icon}
                    <span className="grow">{title}</span>
                    <ChevronRight size={16} className="chevron" aria-hidden />
                </Button>
            </Heading>
            <DisclosurePanel className="section-panel">{open && children}</DisclosurePanel>
        </Disclosure>
    );
}

function Why({ id, version }: { id: string; version: number }) {
    const text = useText();
    const [path] = useLocation();
    const { data, error } = useQuery(originQuery(id, version));
    if (error) return <ErrorNote error={error} />;
    if (!data) return <p className="fine">{text.loading} …</p>;
    return (
        <div className="stack tight" lang="en">
            <p>{data.sentence}</p>
            {data.steps.length > 0 && (
                <>
                    <p className="label" lang="">
                        {text.ruleChecked}
                    </p>
                    <ol className="steps">
                        {data.steps.map((step) => (
                            <li key={step}>{step}</li>
                        ))}
                    </ol>
                </>
            )}
            {data.parent && (
                <p>
                    ← <Link href={`${path}?task=${data.parent.id}`}>{data.parent.title}</Link>
                </p>
            )}
        </div>
    );
}

function Chain({ task }: { task: Task }) {
    const text = useText();
    const words = useDateWords();
    const [path] = useLocation();
    const { data, error } = useQuery(seriesQuery(task.id));
    if (error) return <ErrorNote error={error} />;
    if (!data) return <p className="fine">{text.loading} …</p>;
    const shown = data.slice(-chainShown);
    return (
        <>
            {data.length > shown.length && <p className="fine">{text.moreTasks(data.length - shown.length)}</p>}
            <ol className="timeline">
                {shown.map((one) => (
                    <li key={one.id} data-done={one.status === 'done' || undefined}>
                        <span className="timeline-mark">
                            {one.status === 'done' && <Check size={11} strokeWidth={4} aria-hidden />}
                        </span>
                        <span className="stack none">
                            <Link
                                href={`${path}?task=${one.id}`}
                                aria-current={one.id === task.id ? 'true' : undefined}
                            >
                                {one.due_date ? words.full(one.due_date) : one.title}
                            </Link>
                            <span className="fine">
                                {one.completed_at
                                    ? text.completedAt(words.instant(one.completed_at))
                                    : text.statuses[one.status]}
                            </span>
                        </span>
                    </li>
                ))}
            </ol>
        </>
    );
}

function History({ id }: { id: string }) {
    const text = useText();
    const words = useDateWords();
    const { data, error } = useQuery(historyQuery(id));
    if (error) return <ErrorNote error={error} />;
    if (!data) return <p className="fine">{text.loading} …</p>;
    return (
        <ol className="history">
            {data.toReversed().map((entry) => (
                <li key={entry.event_id}>
                    <p>
                        <strong>{text.events[entry.type]}</strong>{' '}
                        <span className="fine">
                            {words.instant(entry.at)} · {text.by[entry.by]}
                        </span>
                    </p>
                    {entry.type !== 'task.created' && entry.changes.length > 0 && (
                        <ul className="fine">
                            {entry.changes.map(({ field, from, to }) => (
                                <li key={field}>
                                    {field.replaceAll('_', ' ')}: {told(from)} → {told(to)}
                                </li>
                            ))}
                        </ul>
                    )}
                    {entry.note && (
                        <p className="fine" lang="en">
                            {entry.note}
                        </p>
                    )}
                </li>
            ))}
        </ol>
    );
}

function told(value: unknown): string {
    if (value === null || value === undefined || value === '') return '–';
    return Array.isArray(value) ? value.join(', ') || '–' : String(value);
}
