import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Delivered, Entry, NewEntry } from './deliver';
import type { Task } from '../../domain/types';

// The store is a map, and what the server says is said here.
const kept = new Map<number, Entry>();
const deliver = vi.hoisted(() => vi.fn<(entry: Entry) => Promise<Delivered>>());
const serverAnswers = vi.hoisted(() => vi.fn<() => Promise<boolean>>());
vi.mock('./deliver', async (real) => ({ ...(await real<object>()), deliver, serverAnswers }));
vi.mock('../server/client', () => ({}));
vi.mock('../server/session', () => ({
    session: { user: () => 'ada', state: () => state, subscribe: () => undefined },
}));
vi.mock('../storage', () => ({
    inStore: (_name: string, _mode: string, work: (store: object) => { result: unknown } | undefined) => {
        const next = Math.max(0, ...kept.keys()) + 1;
        const request = work({
            getAll: () => ({ result: [...kept.values()].sort((a, b) => a.seq - b.seq) }),
            add: (entry: Entry) => void kept.set(next, { ...entry, seq: next }),
            put: (entry: Entry) => void kept.set(entry.seq, entry),
            delete: (seq: number) => void kept.delete(seq),
        });
        return Promise.resolve(request?.result);
    },
}));

const listeners = { found: vi.fn(), made: vi.fn(), applied: vi.fn(), discarded: vi.fn() };
const task = (id: string, version = 1) => ({ id, version }) as Task;
const rename = (id: string, title: string): NewEntry => ({ kind: 'change', task: id, title: id, fields: { title } });
const make = (id: string): NewEntry => ({ kind: 'create', task: id, title: id, fields: { title: id }, key: 'k' });
const sent = () => deliver.mock.calls.map(([entry]) => entry);
const tasksSent = () => sent().map((entry) => 'task' in entry && entry.task);

let outbox: (typeof import('./outbox'))['outbox'];
let pausesMs: number[];
let state: string;
let no: (status: number) => Error;

/** The outbox of a page that has just been opened. */
async function open() {
    vi.resetModules();
    ({ outbox } = await import('./outbox'));
    ({ pausesMs } = await import('./setbacks'));
    const { ProblemError } = await import('../server/problem');
    no = (status) => new ProblemError(status, { detail: 'No.', error_id: 'e1' });
    await outbox.start(listeners);
}

beforeEach(async () => {
    vi.useFakeTimers();
    vi.stubGlobal('addEventListener', () => undefined);
    vi.stubGlobal('BroadcastChannel', undefined);
    vi.stubGlobal('navigator', {});
    kept.clear();
    state = 'in';
    vi.resetAllMocks();
    serverAnswers.mockResolvedValue(true);
    await open();
});
afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
});

it('holds up at what is refused only what follows on it, and goes on with that when it is discarded', async () => {
    await outbox.add(rename('a', 'A'));
    await outbox.add(rename('b', 'B'));
    await outbox.add(rename('a', 'AA'));
    deliver.mockRejectedValueOnce(no(422)).mockResolvedValueOnce({ task: task('b') });
    await outbox.flush();
    expect(outbox.refusal()).toMatchObject({ entry: { task: 'a' }, error: { status: 422, errorId: 'e1' } });
    await outbox.flush();
    expect(tasksSent()).toEqual(['a', 'b']);
    expect(outbox.waiting()).toHaveLength(2);

    deliver.mockResolvedValueOnce({ task: task('a') });
    await outbox.answer(false);
    expect(listeners.discarded).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ task: 'a' }));
    expect(tasksSent()).toEqual(['a', 'b', 'a']);
    expect(outbox.waiting()).toEqual([]);
    expect(outbox.refusal()).toBeNull();
});

it('sends a refused one again, with a key that the server has not answered yet', async () => {
    await outbox.add(make('local-1'));
    deliver.mockRejectedValueOnce(no(409)).mockResolvedValueOnce({ task: task('t1') });
    await outbox.flush();
    await outbox.answer(true);
    const keys = sent().map((entry) => 'key' in entry && entry.key);
    expect(keys).toHaveLength(2);
    expect(keys[1]).not.toBe(keys[0]);
    expect(outbox.waiting()).toEqual([]);
});

it('finds a refusal again after a reload', async () => {
    await outbox.add(rename('a', 'A'));
    deliver.mockRejectedValue(no(404));
    await outbox.flush();
    await open();
    deliver.mockRejectedValue(no(404));
    await outbox.flush();
    expect(outbox.refusal()).toMatchObject({ error: { status: 404 } });
});

it('discards with a new task what was changed of it', async () => {
    await outbox.add(make('local-1'));
    await outbox.add(rename('other', 'O'));
    await outbox.add(rename('local-1', 'A'));
    deliver.mockRejectedValueOnce(no(422)).mockResolvedValueOnce({ task: task('other') });
    await outbox.flush();
    await outbox.answer(false);
    expect(sent()).toHaveLength(2);
    expect(sent()[1]).toMatchObject({ task: 'other' });
    expect(kept.size).toBe(0);
});

/** Long enough for every attempt that is made without a question. */
const everyAttempt = () => vi.advanceTimersByTimeAsync(pausesMs.reduce((sum, one) => sum + one + 3_000, 0));

it.each([401, 408, 412, 425, 429, 500, 503, 507])(
    'sends what is answered with %i a bounded number of times, then asks, and the rest goes on',
    async (status) => {
        await outbox.add(rename('a', 'A'));
        await outbox.add(rename('b', 'B'));
        deliver.mockImplementation((entry) =>
            'task' in entry && entry.task === 'a' ? Promise.reject(no(status)) : Promise.resolve({ task: task('b') }),
        );
        await outbox.flush();
        expect(outbox.refusal()).toBeNull();
        await everyAttempt();
        const toA = () => tasksSent().filter((id) => id === 'a').length;
        expect(toA()).toBe(pausesMs.length + 1);
        expect(outbox.refusal()).toMatchObject({ entry: { task: 'a' }, error: { status } });
        expect(outbox.waiting()).toHaveLength(1);
        await everyAttempt();
        expect(toA()).toBe(pausesMs.length + 1);
    },
);

