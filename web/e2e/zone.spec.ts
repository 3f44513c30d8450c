// The browser's zone is one that the server does not know.
import type { Page } from '@playwright/test';
import { expect, password, test } from './rondo';

/** What the browser calls its zone, wherever it is asked. */
const report = (page: Page, zone: string | undefined) =>
    page.addInitScript((timeZone) => {
        const real = Intl.DateTimeFormat.prototype.resolvedOptions;
        Intl.DateTimeFormat.prototype.resolvedOptions = function () {
            return { ...real.call(this), timeZone } as Intl.ResolvedDateTimeFormatOptions;
        };
    }, zone);

/** A server whose tz database lacks some zones. */
const forget = (page: Page, ...zones: string[]) =>
    page.route('**/api/auth/register', async (route) => {
        const { timezone } = route.request().postDataJSON() as { timezone?: string };
        if (!timezone || !zones.includes(timezone)) return route.continue();
        const errors = [{ pointer: '/timezone', message: `${timezone} is not a time zone` }];
        await route.fulfill({ status: 422, contentType: 'application/problem+json', json: { status: 422, errors } });
    });

let accounts = 0;
async function signUp(page: Page, email = `zone${++accounts}@example.com`) {
    await page.goto('/signup');
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign up' }).click();
}

const zoneOf = (page: Page) =>
    page.evaluate(async () => {
        const { access_token } = JSON.parse(localStorage.getItem('rondo.session') ?? '{}') as Record<string, string>;
        const answer = await fetch('/api/auth/me', { headers: { authorization: `Bearer ${access_token}` } });
        return ((await answer.json()) as { timezone: string }).timezone;
    });

for (const [reported, given, forgotten] of [
    ['Etc/Unknown', 'Europe/Berlin', []],
    [undefined, 'Europe/Berlin', []],
    ['', 'Europe/Berlin', []],
    ['Mars/Phobos', 'Europe/Berlin', []],
    ['europe/berlin', 'Europe/Berlin', []],
    ['+03:00', 'Etc/GMT-3', []],
    ['GMT+3', 'Etc/GMT-3', []],
    ['Europe/Kyiv', 'Europe/Kiev', ['Europe/Kyiv']],
    ['Asia/Calcutta', 'Asia/Kolkata', ['Asia/Calcutta']],
    ['-05:30', 'UTC', []],
] as const)
    test(`${reported} makes an account in ${given}, and says so`, async ({ page }) => {
        await report(page, reported);
        await forget(page, ...forgotten);
        await signUp(page);
        await expect(page).toHaveURL(/\/today$/);
        const note = page.getByRole('alertdialog').filter({ hasText: 'The server does not know the time zone' });
        await expect(note).toContainText(`time zone ${reported || 'of this browser'}`);
        await expect(note).toContainText(`Your account is in ${given}.`);
        expect(await zoneOf(page)).toBe(given);
        await note.getByRole('button', { name: 'Settings' }).click();
        await expect(page.getByRole('combobox', { name: 'Time zone' })).toHaveValue(given);
        await page.reload();
        await expect(page.getByRole('combobox', { name: 'Time zone' })).toHaveValue(given);
    });

test('a zone that both know is taken without a word', async ({ page }) => {
    await signUp(page);
    await expect(page).toHaveURL(/\/today$/);
    expect(await zoneOf(page)).toBe('Europe/Berlin');
    await expect(page.getByText('does not know the time zone')).toBeHidden();
});

test('what else is wrong is said at its field', async ({ account, page }) => {
    await report(page, 'Etc/Unknown');
    await signUp(page, account.email);
    await expect(page.getByText(/already|taken|account/i).first()).toBeVisible();
    await expect(page).toHaveURL(/\/signup$/);
    await expect(page.getByText('Etc/Unknown')).toBeHidden();
});

test('a zone that this browser does not know is reckoned as its own', async ({ account, page, open }) => {
    const task = await account.add({ title: 'Water', due_date: '2026-12-01T09:00', timezone: 'Europe/Kyiv' });
    await page.route('**/api/auth/me', async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, json: { ...(await answer.json()), timezone: 'Europe/Newtown' } });
    });
    await page.route('**/api/tasks?*', async (route) => {
        const answer = await route.fetch();
        const tasks = (await answer.json()) as object[];
        await route.fulfill({ response: answer, json: tasks.map((one) => ({ ...one, timezone: 'Europe/Newtown' })) });
    });
    await open('/today');
    for (const path of ['/all', '/upcoming', '/board', '/settings', `/all?task=${task.id}`]) {
        await page.goto(path);
        await expect(page.locator('h1')).toBeVisible();
    }
});
