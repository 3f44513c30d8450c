import type { Task } from '../api/types';

export function SeriesSection({ task }: { task: Task }) {
    void task;
    return null;
}
