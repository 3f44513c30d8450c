import { parseDate } from '@internationalized/date';
import { useMemo } from 'react';
import { useLocale } from 'react-aria-components';
import { useZone } from '../../data/user';
import { DateWords } from '../../domain/dates';
import { useToday } from './use-clock';

/** What dates are called for who is logged in, from today on. */
export function useDateWords() {
    const { locale } = useLocale();
    const zone = useZone();
    const today = useToday(zone);
    return useMemo(() => new DateWords(locale, zone, parseDate(today)), [locale, zone, today]);
}
