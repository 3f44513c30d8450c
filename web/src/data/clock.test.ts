import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** The true time, to the half second: no `Date` tells it. */
const start = Date.parse('2026-02-11T10:30:00.500Z');

let clock: typeof import('./clock');
let truth: number;
/** What this device's clock is ahead of the true time. */
let ahead: number;
let steady: number;
const store = new Map<string, string>();

const pass = (ms: number) => {
    truth += ms;
    steady += ms;
    vi.setSystemTime(truth + ahead);
};
/** The device sleeps: its steady clock stands still. */
const sleep = (ms: number) => {
    pass(ms);
    steady -= ms;
};
const set = (to: number) => {
    ahead = to;
    pass(0);
};
const open = async () => {
    vi.resetModules();
    steady = 1000;
    clock = await import('./clock');
};
/** An answer of the server, which took a while. */
const hear = (tookMs = 40) => {
    const asked = clock.read();
    pass(tookMs);
    clock.hear(new Date(truth).toUTCString(), asked);
};
const off = (at: Date, from: number) => Math.abs(at.getTime() - from);
const ms = 1500;

beforeEach(async () => {
    store.clear();
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
    vi.spyOn(performance, 'now').mockImplementation(() => steady);
    vi.stubGlobal('localStorage', {
        getItem: (key: string) => store.get(key) ?? null,
        setItem: (key: string, value: string) => void store.set(key, value),
    });
    truth = start;
    set(0);
    await open();
});
afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
});

describe.each([6 * minute, hour, day, 30 * day, -6 * minute, -hour, -3 * day, -400 * day])('off by %i ms', (by) => {
    it('is set right by an answer, also after a reload', async () => {
        set(by);
        hear();
        expect(off(clock.now(), truth)).toBeLessThan(ms);
        pass(2 * hour);
        expect(off(clock.now(), truth)).toBeLessThan(ms);
        await open();
        expect(off(clock.now(), truth)).toBeLessThan(ms);
    });

    it('is said', () => {
        set(by);
        expect(clock.minutesAhead()).toBe(0);
        hear();
        expect(clock.minutesAhead()).toBeCloseTo(by / minute, -0.5);
    });

    it('tells when something was, that happened without the server', async () => {
        set(by);
        hear();
        pass(hour);
        const at = truth;
        const then = clock.moment();
        pass(3 * hour);
        hear();
        expect(off(clock.timeOf(then), at)).toBeLessThan(ms);
        await open();
        pass(hour);
        hear();
        expect(off(clock.timeOf(then), at)).toBeLessThan(ms);
    });

    it('is believed no more once it was set while the server was away', () => {
        hear();
        pass(hour);
        const before = [truth, clock.moment()] as const;
        set(by);
        pass(minute);
        const after = [truth, clock.moment()] as const;
        pass(minute);
        hear();
        for (const [at, then] of [before, after]) expect(off(clock.timeOf(then), at)).toBeLessThan(ms);
    });

    it('is set and set right again while the server is away', () => {
        hear();
        pass(hour);
        set(by);
        pass(minute);
        const [at, then] = [truth, clock.moment()];
        pass(minute);
        set(0);
        pass(minute);
        hear();
        expect(off(clock.timeOf(then), at)).toBeLessThan(ms);
    });

    it('is set before the page is opened without the server', async () => {
        hear();
        set(by);
        await open();
        const [at, then] = [truth, clock.moment()];
        pass(hour);
        hear();
        expect(off(clock.timeOf(then), at)).toBeLessThan(ms);
        await open();
        hear();
        expect(off(clock.timeOf(then), at)).toBeLessThan(ms);
    });
});

it('lets a clock be that agrees with the server, to the second', () => {
    for (const took of [0, 40, 900, 4000]) {
        hear(took);
        expect(clock.now().getTime()).toBe(truth);
        pass(370);
    }
});

it('goes on while the clock is set back', () => {
    hear();
    set(-3 * day);
    expect(off(clock.now(), truth)).toBeLessThan(ms);
    pass(hour);
    expect(off(clock.now(), truth)).toBeLessThan(ms);
});

it('takes a sleep of the device for what it is', () => {
    set(-hour);
    hear();
    const [at, then] = [truth, clock.moment()];
    sleep(8 * hour);
    expect(off(clock.now(), truth)).toBeLessThan(ms);
    hear();
    expect(off(clock.timeOf(then), at)).toBeLessThan(ms);
});

it('never tells a time after now', () => {
    hear();
    expect(clock.timeOf({ wall: truth + hour }).getTime()).toBe(truth);
    expect(clock.timeOf({ wall: truth + hour, offset: day, life: 'another', steady: 0 }).getTime()).toBe(truth);
});

it.each([
    ['no date', null],
    ['no date that one can read', 'yesterday'],
])('hears nothing from %s', (_, date) => {
    set(hour);
    clock.hear(date, clock.read());
    expect(clock.now().getTime()).toBe(truth + hour);
});

it('hears nothing from an answer that took long, or during which the clock was set', () => {
    set(hour);
    hear(20_000);
    expect(clock.minutesAhead()).toBe(0);
    const asked = clock.read();
    set(2 * hour);
    clock.hear(new Date(truth).toUTCString(), asked);
    expect(clock.minutesAhead()).toBe(0);
});

it.each([4 * minute, -4 * minute, 2000])('does not make a word about %i ms', (by) => {
    set(by);
    hear();
    expect(clock.minutesAhead()).toBe(0);
});

it('tells who shows the time', () => {
    const listener = vi.fn();
    const stop = clock.subscribe(listener);
    hear();
    expect(listener).not.toHaveBeenCalled();
    set(hour);
    hear();
    expect(listener).toHaveBeenCalledTimes(1);
    hear();
    expect(listener).toHaveBeenCalledTimes(1);
    stop();
    set(0);
    hear();
    expect(listener).toHaveBeenCalledTimes(1);
});
