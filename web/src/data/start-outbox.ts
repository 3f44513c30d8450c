// What waits on this device is sent, and shown meanwhile.
import type { QueryClient } from '@tanstack/react-query';
import type { User } from '../domain/types';
import { outbox } from './outbox/outbox';
import { beforeReading } from './server/client';
import { showTag } from './tags';
import { changedBy, draftOf } from './task-changes';
import { findTask, forget, place, refresh, remove } from './tasks';
import { userQuery } from './user';

const arrivesMs = 700;

/** Shows what waits on what was read last: that may have been kept a moment before the change. */
function showWaiting(client: QueryClient) {
    for (const entry of outbox.waiting()) {
        const task = 'task' in entry ? findTask(client, entry.task) : undefined;
        if (entry.kind === 'create' && !task) place(client, draftOf(client, entry.fields, entry.task));
        else if (entry.kind === 'change' && task) place(client, changedBy(client, task, entry.fields));
        else if (entry.kind === 'delete') remove(client, entry.task);
        else if (entry.kind === 'tag') showTag(client, entry.tag, entry.fields);
        else if (entry.kind === 'tag-delete') showTag(client, entry.tag, null);
        else if (entry.kind === 'user')
            client.setQueryData(userQuery.queryKey, (user) => user && ({ ...user, ...entry.fields } as User));
    }
}

/** Sends what waits on this device, and shows what the server makes of it. */
export function startOutbox(client: QueryClient) {
    beforeReading(outbox.flush);
    // What is read while something waits does not hold it yet.
    client.getQueryCache().subscribe((event) => {
        if (event.type !== 'updated' || event.action.type !== 'success' || event.action.manual) return;
        if (event.query.queryKey[0] === 'tasks' && outbox.waiting().length) showWaiting(client);
    });
    return outbox.start({
        found: () => showWaiting(client),
        made(local, task) {
            // What else was changed of it meanwhile is still on its way.
            const { id, series_id, version } = task;
            place(client, { ...task, ...findTask(client, local), id, series_id, version });
            forget(client, local);
        },
        applied(entry, task) {
            if (task && !outbox.isWaiting(task.id)) place(client, task);
            if (entry.kind === 'user') void client.invalidateQueries({ queryKey: userQuery.queryKey });
            if (outbox.waiting().length) return;
            refresh(client);
            // What a completion brings comes a moment later.
            setTimeout(() => refresh(client), arrivesMs);
        },
        discarded(entry) {
            if (entry.kind === 'create') forget(client, entry.task);
            if (entry.kind === 'user') void client.invalidateQueries({ queryKey: userQuery.queryKey });
            refresh(client);
        },
    });
}
