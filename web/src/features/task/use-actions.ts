import type { CalendarDate } from '@internationalized/date';
import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { outbox } from '../../data/outbox/outbox';
import * as tasks from '../../data/task-changes';
import { refresh } from '../../data/tasks';
import { useZone } from '../../data/user';
import { repeats, type Task, type TaskChange } from '../../domain/types';
import { useText } from '../../words';
import { movedTo, wallOf, wallText } from '../../domain/dates';
import { expectChild } from './arrivals';
import { toast } from '../../ui/toasts';
import { tellProblem } from '../problem';
import { useDateWords } from '../when';

/** What can be done to tasks from any view: shown at once, said in a toast, undone from there. */
export function useActions() {
    const client = useQueryClient();
    const text = useText();
    const words = useDateWords();
    const zone = useZone();

    return useMemo(() => {
        const failed = (error: unknown) => tellProblem(error, text);
        const nextIn = (child: Task) => text.nextOn(child.due_date ? words.full(child.due_date) : child.title);

        const actions = {
            async complete(task: Task) {
                let child: Task | undefined;
                const undo = () =>
                    tasks
                        .takeBack(client, task, child)
                        .then(() => toast.show({ title: text.takenBack, detail: task.title }), failed);
                const note = toast.show({
                    title: text.completed(task.title),
                    detail: repeats(task) ? text.nextComing : undefined,
                    action: { label: text.undo, run: () => void undo() },
                });
                const greeted = repeats(task) ? expectChild(task.id) : undefined;
                try {
                    const done = await tasks.changeTask(client, task, { status: 'done' }, { status: 'done' });
                    if (outbox.isWaiting(task.id)) return note.change({ detail: text.keptForLater });
                    if (!repeats(task)) return;
                    child = await tasks.awaitChild(client, done);
                    note.change({ detail: child ? nextIn(child) : text.lastOne });
                } catch (error) {
                    note.close();
                    failed(error);
                } finally {
                    greeted?.();
                }
            },
            async reopen(task: Task) {
                await tasks
                    .changeTask(client, task, { status: 'pending' }, { status: 'pending' })
                    .then(() => toast.show({ title: text.reopened(task.title) }), failed);
            },
            toggle: (task: Task) => (task.status === 'done' ? actions.reopen(task) : actions.complete(task)),
            async completeMany(some: Task[]) {
                const open = some.filter((task) => task.status !== 'done');
                const single = open.length === 1 ? open[0] : undefined;
                if (single) return actions.complete(single);
                const done = { status: 'done' } as const;
                const settled = await Promise.allSettled(
                    open.map((task) => tasks.changeTask(client, task, done, done)),
                );
                const lost = settled.find((one) => one.status === 'rejected');
                if (lost) failed(lost.reason);
                const undo = () =>
                    Promise.all(open.map((task) => tasks.takeBack(client, task, undefined))).catch(failed);
                toast.show({
                    title: text.completedMany(open.length),
                    action: { label: text.undo, run: () => void undo() },
                });
                if (open.some(repeats)) setTimeout(() => refresh(client), 500);
            },
            change: (task: Task, fields: TaskChange, shown: Partial<Task>) =>
                tasks.changeTask(client, task, fields, shown).catch(failed),
            /** To another day, at the same time; of a series, this one alone. */
            async move(task: Task, day: CalendarDate) {
                const { wall, shown } = movedTo(task, day, zone);
                if (shown === task.due_date) return;
                const scope = repeats(task) ? { edit_scope: 'this' as const } : {};
                const back = { due_date: wallText(wallOf(task.due_date)), ...scope };
                try {
                    const fields = { due_date: wall, ...scope };
                    const moved = await tasks.changeTask(client, task, fields, { due_date: shown });
                    const undo = () => tasks.changeTask(client, moved, back, { due_date: task.due_date }).catch(failed);
                    toast.show({
                        title: text.moved(task.title),
                        detail: words.full(shown),
                        action: { label: text.undo, run: () => void undo() },
                    });
                } catch (error) {
                    failed(error);
                }
            },
            async remove(some: Task[]) {
                try {
                    for (const task of some) await tasks.deleteTask(client, task);
                } catch (error) {
                    return failed(error);
                }
                const undo = async () => {
                    for (const task of some) await tasks.restoreTask(client, task);
                };
                toast.show({
                    title: some.length === 1 ? text.deleted(some[0]!.title) : text.deletedMany(some.length),
                    action: { label: text.undo, run: () => void undo().catch(failed) },
                });
            },
            restore: (task: Task) =>
                tasks.restoreTask(client, task).then(() => toast.show({ title: text.restored(task.title) }), failed),
            skip: (task: Task) =>
                tasks.skipTask(client, task).then((moved) => {
                    const title =
                        moved.due_date === task.due_date
                            ? text.skipWaits(task.title)
                            : text.skipped(words.full(moved.due_date ?? ''));
                    toast.show({ title, detail: outbox.isWaiting(task.id) ? text.keptForLater : task.title });
                }, failed),
            failed,
        };
        return actions;
    }, [client, text, words, zone]);
}
