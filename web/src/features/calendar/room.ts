import { useCallback, useState } from 'react';

/** What calendar.css gives a task, and what the number of the day and the edges take. */
const linePx = 22;
const besidesPx = 36;
/** Where tasks are dots in one line. */
const narrow = '(max-width: 859px)';
const dots = 4;

/** For how many lines there is room in a day, as high as a row is: to be told of one, since all are the same. */
export function useRoom(): [(row: HTMLElement | null) => (() => void) | undefined, number] {
    const [room, setRoom] = useState(dots);
    const row = useCallback((element: HTMLElement | null) => {
        if (!element) return undefined;
        const measure = () => {
            const lines = Math.floor((element.clientHeight - besidesPx) / linePx);
            setRoom(matchMedia(narrow).matches ? dots + 1 : Math.max(lines, 1));
        };
        measure();
        const watch = new ResizeObserver(measure);
        watch.observe(element);
        return () => watch.disconnect();
    }, []);
    return [row, room];
}
