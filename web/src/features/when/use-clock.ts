import { useMemo, useSyncExternalStore } from 'react';
import * as clock from '../../data/clock';
import { dayIn } from '../../domain/dates';

const minuteMs = 60_000;
const presentMinute = () => Math.floor(clock.now().getTime() / minuteMs);

/** The minute that it is: what is due in it is not late yet. */
export function useNow(): Date {
    const minute = useSyncExternalStore(clock.subscribe, presentMinute);
    return useMemo(() => new Date(minute * minuteMs), [minute]);
}

const days = new Map<string, { minute: number; day: string }>();

/** The day that it is in a zone; a row asks each time it is drawn. */
function todayIn(zone: string): string {
    const instant = clock.now();
    const minute = Math.floor(instant.getTime() / minuteMs);
    let found = days.get(zone);
    if (found?.minute !== minute) days.set(zone, (found = { minute, day: dayIn(instant, zone).toString() }));
    return found.day;
}

/** The day that it is in a zone, "2026-12-01". */
export const useToday = (zone: string) => useSyncExternalStore(clock.subscribe, () => todayIn(zone));

/** By how many minutes the clock of this device is ahead; 0 where that is not worth a word. */
export const useMinutesAhead = () => useSyncExternalStore(clock.subscribe, clock.minutesAhead);
