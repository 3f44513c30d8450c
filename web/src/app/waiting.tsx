import { useQueryClient } from '@tanstack/react-query';
import { CloudOff } from 'lucide-react';
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { outbox } from '../data/outbox/outbox';
import { startOutbox } from '../data/start-outbox';
import { useText } from '../words';

const ConflictDialog = lazy(() =>
    import('../features/task/conflict-dialog').then((part) => ({ default: part.ConflictDialog })),
);
const RefusalDialog = lazy(() =>
    import('../features/task/refusal-dialog').then((part) => ({ default: part.RefusalDialog })),
);

function onConnection(changed: () => void) {
    addEventListener('online', changed);
    addEventListener('offline', changed);
    return () => {
        removeEventListener('online', changed);
        removeEventListener('offline', changed);
    };
}

/** Sends what waits on this device, tells how much that is, and asks when a change met another one or was refused. */
export function Waiting() {
    const text = useText();
    const client = useQueryClient();
    const waiting = useSyncExternalStore(outbox.subscribe, outbox.waiting);
    const conflict = useSyncExternalStore(outbox.subscribe, outbox.conflict);
    const refusal = useSyncExternalStore(outbox.subscribe, outbox.refusal);
    const online = useSyncExternalStore(onConnection, () => navigator.onLine);
    useEffect(() => {
        void startOutbox(client);
    }, [client]);
    return (
        <>
            <div role="status" className="waiting">
                {(waiting.length > 0 || !online) && (
                    <p>
                        <CloudOff size={15} aria-hidden />
                        {[!online && text.offline, waiting.length > 0 && text.waiting(waiting.length)]
                            .filter(Boolean)
                            .join(' · ')}
                    </p>
                )}
            </div>
            <Suspense>
                {conflict && (
                    <ConflictDialog
                        key={conflict.entry.seq}
                        mine={conflict.entry.fields}
                        theirs={conflict.theirs}
                        decide={(keepMine) => void outbox.decide(keepMine)}
                    />
                )}
                {refusal && (
                    <RefusalDialog
                        key={refusal.entry.seq}
                        refusal={refusal}
                        answer={(again) => void outbox.answer(again)}
                    />
                )}
            </Suspense>
        </>
    );
}
