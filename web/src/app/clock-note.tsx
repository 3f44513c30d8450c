import { ClockAlert } from 'lucide-react';
import { useLocale } from 'react-aria-components';
import { useText } from '../words';
import { useMinutesAhead } from '../features/when';

const hour = 60;
const day = 24 * hour;

/** Says that the clock of this device is wrong, and that the page does not go by it. */
export function ClockNote() {
    const text = useText();
    const { locale } = useLocale();
    const ahead = useMinutesAhead();
    const minutes = Math.abs(ahead);
    const [unit, length] =
        minutes >= 2 * day
            ? (['day', day] as const)
            : minutes >= 2 * hour
              ? (['hour', hour] as const)
              : (['minute', 1] as const);
    const amount = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
    const by = amount.format(Math.round(minutes / length));
    return (
        <div role="status" className="waiting">
            {ahead !== 0 && (
                <p>
                    <ClockAlert size={15} aria-hidden />
                    {ahead > 0 ? text.clockAhead(by) : text.clockBehind(by)} {text.clockText}
                </p>
            )}
        </div>
    );
}
