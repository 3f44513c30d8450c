import type { Page } from '@playwright/test';
import { expect, expectAccessible, test } from './rondo';

const full = '2027-02-10';

const heightsOf = (page: Page) =>
    page
        .locator('.month-row:not(.month-head)')
        .evaluateAll((rows) => rows.map((row) => Math.round(row.getBoundingClientRect().height)));

/** Whether what stands in a cell ends before the cell does. */
const fits = (page: Page) =>
    page
        .locator('.month-day')
        .evaluateAll((days) =>
            days.every((day) =>
                [...day.querySelectorAll('li, button, a')].every(
                    (part) => part.getBoundingClientRect().bottom <= day.getBoundingClientRect().bottom,
                ),
            ),
        );

test.describe('a day with many tasks', () => {
    test.beforeEach(async ({ account }) => {
        for (let hour = 8; hour < 20; hour++)
            await account.add({ title: `Call ${hour}`, due_date: `${full}T${String(hour).padStart(2, '0')}:00` });
        await account.add({ title: 'Alone', due_date: '2027-02-17' });
    });

    for (const height of [600, 800, 1100])
        test(`leaves the rows as high as the others, ${height} px`, async ({ open, page }) => {
            await page.setViewportSize({ width: 1280, height });
            await open('/calendar?month=2027-02');
            await expect(page.getByRole('link', { name: /Call 8/ })).toBeVisible();
            const heights = await heightsOf(page);
            expect(Math.max(...heights) - Math.min(...heights)).toBeLessThanOrEqual(1);
            expect(await fits(page)).toBe(true);
            const day = page.getByRole('cell', { name: /10 February/ });
            const shown = await day.getByRole('listitem').count();
            await expect(day.getByRole('button', { name: `${12 - shown} more, Wednesday` })).toBeVisible();
        });

    test('shows more of them as the window grows, and all where there is room', async ({ open, page }) => {
        await open('/calendar?month=2027-02');
        const day = page.getByRole('cell', { name: /10 February/ });
        await expect(day.getByRole('listitem').first()).toBeVisible();
        const before = await day.getByRole('listitem').count();
        await page.setViewportSize({ width: 1280, height: 1200 });
        await expect.poll(() => day.getByRole('listitem').count()).toBeGreaterThan(before);
        await page.setViewportSize({ width: 1280, height: 2200 });
        await expect(day.getByRole('listitem')).toHaveCount(12);
        await expect(day.getByRole('button', { name: /more/ })).toHaveCount(0);
        await page.setViewportSize({ width: 1280, height: 800 });
        await expect(day.getByRole('listitem')).toHaveCount(before);
    });

    test('shows the rest by keyboard, and opens one', async ({ open, page }) => {
        await open('/calendar?month=2027-02');
        await page.getByRole('button', { name: /more, Wednesday/ }).focus();
        await page.keyboard.press('Enter');
        const rest = page.getByRole('dialog', { name: /10 February/ });
        await expect(rest.getByRole('link')).toHaveCount(12);
        await expectAccessible(page);
        await page.keyboard.press('Escape');
        await expect(rest).toHaveCount(0);
        await expect(page.getByRole('button', { name: /more, Wednesday/ })).toBeFocused();
        await page.keyboard.press('Enter');
        await expect(rest).toBeVisible();
        await rest.getByRole('link', { name: /Call 19/ }).focus();
        await page.keyboard.press('Enter');
        await expect(page.getByLabel('Title')).toHaveValue('Call 19');
        await expect(rest).toHaveCount(0);
    });

    test('shows the rest by mouse, and opens one', async ({ open, page }) => {
        await open('/calendar?month=2027-02');
        await page.getByRole('button', { name: /more, Wednesday/ }).click();
        const rest = page.getByRole('dialog', { name: /10 February/ });
        await rest.getByRole('link', { name: /Call 18/ }).click();
        await expect(page.getByLabel('Title')).toHaveValue('Call 18');
        await expect(rest).toHaveCount(0);
    });

    test('is a row of dots on a phone, and a list below', async ({ open, page }) => {
        await page.setViewportSize({ width: 390, height: 844 });
        await open(`/calendar?month=2027-02&day=${full}`);
        await expect(page.getByRole('row', { name: /Call 8/ }).first()).toBeVisible();
        const heights = await heightsOf(page);
        expect(Math.max(...heights) - Math.min(...heights)).toBeLessThanOrEqual(1);
        await expect(page.getByRole('cell', { name: /10 February/ }).locator('.dot:visible')).toHaveCount(4);
        expect(await fits(page)).toBe(true);
    });
});
