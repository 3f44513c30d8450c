import { renew, session } from './session';

const firstWaitMs = 2000;
const longestWaitMs = 60_000;

/**
 * Calls `changed` whenever something happened to the user's tasks, also in other tabs and other programs. Events come
 * as a stream, which is begun again when it breaks; where what was missed cannot be told, that is something that happened,
 * too. Gives what ends it.
 */
export function followEvents(changed: () => void): () => void {
    const stop = new AbortController();
    void follow(changed, stop.signal);
    return () => stop.abort();
}

async function follow(changed: () => void, signal: AbortSignal) {
    let last = '';
    let wait = firstWaitMs;
    while (!signal.aborted) {
        try {
            const token = session.token();
            const answer = await fetch('/api/events/stream', {
                headers: { authorization: `Bearer ${token}`, ...(last && { 'last-event-id': last }) },
                signal,
            });
            if (answer.status === 401 && !(await renew(token))) return session.expire();
            if (answer.ok && answer.body) {
                wait = firstWaitMs;
                await readEvents(answer.body, (id) => {
                    last = id;
                    changed();
                });
            }
        } catch {
            // The connection broke, or the page is being left: the loop tells which.
        }
        await new Promise((resolve) => setTimeout(resolve, wait));
        wait = Math.min(wait * 2, longestWaitMs);
    }
}

async function readEvents(body: ReadableStream<Uint8Array>, event: (id: string) => void) {
    const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
    let rest = '';
    for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        const blocks = (rest + value).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
            const id = /^id: ?(.*)$/m.exec(block)?.[1];
            // A `reset`, which says that events were missed, may have an empty one.
            if (id !== undefined) event(id);
        }
    }
}
