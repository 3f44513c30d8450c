import { ask } from './ask';
import { renew, session } from './session';

const firstWaitMs = 2000;
const longestWaitMs = 60_000;
/** The server says at least every 15 seconds that it is there; so long without a word, something on the way is not. */
const silenceMs = 45_000;

export interface Followed {
    /** Something happened to the user's tasks, also in other tabs and other programs. */
    changed: () => void;
    /** Something may have happened of which nothing will be told: what is shown has to be read again. */
    missed: () => void;
}

/** Follows the events, which come as a stream; it is begun again when it breaks. Gives what ends it. */
export function followEvents(followed: Followed): () => void {
    const stop = new AbortController();
    void follow(followed, stop.signal);
    return () => stop.abort();
}

async function follow({ changed, missed }: Followed, signal: AbortSignal) {
    let last = '';
    let wait = firstWaitMs;
    let isFirst = true;
    const event = (name: string, id: string) => {
        if (name === 'reset' || id) last = id;
        if (name === 'reset') missed();
        else if (id) changed();
    };
    while (!signal.aborted) {
        try {
            const token = session.token();
            const answer = await ask('/api/events/stream', {
                headers: { authorization: `Bearer ${token}`, ...(last && { 'last-event-id': last }) },
                signal,
            });
            if (answer.status === 401 && !(await renew(token))) {
                session.expire();
                if (!(await session.settled())) return;
                continue;
            }
            // It begins where it was left, or now, when it is not known where that was.
            if (answer.status === 400) last = '';
            if (answer.ok && answer.body) {
                wait = firstWaitMs;
                if (!last && !isFirst) missed();
                isFirst = false;
                await readEvents(answer.body, event);
            }
        } catch {
            // The connection broke, or the page is being left: the loop tells which.
        }
        await new Promise((resolve) => setTimeout(resolve, wait));
        wait = Math.min(wait * 2, longestWaitMs);
    }
}

async function readEvents(body: ReadableStream<Uint8Array>, event: (name: string, id: string) => void) {
    const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
    let rest = '';
    for (;;) {
        const timer = setTimeout(() => void reader.cancel(), silenceMs);
        const { value, done } = await reader.read().finally(() => clearTimeout(timer));
        if (done) return;
        const blocks = (rest + value).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
            const field = (name: string) => new RegExp(`^${name}: ?(.*)$`, 'm').exec(block)?.[1] ?? '';
            event(field('event'), field('id'));
        }
    }
}