it.each([0, 502, 503, 504])(
    'waits without a question, however long, while nothing is answered but %i',
    async (status) => {
        serverAnswers.mockResolvedValue(false);
        await outbox.add(rename('a', 'A'));
        await outbox.add(rename('b', 'B'));
        deliver.mockRejectedValue(no(status));
        await everyAttempt();
        expect(tasksSent().every((id) => id === 'a')).toBe(true);
        expect(outbox.refusal()).toBeNull();

        deliver.mockReset();
        deliver.mockImplementation((entry) => Promise.resolve({ task: task('task' in entry ? entry.task : '') }));
        await outbox.flush();
        expect(outbox.waiting()).toEqual([]);
    },
);

it.each([0, 502, 504])('asks about what alone does not get through: %i', async (status) => {
    await outbox.add(rename('a', 'A'));
    deliver.mockRejectedValue(no(status));
    await everyAttempt();
    expect(outbox.refusal()).toMatchObject({ error: { status } });
});

it('asks about what cannot be sent at all', async () => {
    await outbox.add(rename('a', 'A'));
    deliver.mockRejectedValue(new TypeError('fields is undefined'));
    await everyAttempt();
    expect(outbox.refusal()).toMatchObject({ error: { message: 'TypeError: fields is undefined' } });
});

it('waits for the password without a question', async () => {
    await outbox.add(rename('a', 'A'));
    deliver.mockImplementation(() => {
        state = 'expired';
        return Promise.reject(no(401));
    });
    await everyAttempt();
    expect(sent()).toHaveLength(1);
    expect(outbox.refusal()).toBeNull();
});

it('leaves the server alone as long as it asks for', async () => {
    const { ProblemError } = await import('../server/problem');
    await outbox.add(rename('a', 'A'));
    await outbox.add(rename('b', 'B'));
    deliver.mockRejectedValueOnce(new ProblemError(429, {}, '60')).mockResolvedValue({ task: task('a') });
    await outbox.flush();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(sent()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(sent()).toHaveLength(3);
});

it('goes on when the clock of the device is set back by days', async () => {
    await outbox.add(rename('a', 'A'));
    deliver.mockRejectedValueOnce(no(500)).mockResolvedValueOnce({ task: task('a') });
    await outbox.flush();
    vi.setSystemTime(Date.now() - 3 * 86_400_000);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(outbox.waiting()).toEqual([]);
});

it('sends what never matches without a condition once the user has said so', async () => {
    await outbox.add({ ...rename('a', 'A'), version: 3 } as NewEntry);
    deliver.mockRejectedValue(no(412));
    await everyAttempt();
    deliver.mockResolvedValueOnce({ task: task('a') });
    await outbox.answer(true);
    expect(sent().at(-1)).toMatchObject({ task: 'a', version: undefined });
    expect(outbox.waiting()).toEqual([]);
});

it.each([0, 408, 412, 429])('keeps the key of what may have been done: %i', async (status) => {
    await outbox.add(make('local-1'));
    deliver.mockRejectedValue(no(status));
    await everyAttempt();
    await outbox.answer(true);
    const keys = sent().map((entry) => 'key' in entry && entry.key);
    expect(new Set(keys)).toEqual(new Set(['k']));
});

it.each([
    [{ version: 'W/"3"' }, 3],
    [{ version: '"3"' }, 3],
    [{ version: 'W/"3-9f"' }, 3],
    [{ etag: 'W/"12-0a"' }, 12],
    [{ etag: '"12"' }, 12],
    [{ version: 3 }, 3],
])('reads the version of an entry of another page: %o', async (named, version) => {
    await outbox.add({ ...rename('a', 'A'), ...named } as NewEntry);
    expect(outbox.waiting()).toMatchObject([{ version }]);
    expect(outbox.waiting()[0]).not.toHaveProperty('etag');
});

it('asks one question after the other', async () => {
    await outbox.add(rename('a', 'A'));
    await outbox.add({ ...rename('b', 'B'), version: 1 } as NewEntry);
    deliver.mockRejectedValueOnce(no(404)).mockResolvedValueOnce({ met: task('b', 2) });
    await outbox.flush();
    expect(outbox.refusal()).toMatchObject({ entry: { task: 'a' } });
    expect(outbox.conflict()).toBeNull();
    await outbox.answer(false);
    expect(outbox.refusal()).toBeNull();
    expect(outbox.conflict()).toMatchObject({ entry: { task: 'b' }, theirs: { version: 2 } });
    await outbox.decide(false);
    expect(outbox.waiting()).toEqual([]);
});

it('gives what follows a new task its id, also what is added later', async () => {
    await outbox.add(make('local-1'));
    await outbox.add({ ...rename('local-1', 'A'), version: 0 } as NewEntry);
    deliver.mockResolvedValueOnce({ task: task('t1', 1) }).mockRejectedValueOnce(no(0));
    await outbox.flush();
    expect(listeners.made).toHaveBeenCalledExactlyOnceWith('local-1', expect.objectContaining({ id: 't1' }));
    await outbox.add(rename('local-1', 'B'));
    expect(outbox.waiting()).toMatchObject([{ task: 't1', version: 1 }, { task: 't1' }]);
    expect(outbox.idOf('local-1')).toBe('t1');
    expect(outbox.firstNameOf('t1')).toBe('local-1');
});
