import { useMemo, useSyncExternalStore } from 'react';
import * as clock from '../../data/clock';
import { todayIn } from '../../domain/dates';

const minuteMs = 60_000;
const presentMinute = () => Math.floor(clock.now().getTime() / minuteMs);

/** The minute that it is: what is due in it is not late yet. */
export function useNow(): Date {
    const minute = useSyncExternalStore(clock.subscribe, presentMinute);
    return useMemo(() => new Date(minute * minuteMs), [minute]);
}

/** The day that it is in a zone, "2026-12-01". */
export const useToday = (zone: string) => useSyncExternalStore(clock.subscribe, () => todayIn(zone));

/** By how many minutes the clock of this device is ahead; 0 where that is not worth a word. */
export const useMinutesAhead = () => useSyncExternalStore(clock.subscribe, clock.minutesAhead);
