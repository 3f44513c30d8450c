import { describe, expect, it } from 'vitest';
import { dueOf, isOverdue } from './dates';
import { browserDiffers, knowsZone, serverClock, usableZone } from './zone-rules';

const at = (due_date: string | null, timezone = 'Europe/Berlin') => ({ due_date, timezone });

describe('the rules of browser and server', () => {
    it.each([
        ['2026-02-08T09:00:00+01:00', 'Europe/Berlin'],
        ['2026-07-08T09:00:00+02:00', 'Europe/Berlin'],
        ['2026-03-29T03:30:00+02:00', 'Europe/Berlin'],
        ['2026-10-25T02:30:00+02:00', 'Europe/Berlin'],
        ['2026-10-25T02:30:00+01:00', 'Europe/Berlin'],
        ['2026-02-08T00:00:00+05:45', 'Asia/Kathmandu'],
        ['2026-02-08T09:00:00Z', 'UTC'],
        ['1890-01-01T09:00:00+00:53', 'Europe/Berlin'],
        ['9999-12-31T09:00:00-05:00', 'America/New_York'],
    ])('agree on %s in %s', (due, zone) => expect(browserDiffers(at(due, zone))).toBeNull());

    it.each([
        ['2026-02-08T09:00:00+02:00', 'Europe/Berlin', '2026-02-08T08:00:00'],
        ['2026-07-08T09:00:00+01:00', 'Europe/Berlin', '2026-07-08T10:00:00'],
        ['2026-02-08T09:00:00+05:30', 'Asia/Kathmandu', '2026-02-08T09:15:00'],
        ['2026-02-08T23:30:00-06:00', 'America/New_York', '2026-02-09T00:30:00'],
        ['2026-02-08T09:00:00+01:00', 'UTC', '2026-02-08T08:00:00'],
    ])('differ on %s in %s', (due, zone, browser) => expect(browserDiffers(at(due, zone))?.toString()).toBe(browser));

    it('cannot be told apart by whole days and by nothing', () => {
        expect(browserDiffers(at('2026-02-08'))).toBeNull();
        expect(browserDiffers(at(null))).toBeNull();
    });

    it('differ where the browser does not know the zone', () => {
        expect(browserDiffers(at('2026-02-08T09:00:00+07:00', 'Mars/Base'))).toBe('unknown');
        expect([knowsZone('Mars/Base'), usableZone('Mars/Base'), usableZone('Asia/Tokyo')]).toEqual([
            false,
            'UTC',
            'Asia/Tokyo',
        ]);
    });
});

describe('what is shown', () => {
    it("is the server's clock in the task's own zone", () => {
        const due = { due_date: '2026-02-08T00:30:00+09:00', timezone: 'Europe/Berlin' };
        expect(serverClock(due)?.toString()).toBe('2026-02-08T00:30:00');
        expect(dueOf(due, 'Europe/Berlin')).toMatchObject({ at: new Date('2026-02-07T15:30Z') });
        expect(dueOf(due, 'Europe/Berlin')?.day.toString()).toBe('2026-02-08');
        expect(dueOf(due, 'Europe/Berlin')?.clock?.toString()).toBe('2026-02-08T00:30:00');
        expect(dueOf(due, 'UTC')?.clock?.toString()).toBe('2026-02-07T15:30:00');
    });

    it('does not fail for a zone that the browser does not know', () => {
        const due = { due_date: '2026-02-08T00:30:00+09:00', timezone: 'Mars/Base' };
        expect(dueOf(due, 'Mars/Base')?.clock?.toString()).toBe('2026-02-08T00:30:00');
        expect(dueOf(due, 'Europe/Berlin')?.day.toString()).toBe('2026-02-07');
        const day = { due_date: '2026-02-08', timezone: 'Mars/Base', status: 'pending' } as const;
        expect(isOverdue(day, new Date('2026-02-09T12:00Z'))).toBe(true);
        expect(isOverdue(day, new Date('2026-02-08T12:00Z'))).toBe(false);
    });
});
