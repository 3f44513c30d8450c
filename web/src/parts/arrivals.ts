import { useSyncExternalStore } from 'react';

const shownMs = 4000;
let arrived: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

const tell = (next: ReadonlySet<string>) => {
    arrived = next;
    listeners.forEach((listener) => listener());
};

/** Lets lists greet a task that a completion has just made. */
export function announceArrival(id: string) {
    tell(new Set([...arrived, id]));
    setTimeout(() => tell(new Set([...arrived].filter((other) => other !== id))), shownMs);
}

const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
};

export const useArrivals = () => useSyncExternalStore(subscribe, () => arrived);
