import type { CalendarDate } from '@internationalized/date';
import { CalendarDays, ChevronLeft, ChevronRight } from 'lucide-react';
import {
    Button,
    Calendar,
    CalendarCell,
    CalendarGrid,
    CalendarGridBody,
    CalendarGridHeader,
    CalendarHeaderCell,
    DateInput,
    DatePicker,
    DateSegment,
    Dialog,
    Group,
    Heading,
    Label,
    Popover,
} from 'react-aria-components';
import { useDateWords } from './date-words';

interface DateChoiceProps {
    label: string;
    value: CalendarDate | null;
    onChange: (day: CalendarDate | null) => void;
}

/** A day, typed or picked from a month. */
export function DateChoice({ label, value, onChange }: DateChoiceProps) {
    const { today } = useDateWords();
    return (
        <DatePicker
            className="choice"
            value={value}
            placeholderValue={today}
            onChange={onChange}
            granularity="day"
            shouldForceLeadingZeros
        >
            <Label>{label}</Label>
            <Group className="input combo">
                <DateInput className="date-input">
                    {(segment) => <DateSegment segment={segment} className="segment" />}
                </DateInput>
                <Button className="icon-button">
                    <CalendarDays size={17} aria-hidden />
                </Button>
            </Group>
            <Popover className="popover" offset={4}>
                <Dialog className="dialog calendar-dialog">
                    <Calendar className="mini-calendar">
                        <header>
                            <Button slot="previous" className="icon-button">
                                <ChevronLeft size={18} aria-hidden />
                            </Button>
                            <Heading />
                            <Button slot="next" className="icon-button">
                                <ChevronRight size={18} aria-hidden />
                            </Button>
                        </header>
                        <CalendarGrid>
                            <CalendarGridHeader>
                                {(day) => <CalendarHeaderCell>{day}</CalendarHeaderCell>}
                            </CalendarGridHeader>
                            <CalendarGridBody>
                                {(date) => <CalendarCell date={date} className="mini-day" />}
                            </CalendarGridBody>
                        </CalendarGrid>
                    </Calendar>
                </Dialog>
            </Popover>
        </DatePicker>
    );
}
