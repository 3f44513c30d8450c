import type { components } from './schema.gen';

type Schemas = components['schemas'];
export type Task = Schemas['Task'];
export type TrashedTask = Schemas['TrashedTask'];
export type Tag = Schemas['Tag'];
export type User = Schemas['User'];
export type ListedSession = Schemas['ListedSession'];
/** The fields of a new task; which of them go together, the server judges. */
export type NewTask = Omit<Schemas['TaskChange'], 'title' | 'edit_scope'> & { title: string };
export type TaskChange = Schemas['TaskChange'];
export type TagFields = Pick<Tag, 'name' | 'color'>;
export type UserFields = { name?: string | null; timezone?: string };
export type Occurrences = Schemas['Occurrences'];
export type Status = Schemas['Status'];
export type Priority = Schemas['Priority'];
export type RepeatMode = NonNullable<Schemas['RepeatMode']>;

export const isOpen = (task: Task) => task.status === 'pending' || task.status === 'in_progress';
export const repeats = (task: Task) => task.recurring_type !== 'none';
