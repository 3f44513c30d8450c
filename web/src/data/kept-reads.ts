// What was read last is there at once when the page is opened again, also without the server.
import { dehydrate, hydrate, type DehydratedState, type QueryClient } from '@tanstack/react-query';
import { session } from './server/session';
import { inStore } from './storage';

const pauseMs = 1000;
/** Another shape of what is kept needs another name: the old is then not read. */
const nameFor = (user: string) => `1 ${user}`;

export async function restoreReads(client: QueryClient) {
    const user = session.user();
    if (!user) return;
    const kept = await inStore<DehydratedState>('reads', 'readonly', (store) => store.get(nameFor(user)));
    // Whatever the clock says by now, they are of another time.
    for (const { state } of kept?.queries ?? []) state.dataUpdatedAt = 0;
    if (kept) hydrate(client, kept);
}

/** Keeps what is read from now on, a moment after it has changed. Of who has logged out, nothing stays. */
export function keepReads(client: QueryClient) {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = () => {
        timer = undefined;
        const user = session.user();
        if (!user) return;
        const state = dehydrate(client, {
            shouldDehydrateQuery: ({ queryKey: [kind], state }) => state.data !== undefined && kind !== 'quick',
        });
        // A copy by way of JSON, without what cannot be kept. That the last asking failed is no reason to forget.
        const copy = JSON.parse(JSON.stringify(state)) as DehydratedState;
        for (const query of copy.queries)
            Object.assign(query.state, {
                status: 'success',
                fetchStatus: 'idle',
                error: null,
                fetchFailureReason: null,
            });
        void inStore('reads', 'readwrite', (store) => store.put(copy, nameFor(user))).catch(() => undefined);
    };
    client.getQueryCache().subscribe(({ type }) => {
        if (type === 'updated') timer ??= setTimeout(write, pauseMs);
    });
    addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && timer && write());
    session.subscribe(() => {
        if (session.state() === 'out')
            void inStore('reads', 'readwrite', (store) => store.clear()).catch(() => undefined);
    });
}
