import { beforeEach, expect, it, vi } from 'vitest';
import type { Entry } from './deliver';
import { ProblemError } from '../server/problem';

// What the server says is said here; what it was asked is in `asked`.
const asked: { method: string; path: string; body?: Record<string, unknown>; ifMatch?: string; key?: string }[] = [];
let theirs: object;
let refused: ProblemError[];
vi.mock('../server/client', () => {
    const send = (method: string) => (path: string, init: { body?: object; params?: { header?: object } }) => {
        const header = (init?.params?.header ?? {}) as Record<string, string>;
        asked.push({
            method,
            path,
            body: init?.body as never,
            ifMatch: header['If-Match'],
            key: header['Idempotency-Key'],
        });
        if (method === 'GET') return Promise.resolve(theirs);
        const error = refused.shift();
        return error ? Promise.reject(error) : Promise.resolve({ ...theirs, ...init?.body });
    };
    return {
        direct: { GET: send('GET'), PATCH: send('PATCH'), POST: send('POST') },
        dataOf: (answer: Promise<unknown>) => answer,
        ifMatch: (version: number) => ({ 'If-Match': `"${version}"` }),
    };
});
const serverTime = Date.parse('2026-02-11T10:30:00Z');
vi.mock('../clock', () => ({
    timeOf: ({ wall, offset = 0 }: { wall: number; offset?: number }) => new Date(Math.min(wall + offset, serverTime)),
}));
const { deliver } = await import('./deliver');

const entry = (fields: object) => ({ seq: 1, user: 'ada', title: 'A', task: 'a', ...fields }) as Entry;
const tick = (fields: object) => entry({ kind: 'change', fields: { status: 'done', ...fields } });
const patches = () => asked.filter(({ method }) => method === 'PATCH').map(({ body }) => body);
const minute = 60_000;

beforeEach(() => {
    asked.length = 0;
    refused = [];
    theirs = { id: 'a', status: 'pending', title: 'A', version: 3 };
});

it.each([6, 60, 1440, -60, -3 * 1440])(
    'sends a completion with its time set right, the clock %i minutes off',
    async (by) => {
        const done = { wall: serverTime - 20 * minute + by * minute, offset: -by * minute };
        await deliver({ ...tick({ completed_at: new Date(done.wall).toISOString() }), done } as Entry);
        expect(patches()).toEqual([{ status: 'done', completed_at: '2026-02-11T10:10:00.000Z' }]);
    },
);

it('sends a completion of another page, which kept its time alone, and none in the future', async () => {
    await deliver(tick({ completed_at: '2026-02-11T09:00:00.000Z' }));
    await deliver(tick({ completed_at: '2027-01-01T00:00:00.000Z' }));
    expect(patches().map((body) => body?.completed_at)).toEqual([
        '2026-02-11T09:00:00.000Z',
        '2026-02-11T10:30:00.000Z',
    ]);
});

it('lets the server date a completion whose time it refuses all the same', async () => {
    const errors = [{ pointer: '/completed_at', message: 'must not be in the future' }] as never;
    refused = [new ProblemError(422, { errors })];
    await deliver(tick({ completed_at: '2026-02-11T09:00:00.000Z' }));
    expect(patches()).toMatchObject([{ completed_at: '2026-02-11T09:00:00.000Z' }, { status: 'done' }]);
    expect(patches()[1]).not.toHaveProperty('completed_at');
});

it.each([404, 409, 422, 500])('leaves to the user what is refused for another reason: %i', async (status) => {
    refused = [new ProblemError(status, {})];
    await expect(deliver(tick({ completed_at: '2026-02-11T09:00:00.000Z' }))).rejects.toMatchObject({ status });
    expect(patches()).toHaveLength(1);
});

it('sends a completion with a key, another one for another time', async () => {
    const kept = { ...tick({ completed_at: '2026-02-11T09:00:00.000Z' }), key: 'k' } as Entry;
    const done = { wall: serverTime - minute };
    await deliver({ ...kept, done } as Entry);
    await deliver({ ...kept, done } as Entry);
    await deliver({ ...kept, done: { ...done, offset: -minute } } as Entry);
    const keys = asked.filter(({ method }) => method === 'PATCH').map(({ key }) => key);
    expect(keys[0]).toBe('k 2026-02-11T10:29:00.000Z');
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).toBe('k 2026-02-11T10:28:00.000Z');
});

it('completes once what is done already', async () => {
    theirs = { id: 'a', status: 'done', completed_at: '2026-02-11T09:00:07.000Z', version: 4 };
    expect(await deliver(tick({ completed_at: '2026-02-11T09:00:00.000Z' }))).toEqual({ task: theirs });
    expect(patches()).toEqual([]);
});

it('names the version that was seen, without an entity tag', async () => {
    const rename = { kind: 'change', fields: { title: 'B' } };
    await deliver(entry({ ...rename, version: 3 }));
    await deliver(entry({ kind: 'skip', key: 'k' }));
    await deliver(entry(rename));
    const changes = asked.filter(({ method }) => method !== 'GET');
    expect(changes.map(({ ifMatch }) => ifMatch)).toEqual(['"3"', '"3"', undefined]);
    expect(await deliver(entry({ ...rename, version: 2 }))).toEqual({ met: theirs });
});
