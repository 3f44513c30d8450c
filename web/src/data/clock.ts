// What time it is, whatever the clock of this device says: the `Date` of the server's answers sets it right. The offset
// is what the server's clock is ahead of this one, in milliseconds; it is kept for the next time the page is opened.

const key = 'rondo.clock';
/** From here on the page says that the clock is wrong; so far ahead, the server takes no completion for true. */
const saidFromMs = 5 * 60_000;
/** `Date` tells whole seconds, and a server may write the same one for a second longer. */
const dateStepMs = 2_000;
/** What took longer tells nothing of now. */
const slowMs = 10_000;
/** Wall and steady clock that differ by more were set, or the device slept. */
const toleranceMs = 3_000;
const pulseMs = 20_000;

/** What two clocks of this device show: that on the wall, which may be set, and one that only goes on. */
export interface Reading {
    wall: number;
    steady: number;
}

/** When something happened, as far as this device can tell; `timeOf` knows better once the server has been heard. */
export interface Moment {
    wall: number;
    /** As it was measured while the page was open; absent where the clock may have been set since. */
    offset?: number;
    steady?: number;
    /** The opening of the page in which `steady` counts. */
    life?: string;
}

const life = String(Math.random());
let offset = kept();
/** When the server was last heard, since the page was opened. */
let heard: Reading | undefined;
const listeners = new Set<() => void>();
let pulse: ReturnType<typeof setInterval> | undefined;

function kept(): number {
    try {
        return Number(localStorage.getItem(key)) || 0;
    } catch {
        return 0;
    }
}

const tell = () => listeners.forEach((listener) => listener());

export const read = (): Reading => ({ wall: Date.now(), steady: performance.now() });

/** How far the wall clock has gone ahead of the steady one between two readings. */
const leapBetween = (from: Reading, to: Reading) => to.wall - from.wall - (to.steady - from.steady);

/**
 * The offset at a reading. A clock that was set back is seen, since the steady one goes on. One that leapt ahead is
 * believed until the server is heard: the device may have slept.
 */
function offsetAt(at: Reading): number {
    const leap = heard ? leapBetween(heard, at) : 0;
    return leap < -toleranceMs ? offset - leap : offset;
}

/** Takes note of an answer's `Date`. `asked`: when the request was sent. */
export function hear(date: string | null, asked: Reading) {
    const told = Date.parse(date ?? '');
    const got = read();
    if (Number.isNaN(told) || got.steady - asked.steady > slowMs) return;
    if (Math.abs(leapBetween(asked, got)) > toleranceMs) return;
    const before = offset;
    const [least, most] = [told - got.wall, told + dateStepMs - asked.wall];
    const fits = (guess: number) => least <= guess && guess <= most;
    if (fits(0)) offset = 0;
    else if (!fits(offset)) offset = Math.round((least + most) / 2);
    heard = got;
    if (offset === before) return;
    try {
        localStorage.setItem(key, String(offset));
    } catch {
        // It is measured again when the page is opened again.
    }
    tell();
}

/** What the server's clock shows now. */
export function now(): Date {
    const at = read();
    return new Date(at.wall + offsetAt(at));
}

export function moment(): Moment {
    const at = read();
    const isSure = heard && leapBetween(heard, at) <= toleranceMs;
    return { ...at, life, ...(isSure && { offset: offsetAt(at) }) };
}

/** When a moment was by the server's clock; never after now, nor later than the steady clock allows. */
export function timeOf(then: Moment): Date {
    const passed = then.life === life && then.steady !== undefined ? read().steady - then.steady : 0;
    return new Date(Math.min(then.wall + (then.offset ?? offset), now().getTime() - passed));
}

/** By how many whole minutes this device's clock is ahead (or behind: negative); 0 where that is not worth a word. */
export function minutesAhead(): number {
    const ahead = -offsetAt(read());
    return Math.abs(ahead) > saidFromMs ? Math.round(ahead / 60_000) : 0;
}

/** Calls `listener` when the time may be another than it was going to be, and now and then, for what shows the day. */
export function subscribe(listener: () => void) {
    listeners.add(listener);
    pulse ??= setInterval(tell, pulseMs);
    return () => {
        listeners.delete(listener);
        if (listeners.size) return;
        clearInterval(pulse);
        pulse = undefined;
    };
}
