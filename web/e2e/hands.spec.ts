import type { Page } from '@playwright/test';
import { day, expect, expectAccessible, password, test } from './rondo';

test('from signing up to a completed task with the keyboard alone', async ({ page }) => {
    await page.goto('/signup');
    await expect(page.getByLabel('E-mail')).toBeFocused();
    await page.keyboard.type('keys@example.com');
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible();
    await page.keyboard.press('n');
    await page.keyboard.type('Feed the cat');
    await page.keyboard.press('Enter');
    const row = page.getByRole('row', { name: 'Feed the cat' });
    await expect(row).toBeVisible();
    await expect(async () => {
        await page.keyboard.press('Tab');
        await expect(row).toBeFocused({ timeout: 200 });
    }).toPass();
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Title')).toHaveValue('Feed the cat');
    await page.keyboard.press('Escape');
    await expect(row).toBeFocused();
    await page.keyboard.press('c');
    await expect(row).toBeHidden();
    await page.keyboard.press('6');
    await expect(row).toBeVisible();
});

test('a task is dragged to another day of the calendar, by mouse and by keyboard', async ({ account, open }) => {
    const task = await account.add({ title: 'Dentist', due_date: '2027-02-10T10:40' });
    const read = () => account.call('GET', `/api/tasks/${task.id}`);
    const page = await open('/calendar?month=2027-02');
    const cell = (name: RegExp) => page.getByRole('cell', { name });
    await cell(/10 February/)
        .getByRole('link', { name: /Dentist/ })
        .dragTo(cell(/18 February/));
    await expect.poll(read).toMatchObject({ due_date: '2027-02-18T10:40:00+01:00' });
    await expect(cell(/18 February/)).toContainText('Dentist');

    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(read).toMatchObject({ due_date: '2027-02-10T10:40:00+01:00' });
    await page.getByRole('button', { name: 'Move “Dentist”' }).focus();
    await page.keyboard.press('Enter');
    await expect(async () => {
        await page.keyboard.press('Tab');
        await expect(cell(/12 February/)).toBeFocused({ timeout: 200 });
    }).toPass();
    await page.keyboard.press('Enter');
    await expect.poll(read).toMatchObject({ due_date: '2027-02-12T10:40:00+01:00' });
});

test('a task is dragged to another day of what is coming up', async ({ account, open }) => {
    const task = await account.add({ title: 'Paint', due_date: day(2) });
    await account.add({ title: 'Wallpaper', due_date: day(5) });
    const page = await open('/upcoming');
    const row = page.getByRole('row', { name: 'Paint' });
    await expect(row).toBeVisible();
    await row.dragTo(page.getByRole('row', { name: 'Wallpaper' }));
    await expect.poll(() => account.call('GET', `/api/tasks/${task.id}`)).toMatchObject({ due_date: day(5) });
    await expectAccessible(page);
});

test('ten thousand tasks keep few rows, and the last of them is reached', async ({ account, open, page }) => {
    const one = await account.add({ title: 'Task', due_date: day(0) });
    // Made here, since making them on the server would take longer than all other tests together.
    const many = Array.from({ length: 10_000 }, (_, index) => ({
        ...one,
        id: `${one.id.slice(0, -5)}${String(index).padStart(5, '0')}`,
        title: `Task ${index}`,
        created_at: new Date(Date.now() + index).toISOString(),
    }));
    await page.route('**/api/tasks?status=pending', (route) => route.fulfill({ json: many }));
    await open('/today');
    await expect(page.getByRole('row').nth(5)).toBeVisible();
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    await page.getByRole('row').nth(2).focus();
    await page.keyboard.press('End');
    await expect(page.getByRole('row', { name: 'Task 9999', exact: true })).toBeVisible();
    expect(await page.getByRole('row').count()).toBeLessThan(60);
});

test('two windows agree', async ({ account, context, open }, info) => {
    const page = await open('/all');
    const other = await context.newPage();
    await other.goto('/all');
    await expect(other.getByText('No tasks yet')).toBeVisible();
    await account.add({ title: 'Seen by both' });
    const began = Date.now();
    // Nobody looks away or comes back: the stream of events tells both.
    for (const window of [page, other])
        await expect(window.getByRole('row', { name: 'Seen by both' })).toBeVisible({ timeout: 10_000 });
    info.annotations.push({ type: 'both agreed after', description: `${Date.now() - began} ms` });
});

interface Jump extends PerformanceEntry {
    value: number;
    hadRecentInput: boolean;
}

/** Has the page sum up by how much its parts moved without the user's doing (cumulative layout shift). */
const watchJumps = (page: Page) =>
    page.addInitScript(() => {
        new PerformanceObserver((list) => {
            const root = document.documentElement.dataset;
            for (const jump of list.getEntries() as Jump[])
                if (!jump.hadRecentInput) root.jumps = String(Number(root.jumps ?? 0) + jump.value);
        }).observe({ type: 'layout-shift', buffered: true });
    });
const jumps = (page: Page) => page.evaluate(() => Number(document.documentElement.dataset.jumps ?? 0));

for (const colorScheme of ['light', 'dark'] as const)
    test(`every view can be read by all, and nothing in it jumps, in ${colorScheme}`, async ({
        account,
        open,
        page,
    }) => {
        test.slow();
        await watchJumps(page);
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await account.add({ title: 'Late', due_date: day(-2), priority: 'urgent', tags: ['home'] });
        const task = await account.add({ title: 'Weekly', due_date: `${day(1)}T09:00`, recurring_type: 'weekly' });
        await account.add({ title: 'Finished', status: 'done', due_date: day(0) });
        const views = ['today', 'upcoming', 'calendar', 'board', 'all', 'done', 'search?q=late', 'stats', 'trash'];
        for (const view of [...views, 'settings', `all?task=${task.id}`]) {
            await open(`/${view}`);
            await expectAccessible(page);
            expect(await jumps(page), view).toBeLessThan(0.02);
        }
    });
