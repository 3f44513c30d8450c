import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Delivered, Entry, NewEntry } from './deliver';
import type { Task } from './types';

// The store is a map, and what the server says is said here.
const kept = new Map<number, Entry>();
const deliver = vi.hoisted(() => vi.fn<(entry: Entry) => Promise<Delivered>>());
vi.mock('./deliver', async (real) => ({ ...(await real<object>()), deliver }));
vi.mock('./client', () => ({}));
vi.mock('./session', () => ({ session: { user: () => 'ada', state: () => 'in', subscribe: () => undefined } }));
vi.mock('./storage', () => ({
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

let outbox: (typeof import('./outbox'))['outbox'];
let pausesMs: number[];
let no: (status: number) => Error;

/** The outbox of a page that has just been opened. */
async function open() {
    vi.resetModules();
    ({ outbox, pausesMs } = await import('./outbox'));
    const { ProblemError } = await import('./problem');
    no = (status) => new ProblemError(status, { detail: 'No.', error_id: 'e1' });
    await outbox.start(listeners);
}

beforeEach(async () => {
    vi.useFakeTimers();
    vi.stubGlobal('addEventListener', () => undefined);
    vi.stubGlobal('BroadcastChannel', undefined);
    vi.stubGlobal('navigator', {});
    kept.clear();
    vi.resetAllMocks();
    await open();
});
afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
});

it('halts at what is refused, and goes on with the rest when that is discarded', async () => {
    await outbox.add(rename('a', 'A'));
    await outbox.add(rename('b', 'B'));
    deliver.mockRejectedValueOnce(no(422));
    await outbox.flush();
    expect(outbox.refusal()).toMatchObject({ entry: { task: 'a' }, error: { status: 422, errorId: 'e1' } });
    await outbox.flush();
    expect(sent()).toHaveLength(1);
    expect(outbox.waiting()).toHaveLength(2);

    deliver.mockResolvedValueOnce({ task: task('b') });
    await outbox.answer(false);
    expect(listeners.discarded).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ task: 'a' }));
    expect(sent().map((entry) => 'task' in entry && entry.task)).toEqual(['a', 'b']);
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

it('asks only after some attempts when the server fails, with growing pauses', async () => {
    await outbox.add(rename('a', 'A'));
    deliver.mockRejectedValue(no(500));
    await outbox.flush();
    for (const [index, pause] of pausesMs.entries()) {
        expect(sent()).toHaveLength(index + 1);
        expect(outbox.refusal()).toBeNull();
        vi.setSystemTime(Date.now() + pause - 1);
        await outbox.flush();
        expect(sent()).toHaveLength(index + 1);
        vi.setSystemTime(Date.now() + 1);
        await outbox.flush();
    }
    expect(sent()).toHaveLength(pausesMs.length + 1);
    expect(outbox.refusal()).toMatchObject({ error: { status: 500 } });
    expect(outbox.waiting()).toHaveLength(1);
});

it.each([0, 401, 408, 412, 429, 502, 503, 504])('waits without a question after %i', async (status) => {
    await outbox.add(rename('a', 'A'));
    deliver.mockRejectedValueOnce(no(status)).mockResolvedValueOnce({ task: task('a') });
    await outbox.flush();
    expect(outbox.refusal()).toBeNull();
    expect(outbox.waiting()).toHaveLength(1);
    await outbox.flush();
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
