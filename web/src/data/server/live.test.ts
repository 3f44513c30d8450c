import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const session = { state: 'in' };
const settled = vi.fn<() => Promise<boolean>>();
const expire = vi.fn();
const renew = vi.fn<() => Promise<boolean>>();
vi.mock('./session', () => ({
    session: { token: () => 'token', expire: () => expire(), settled: () => settled(), state: () => session.state },
    renew: () => renew(),
}));
const streams: { say: (text: string) => void; end: () => void; lastId: string | undefined }[] = [];
let statuses: number[];
vi.mock('./ask', () => ({
    ask: (_: string, { headers, signal }: { headers: Record<string, string>; signal: AbortSignal }) => {
        const status = statuses.shift() ?? 200;
        const body = new ReadableStream<Uint8Array>({
            start(stream) {
                const say = (text: string) => stream.enqueue(new TextEncoder().encode(text));
                streams.push({ say, end: () => stream.close(), lastId: headers['last-event-id'] });
                signal.addEventListener('abort', () => stream.error(new Error('aborted')));
            },
        });
        return Promise.resolve({ status, ok: status === 200, body });
    },
}));
const { followEvents } = await import('./live');

const followed = { changed: vi.fn(), missed: vi.fn() };
let stop: () => void;
/** Lets what is on its way arrive. */
const settle = () => vi.advanceTimersByTimeAsync(1);
const last = () => streams.at(-1)!;

beforeEach(async () => {
    vi.useFakeTimers();
    vi.resetAllMocks();
    streams.length = 0;
    statuses = [];
    stop = followEvents(followed);
    await settle();
});
afterEach(() => {
    stop();
    vi.useRealTimers();
});

it('tells of each event, and goes on after the last one when the stream breaks', async () => {
    last().say(': hello\n\nid: e1\nevent: task.created\ndata: {}\n\nid: e2\nda');
    last().say('ta: {}\n\n');
    await settle();
    expect(followed.changed).toHaveBeenCalledTimes(2);
    last().end();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(streams).toHaveLength(2);
    expect(last().lastId).toBe('e2');
    expect(followed.missed).not.toHaveBeenCalled();
});

it.each([
    ['with an id', 'event: reset\nid: e9\ndata: {}\n\n', 'e9'],
    ['without one', 'event: reset\ndata: {}\n\n', undefined],
    ['without a space', 'event:reset\ndata:\n\n', undefined],
    ['after its id', 'id: e9\nevent: reset\n\n', 'e9'],
    ['among others', ': still here\n\nevent: reset\nid: e9\n\n: still here\n\n', 'e9'],
])('has everything read again at a reset %s', async (_, said, from) => {
    last().say('id: e1\n\n');
    await settle();
    last().say(said);
    await settle();
    expect(followed.missed).toHaveBeenCalledTimes(1);
    expect(followed.changed).toHaveBeenCalledTimes(1);
    last().end();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(last().lastId).toBe(from);
});

it('has everything read again when it begins anew without knowing where it was', async () => {
    last().end();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(streams).toHaveLength(2);
    expect(followed.missed).toHaveBeenCalledTimes(1);
});

it('forgets an event that the server does not take', async () => {
    last().say('id: e1\n\n');
    await settle();
    statuses = [400];
    last().end();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(last().lastId).toBe('e1');
    await vi.advanceTimersByTimeAsync(4_000);
    expect(last().lastId).toBeUndefined();
    expect(followed.missed).toHaveBeenCalledTimes(1);
});

it('begins anew when nothing is heard any more', async () => {
    last().say(': still here\n\n');
    await vi.advanceTimersByTimeAsync(44_000);
    last().say(': still here\n\n');
    await vi.advanceTimersByTimeAsync(44_000);
    expect(streams).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(streams).toHaveLength(2);
});

it('goes on after the password was asked for', async () => {
    statuses = [401];
    renew.mockResolvedValueOnce(false);
    settled.mockResolvedValueOnce(true);
    last().end();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(expire).toHaveBeenCalledTimes(1);
    expect(streams).toHaveLength(3);
});

it('ends with the session', async () => {
    statuses = [401];
    renew.mockResolvedValueOnce(false);
    settled.mockResolvedValueOnce(false);
    last().end();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(streams).toHaveLength(2);
});
