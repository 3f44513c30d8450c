import { useSyncExternalStore } from 'react';

const shownMs = 4000;
let arrived: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

const tell = (next: ReadonlySet<string>) => {
    arrived = next;
    listeners.forEach((listener) => listener());
};

const forget = (id: string) => setTimeout(() => tell(new Set([...arrived].filter((other) => other !== id))), shownMs);

/** Lets lists greet a task that was just made. */
export function announceArrival(id: string) {
    tell(new Set([...arrived, id]));
    forget(id);
}

/**
 * Lets lists greet the next occurrence of a task, whoever hears of it first: known before it is there, it does not appear
 * once and then arrive. Call what this gives when nobody waits for it any more.
 */
export function expectChild(parent: string): () => void {
    tell(new Set([...arrived, parent]));
    return () => void forget(parent);
}

const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
};

/** The ids of tasks that arrive, and of those whose next occurrence does. */
export const useArrivals = () => useSyncExternalStore(subscribe, () => arrived);
