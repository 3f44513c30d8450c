// The clock of the device is wrong, or is set meanwhile: the server's counts.
import type { Page } from '@playwright/test';
import { day, expect, expectAccessible, readyForOffline, test } from './rondo';

const minute = 60_000;
/** A second that `Date` does not tell, one in which it may be told, and the way there. */
const exactMs = 3_000;

/** The clock of the page's device at the start. */
const startClock = (page: Page, minutesAhead: number) =>
    page.addInitScript(
        (ahead) => localStorage.getItem('test.ahead') ?? localStorage.setItem('test.ahead', String(ahead)),
        minutesAhead * minute,
    );

/** Sets it, from now on and after a reload. */
const setClock = (page: Page, minutesAhead: number) =>
    page.evaluate((ahead) => localStorage.setItem('test.ahead', String(ahead)), minutesAhead * minute);

test.beforeEach(({ page }) =>
    page.addInitScript(() => {
        const Real = Date;
        const now = () => Real.now() + Number(localStorage.getItem('test.ahead') ?? 0);
        window.Date = class extends Real {
            constructor(...given: [number]) {
                super(...(given.length ? given : ([now()] as [number])));
            }
            static override now = now;
        } as DateConstructor;
    }),
);

const away = (page: Page) => page.route('**/api/**', (route) => route.abort('internetdisconnected'));
const back = (page: Page) => page.unroute('**/api/**');
const sentAll = (page: Page) => expect(page.getByText(/waits? for the server/)).toBeHidden({ timeout: 30_000 });

/** Completes a task; gives between which times. */
async function complete(page: Page, title: string) {
    const row = page.getByRole('row', { name: title });
    const from = Date.now();
    await row.getByRole('button', { name: 'Complete' }).click();
    await expect(row).toBeHidden();
    return { title, from, to: Date.now() };
}

test.describe('the clock is off', () => {
    for (const [ahead, said] of [
        [6, '6 minutes ahead'],
        [60, '60 minutes ahead'],
        [1440, '24 hours ahead'],
        [-60, '60 minutes behind'],
        [-3 * 1440, '3 days behind'],
    ] as const)
        test(said, async ({ account, page, open }) => {
            await account.add({ title: 'With it', due_date: day(0), recurring_type: 'daily' });
            await account.add({ title: 'Without it', due_date: day(0) });
            await account.add({ title: 'Late', due_date: day(-1) });
            await account.add({ title: 'Soon', due_date: new Date(Date.now() + 3 * minute).toISOString() });
            await account.add({ title: 'Not yet', due_date: day(1) });
            test.slow();
            await startClock(page, ahead);
            await open('/today');
            const status = page.getByRole('status').filter({ hasText: `The clock of this device is ${said}.` });
            await expect(status).toBeVisible();
            await expect(page.getByRole('row', { name: 'Late' })).toContainText('Yesterday');
            // Its date, and the heading above it.
            await expect(page.locator('[data-tone=danger]')).toHaveCount(2);
            await expect(page.getByRole('row', { name: 'Not yet' })).toBeHidden();
            await readyForOffline(page);

            const done = [await complete(page, 'With it')];
            await expect(page.getByText(/^Next:/)).toBeVisible();
            await away(page);
            done.push(await complete(page, 'Without it'));
            await expect(page.getByText('1 change waits')).toBeVisible();
            await page.reload();
            await expect(status).toBeVisible();
            done.push(await complete(page, 'Late'));
            await expect(page.getByText('2 changes wait')).toBeVisible();
            await back(page);
            await sentAll(page);
            await expectDone(account, done);
            await expect(page.getByRole('alertdialog').filter({ hasText: 'refused' })).toBeHidden();
        });
});

type Call = { call: (method: string, path: string) => Promise<unknown> };
async function expectDone(account: Call, done: { title: string; from: number; to: number }[]) {
    const tasks = (await account.call('GET', '/api/tasks?status=done')) as Record<string, string>[];
    expect(tasks).toHaveLength(done.length);
    for (const { title, from, to } of done) {
        const at = Date.parse(tasks.find((task) => task.title === title)?.completed_at ?? '');
        expect(at, title).toBeGreaterThanOrEqual(from - exactMs);
        expect(at, title).toBeLessThanOrEqual(to + exactMs);
    }
}

test.describe('the clock is set while the server is away', () => {
    for (const to of [6, 60, 1440, -60, -3 * 1440])
        test(`by ${to} minutes`, async ({ account, page, open }) => {
            for (const title of ['Before', 'After', 'Set right'])
                await account.add({ title, due_date: day(0), recurring_type: 'weekly' });
            await open('/today');
            await expect(page.getByRole('row', { name: 'Before' })).toBeVisible();
            await readyForOffline(page);
            await away(page);
            const done = [await complete(page, 'Before')];
            await setClock(page, to);
            done.push(await complete(page, 'After'));
            await setClock(page, 0);
            done.push(await complete(page, 'Set right'));
            await expect(page.getByText('3 changes wait')).toBeVisible();
            if (to > 60) await setClock(page, to);
            await back(page);
            await sentAll(page);
            await expectDone(account, done);
        });
});

test('says it in German, and is readable by all', async ({ page, open }) => {
    await page.addInitScript(() => localStorage.setItem('rondo.language', 'de'));
    await startClock(page, -90);
    await open('/today');
    await expect(page.getByText('Die Uhr dieses Geräts geht 90 Minuten nach.')).toBeVisible();
    await expectAccessible(page);
});

test('says nothing of a clock that is nearly right', async ({ account, page, open }) => {
    await account.add({ title: 'Water', due_date: day(0) });
    await startClock(page, 4);
    await open('/today');
    await complete(page, 'Water');
    await expect(page.getByText('Done: Water')).toBeVisible();
    await expect(page.getByText('The clock of this device')).toBeHidden();
});
