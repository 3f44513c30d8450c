import type { Page } from '@playwright/test';
import { expect, expectAccessible, readyForOffline, test, type Account } from './rondo';

async function fill(account: Account) {
    await account.add({ title: 'Item 10', due_date: '2027-03-01', priority: 'low' });
    await account.add({ title: 'apple', priority: 'urgent' });
    const early = await account.add({ title: 'Item 2', due_date: '2027-01-05T09:00', priority: 'high' });
    await account.add({ title: 'Äpfel', due_date: '2027-01-05', priority: 'medium' });
    await account.call('PATCH', `/api/tasks/${early.id}`, { description: 'changed last' });
}

const titles = (page: Page) => page.getByRole('grid', { name: /All tasks|Alle Aufgaben/ }).locator('.task-title');

async function sortBy(page: Page, name: string) {
    await page.getByRole('button', { name: /Sort by/ }).click();
    await page.getByRole('menuitemradio', { name, exact: true }).click();
}

/** What the API gives for a sort, and what else is a matter of ties. */
const told = async (account: Account, sort: string) =>
    ((await account.call('GET', `/api/tasks?sort=${sort}`)) as { title: string }[]).map(({ title }) => title);

test('all tasks are sorted by what one chooses, both ways, and the address keeps it', async ({ account, open }) => {
    await fill(account);
    const page = await open('/all');
    await expect(titles(page)).toHaveText(await told(account, '-created_at'));
    await expectAccessible(page);
    for (const [name, first, other] of [
        ['Due date', 'due_date', '-due_date'],
        ['Title', 'title', '-title'],
        ['Priority', '-priority', 'priority'],
        ['Edited', '-updated_at', 'updated_at'],
        ['Created', '-created_at', 'created_at'],
    ] as const) {
        await sortBy(page, name);
        await expect(titles(page)).toHaveText(await told(account, first));
        await page.getByRole('button', { name: 'Descending' }).click();
        await expect(titles(page)).toHaveText(await told(account, other));
    }
    await sortBy(page, 'Title');
    await expect(page).toHaveURL(/\/all\?sort=title$/);
    await page.reload();
    await expect(titles(page)).toHaveText(['Äpfel', 'apple', 'Item 2', 'Item 10']);
    await page.getByRole('row', { name: 'Item 2' }).click();
    await expect(page).toHaveURL(/sort=title&task=/);
    await expectAccessible(page);
});

test('it is sorted by keyboard, and a screen reader hears how', async ({ account, open }) => {
    await fill(account);
    const page = await open('/all');
    await page.getByRole('button', { name: 'Sort by: Created' }).focus();
    await page.keyboard.press('Enter');
    await expectAccessible(page);
    await page.keyboard.type('ti');
    await page.keyboard.press('Enter');
    await expect(titles(page)).toHaveText(['Äpfel', 'apple', 'Item 2', 'Item 10']);
    await page.keyboard.press('Tab');
    const way = page.getByRole('button', { name: 'Descending' });
    await expect(way).toBeFocused();
    await expect(way).toHaveAttribute('aria-pressed', 'false');
    await page.keyboard.press('Space');
    await expect(way).toHaveAttribute('aria-pressed', 'true');
    await expect(titles(page)).toHaveText(['Item 10', 'Item 2', 'apple', 'Äpfel']);
    await expect(page).toHaveURL(/sort=-title/);
});

test('what makes no sense in the address is the newest first', async ({ account, open }) => {
    await fill(account);
    const page = await open('/all?sort=-due');
    await expect(titles(page)).toHaveText(await told(account, '-created_at'));
});

test('without the server, what was read is sorted in an order never asked for', async ({ account, open, context }) => {
    await fill(account);
    const page = await open('/all');
    await expect(titles(page)).toHaveCount(4);
    await readyForOffline(page);
    const byPriority = await told(account, '-priority');
    const byDue = await told(account, 'due_date');
    await context.setOffline(true);
    await sortBy(page, 'Title');
    await expect(titles(page)).toHaveText(['Äpfel', 'apple', 'Item 2', 'Item 10']);
    await page.reload();
    await expect(titles(page)).toHaveText(['Äpfel', 'apple', 'Item 2', 'Item 10']);
    await sortBy(page, 'Priority');
    await expect(titles(page)).toHaveText(byPriority);
    await sortBy(page, 'Due date');
    await expect(titles(page)).toHaveText(byDue);
    await expect(page.getByRole('alert')).toHaveCount(0);
});

test.describe('in German', () => {
    test.use({ locale: 'de-DE' });
    test('the choices have German names', async ({ account, open }) => {
        await fill(account);
        const page = await open('/all?sort=title');
        await page.getByRole('button', { name: /Sortieren nach/ }).click();
        await expect(page.getByRole('menuitemradio')).toHaveText([
            'Erstellt',
            'Fälligkeit',
            'Titel',
            'Priorität',
            'Bearbeitet',
        ]);
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'Absteigend' }).click();
        await expect(titles(page)).toHaveText(['Item 10', 'Item 2', 'apple', 'Äpfel']);
    });
});

test.describe('on a phone', () => {
    test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });
    test('one sorts too, and nothing is wider than the page', async ({ account, open }) => {
        await fill(account);
        const page = await open('/all');
        await page.getByRole('button', { name: /Sort by/ }).tap();
        await page.getByRole('menuitemradio', { name: 'Title', exact: true }).tap();
        await expect(titles(page)).toHaveText(['Äpfel', 'apple', 'Item 2', 'Item 10']);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
        await expectAccessible(page);
    });
});
