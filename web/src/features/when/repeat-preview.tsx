import { useQuery } from '@tanstack/react-query';
import { Repeat2 } from 'lucide-react';
import { previewQuery } from '../../data/dry-runs';
import { useZone } from '../../data/user';
import type { TaskChange } from '../../domain/types';
import { useText } from '../../words';
import { ErrorNote } from '../problem';
import { useDateWords } from './date-words';

const shown = 5;

/** What the server makes of the rule: a sentence, and the dates that come. */
export function RepeatPreview({ fields, due, zone }: { fields: TaskChange; due: string | null; zone: string }) {
    const text = useText();
    const words = useDateWords();
    const viewer = useZone();
    const { recurring_type, recurring_interval, recurrence_rule, repeat_mode, recurring_end_date } = fields;
    const rule = {
        recurring_type,
        recurring_interval,
        recurrence_rule,
        repeat_mode,
        recurring_end_date,
        due_date: due,
        timezone: zone || viewer,
        count: shown,
    };
    const { data, error } = useQuery(previewQuery(rule));
    if (error) return <ErrorNote error={error} />;
    if (!data) return <div className="preview" aria-busy="true" />;
    return (
        <div className="preview" aria-live="polite">
            <p className="preview-sentence">
                <Repeat2 size={16} aria-hidden />
                <span lang="en">{data.description.charAt(0).toUpperCase() + data.description.slice(1)}</span>
            </p>
            <h2 className="small-heading">{text.comingUp}</h2>
            <ol>
                {data.occurrences.map(({ due_date, note }) => (
                    <li key={due_date}>
                        {words.full(due_date)}
                        {note && (
                            <span className="fine" lang="en">
                                {note}
                            </span>
                        )}
                    </li>
                ))}
            </ol>
            {data.ends && (
                <p className="fine" lang="en">
                    {data.ends}
                </p>
            )}
        </div>
    );
}
