import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserZone, zoneList, zoneNames } from './zones';

const now = new Date('2026-11-30T12:00:00Z');
/** The zone of the machine. */
const inZone = (zone: string) => vi.stubEnv('TZ', zone);
afterEach(() => {
    vi.unstubAllEnvs();
});

describe('asks first for', () => {
    it.each([
        ['Europe/Berlin', ['Europe/Berlin']],
        ['Asia/Calcutta', ['Asia/Calcutta', 'Asia/Kolkata']],
        ['Asia/Kolkata', ['Asia/Kolkata', 'Asia/Calcutta']],
        ['Europe/Kyiv', ['Europe/Kyiv', 'Europe/Kiev']],
        ['Asia/Saigon', ['Asia/Saigon', 'Asia/Ho_Chi_Minh']],
        ['America/Godthab', ['America/Godthab', 'America/Nuuk']],
        ['America/Buenos_Aires', ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires']],
        ['europe/berlin', ['europe/berlin', 'Europe/Berlin']],
        ['GMT+3', ['GMT+3', 'Etc/GMT-3']],
        ['UTC-05:00', ['UTC-05:00', 'Etc/GMT+5']],
        ['+03:00', ['+03:00', 'Etc/GMT-3']],
        ['+05:30', ['+05:30', 'Asia/Calcutta', 'Asia/Kolkata']],
        ['EST5EDT', ['EST5EDT', 'America/New_York']],
    ])('%s', (reported, first) => {
        expect(zoneNames(reported, now).slice(0, first.length)).toEqual(first);
    });
});

describe('goes by the clock of a machine whose zone has no name that means anything:', () => {
    it.each([
        ['Europe/Berlin', 'Europe/Berlin'],
        ['Asia/Kolkata', 'Asia/Calcutta'],
        ['America/St_Johns', 'America/St_Johns'],
        ['Australia/Lord_Howe', 'Australia/Lord_Howe'],
        ['Asia/Kathmandu', 'Asia/Katmandu'],
        ['UTC', 'UTC'],
        ['Etc/GMT-3', 'Etc/GMT-3'],
    ])('%s', (zone, first) => {
        inZone(zone);
        expect(zoneNames('Etc/Unknown', now)[1]).toBe(first);
        expect(zoneNames('Mars/Phobos', now)[1]).toBe(first);
        expect(zoneNames('', now)[0]).toBe(first);
    });
});

it('finds none where no zone is like it', () => {
    expect(zoneNames('-05:30', now)).toEqual(['-05:30']);
});

it('prefers the same part of the world, and no pole', () => {
    expect(zoneNames('Europe/Stockholm', now)[1]).toMatch(/^Europe/);
    inZone('Europe/Berlin');
    expect(zoneNames('', now)).not.toContain('Arctic/Longyearbyen');
});

it('lists the zones by both names of those that were renamed', () => {
    const list = zoneList();
    expect(list[0]).toBe('UTC');
    expect(list).toEqual(
        expect.arrayContaining(['Asia/Calcutta', 'Asia/Kolkata', 'Europe/Kiev', 'Europe/Kyiv', 'Asia/Tokyo']),
    );
    expect(new Set(list).size).toBe(list.length);
});

it('names few', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/New_York'])
        expect(zoneNames(zone, now).length).toBeLessThan(7);
});

it('calls the zone of this browser by a name that it knows', () => {
    expect(() => new Intl.DateTimeFormat('en', { timeZone: browserZone })).not.toThrow();
});
