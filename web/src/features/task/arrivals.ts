import { useSyncExternalStore } from 'react';
import type { Task } from '../../domain/types';

/** Whether a task is one that arrives. */
type Arrival = (task: Task) => boolean;

const shownMs = 4000;
let arrivals: readonly Arrival[] = [];
const listeners = new Set<() => void>();

const tell = (next: readonly Arrival[]) => {
    arrivals = next;
    listeners.forEach((listener) => listener());
};

function expect(one: Arrival): () => void {
    tell([...arrivals, one]);
    return () => void setTimeout(() => tell(arrivals.filter((other) => other !== one)), shownMs);
}

/** Lets lists greet a task that was just made. */
export const announceArrival = (id: string) => expect((task) => task.id === id)();

/**
 * Lets lists greet the next occurrence of a task, whoever hears of it first: known before it is there, it does not appear
 * once and then arrive. Call what this gives when nobody waits for it any more.
 */
export const expectChild = (parent: string) => expect((task) => task.parent_task_id === parent);

const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
};

export const useArrivals = () => useSyncExternalStore(subscribe, () => arrivals);
