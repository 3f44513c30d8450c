import { Clock } from 'lucide-react';
import type { Task } from '../../domain/types';
import { useText } from '../../words';
import { browserDiffers, serverClock } from '../../domain/zone-rules';
import { useDateWords } from './date-words';

/** That this browser would show a task's due date at another time than the server does, whose time is the one shown. */
export function ZoneNote({ task }: { task: Task }) {
    const text = useText();
    const words = useDateWords();
    const browser = browserDiffers(task);
    if (!browser) return null;
    const zone = task.timezone.replaceAll('_', ' ');
    return (
        <p role="note" className="zone-note fine">
            <Clock size={14} aria-hidden />
            <span>
                {browser === 'unknown'
                    ? text.zoneUnknown(zone)
                    : text.zoneDiffers(zone, words.clock(serverClock(task)!), words.clock(browser))}
            </span>
        </p>
    );
}
