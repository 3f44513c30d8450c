import { CalendarDateTime, Time, toCalendarDate, toCalendarDateTime, type CalendarDate } from '@internationalized/date';
import { CalendarPlus, Clock, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, DateInput, DateSegment, Label, Radio, RadioGroup, TimeField } from 'react-aria-components';
import { repeats, type Task, type TaskChange } from '../../domain/types';
import { useText } from '../../words';
import { wallOf, wallText } from '../../domain/dates';
import { DateChoice } from './date-field';
import { useDateWords } from './date-words';

type Wall = CalendarDate | CalendarDateTime;

/** Day and time of a task. One of a series asks whether those that follow move with it. */
export function DueEditor({ task, save }: { task: Task; save: (fields: TaskChange) => Promise<boolean> }) {
    const text = useText();
    const { today } = useDateWords();
    const saved = wallOf(task.due_date);
    const [wall, setWall] = useState<Wall | null>(saved);
    const [scope, setScope] = useState<'this' | 'series'>('this');
    useEffect(() => setWall(wallOf(task.due_date)), [task.due_date]);

    const day = wall && toCalendarDate(wall);
    const time = wall && 'hour' in wall ? new Time(wall.hour, wall.minute) : null;
    const changed = wallText(wall) !== wallText(saved);
    const asks = repeats(task) && saved !== null;

    const put = (to: Wall | null) => {
        setWall(to);
        if (!asks || !to) void save({ due_date: wallText(to) });
    };
    const putTime = (to: Time | null) => day && put(to ? toCalendarDateTime(day, to) : day);

    if (!day)
        return (
            <div className="field">
                <span className="label">{text.due}</span>
                <Button className="input ghost" onPress={() => put(today)}>
                    <CalendarPlus size={17} aria-hidden />
                    {text.addDate}
                </Button>
            </div>
        );
    return (
        <div className="stack tight">
            <div className="due-row">
                <DateChoice
                    label={text.due}
                    value={day}
                    onChange={(to) => to && put(time ? toCalendarDateTime(to, time) : to)}
                />
                {time ? (
                    <TimeField
                        className="choice"
                        value={time}
                        onChange={(to) => to && putTime(new Time(to.hour, to.minute))}
                        shouldForceLeadingZeros
                    >
                        <Label>{text.dueTime}</Label>
                        <div className="input combo">
                            <DateInput className="date-input">
                                {(segment) => <DateSegment segment={segment} className="segment" />}
                            </DateInput>
                            <Button
                                className="icon-button"
                                slot={null}
                                aria-label={text.removeTime}
                                onPress={() => putTime(null)}
                            >
                                <X size={15} aria-hidden />
                            </Button>
                        </div>
                    </TimeField>
                ) : (
                    <Button className="input ghost" onPress={() => putTime(new Time(9, 0))}>
                        <Clock size={16} aria-hidden />
                        {text.addTime}
                    </Button>
                )}
                <Button className="icon-button" aria-label={text.removeDate} onPress={() => put(null)}>
                    <X size={17} aria-hidden />
                </Button>
            </div>
            {asks && changed && (
                <div className="callout">
                    <RadioGroup value={scope} onChange={(to) => setScope(to as typeof scope)} className="radios">
                        <Label>{text.moveScope}</Label>
                        <Radio value="this" className="radio">
                            {text.onlyThis}
                        </Radio>
                        <Radio value="series" className="radio">
                            {text.thisAndLater}
                        </Radio>
                    </RadioGroup>
                    <div className="row end">
                        <Button className="button small" onPress={() => setWall(saved)}>
                            {text.cancel}
                        </Button>
                        <Button
                            className="button primary small"
                            onPress={() => void save({ due_date: wallText(wall), edit_scope: scope })}
                        >
                            {text.save}
                        </Button>
                    </div>
                </div>
            )}
        </div>
    );
}
