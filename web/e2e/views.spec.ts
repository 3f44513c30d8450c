import { expect, expectAccessible, test } from './rondo';

test('finds tasks, views and tags with Ctrl+K, and lists the keys with ?', async ({ account, open }) => {
    await account.add({ title: 'Needle', tags: ['hay'] });
    const page = await open('/today');
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('searchbox')).toBeFocused();
    await page.keyboard.type('need');
    await expect(page.getByRole('menuitem')).toHaveText(['Needle']);
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await expect(page.getByLabel('Title')).toHaveValue('Needle');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog', { name: 'Keyboard' })).toBeVisible();
    await expectAccessible(page);
});

test('search finds words of titles, notes and tags', async ({ account, open }) => {
    await account.add({ title: 'Call Elif', description: 'about the invoice' });
    await account.add({ title: 'Nothing' });
    const page = await open('/search');
    await expectAccessible(page);
    await page.getByRole('searchbox').fill('invoice');
    await expect(page.getByRole('row')).toHaveText([/Call Elif/]);
    await page.getByRole('searchbox').fill('zzz');
    await expect(page.getByText('No task has all of these words')).toBeVisible();
    await expectAccessible(page);
});

test('what is deleted comes back from the trash', async ({ account, open }) => {
    const task = await account.add({ title: 'Precious' });
    await account.call('DELETE', `/api/tasks/${task.id}`);
    const page = await open('/trash');
    const row = page.getByRole('row', { name: 'Precious' });
    await expect(row).toBeVisible();
    await expectAccessible(page);
    await row.getByRole('button', { name: 'Restore' }).click();
    await expect(page.getByText('The trash is empty')).toBeVisible();
    expect(await account.call('GET', `/api/tasks/${task.id}`)).toMatchObject({ title: 'Precious' });
});

test('a tag has its list, its colour and its end', async ({ account, open }) => {
    await account.add({ title: 'Mow', tags: ['garden'] });
    const page = await open('/today');
    await page.getByRole('link', { name: /garden/ }).click();
    await expect(page.getByRole('row', { name: 'Mow' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Edit garden' }).click();
    await expectAccessible(page);
    await page.getByLabel('Name of the tag').fill('outside');
    await page.getByRole('option').first().click();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('heading', { name: '#outside' })).toBeVisible();
    expect(await account.call('GET', '/api/tags')).toMatchObject([{ name: 'outside', color: '#EF4444' }]);
});

test('settings change zone, password, theme and language', async ({ account, open }) => {
    const page = await open('/settings');
    await expectAccessible(page);
    await page.getByRole('combobox', { name: 'Time zone' }).fill('Tokyo');
    await page.getByRole('option', { name: 'Asia/Tokyo' }).click();
    await expect.poll(() => account.call('GET', '/api/auth/me')).toMatchObject({ timezone: 'Asia/Tokyo' });
    await page.getByRole('button', { name: /Theme/ }).click();
    await page.getByRole('option', { name: 'Dark' }).click();
    await expectAccessible(page);
    await page.getByLabel('Present password').fill('correct horse battery');
    await page.getByLabel('New password').fill('another horse battery');
    await page.getByRole('button', { name: 'Change password' }).click();
    await expect(page.getByText('All other sessions have ended.')).toBeVisible();
    await page.getByRole('button', { name: /Language/ }).click();
    await page.getByRole('option', { name: 'Deutsch' }).click();
    await expect(page.getByRole('heading', { name: 'Einstellungen' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('link', { name: 'Heute' })).toBeVisible();
});

test('settings show where one is logged in, and log out there', async ({ account, open, request, server }) => {
    const agent = 'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
    const elsewhere = await request.post(`${server}/api/auth/login`, {
        data: { email: account.email, password: 'correct horse battery' },
        headers: { 'user-agent': agent },
    });
    const { access_token } = await elsewhere.json();
    const page = await open('/settings');
    const sessions = page.getByRole('list', { name: 'Where you are logged in' }).getByRole('listitem');
    await expect(sessions).toHaveCount(2);
    await expectAccessible(page);
    await sessions.filter({ hasText: 'Firefox on Linux' }).getByRole('button').click();
    await expect(sessions).toHaveCount(1);
    await expect(sessions).toContainText('This one');
    const refused = await request.get(`${server}/api/auth/me`, {
        headers: { authorization: `Bearer ${access_token}` },
    });
    expect(refused.status()).toBe(401);
});

test('a long list keeps few rows, and loads as one goes down', async ({ account, open }) => {
    test.slow();
    // The first and the last are made alone: those that are made at once have no order of their own.
    await account.add({ title: 'First made' });
    const titles = Array.from({ length: 398 }, (_, index) => `Task ${index}`);
    for (let at = 0; at < titles.length; at += 50)
        await Promise.all(titles.slice(at, at + 50).map((title) => account.add({ title })));
    await account.add({ title: 'Last made' });
    const page = await open('/all');
    await expect(page.getByRole('row', { name: 'Last made' })).toBeVisible();
    expect(await page.getByRole('row').count()).toBeLessThan(60);
    await page.getByRole('row').first().focus();
    await expect(async () => {
        await page.keyboard.press('End');
        await expect(page.getByRole('row', { name: 'First made' })).toBeVisible({ timeout: 500 });
    }).toPass();
    expect(await page.getByRole('row').count()).toBeLessThan(60);
});

test('the calendar shows a month, what is done in it, and goes on by keys', async ({ account, open }) => {
    await account.add({ title: 'Dentist', due_date: '2027-02-10T10:40' });
    await account.add({ title: 'Taxes', due_date: '2027-02-11', status: 'done' });
    const page = await open('/calendar?month=2027-02');
    await expect(page.getByRole('heading', { name: 'February 2027' })).toBeVisible();
    await expect(page.getByRole('cell', { name: /10 February/ })).toContainText('Dentist');
    await expect(page.getByRole('link', { name: 'Taxes' })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Next month' }).click();
    await expect(page.getByRole('heading', { name: 'March 2027' })).toBeVisible();
    await page.goBack();
    await page.getByRole('link', { name: /Dentist/ }).click();
    await expect(page.getByLabel('Title')).toHaveValue('Dentist');
});

test('the first and the last cell of a month show what is due all day and at a time', async ({ account, open }) => {
    // A month begins on a Monday and one ends on a Sunday: its outermost cells are days of its own.
    for (const day of ['2026-05-31', '2026-04-27', '2026-05-15']) {
        await account.add({ title: `All ${day}`, due_date: day });
        await account.add({ title: `Ten ${day}`, due_date: `${day}T10:00` });
        await account.add({ title: `Far ${day}`, due_date: day, timezone: 'Pacific/Kiritimati' });
    }
    for (const day of ['2026-04-26', '2026-06-01']) await account.add({ title: `Not ${day}`, due_date: day });
    const page = await open('/calendar?month=2026-05');
    for (const [day, name] of [
        ['2026-05-31', /31 May/],
        ['2026-04-27', /27 April/],
        ['2026-05-15', /15 May/],
    ] as const)
        for (const title of [`All ${day}`, `Ten ${day}`, `Far ${day}`])
            await expect(page.getByRole('cell', { name }).getByText(title, { exact: true })).toHaveCount(1);
    await expect(page.locator('.month').getByText(/Not/)).toHaveCount(0);
    const june = await open('/calendar?month=2026-06');
    await expect(june.getByRole('cell', { name: /1 June/ }).first()).toContainText('Not 2026-06-01');
});

test('after a time of which the server kept no events, everything is read again', async ({ account, open }) => {
    const page = await open('/all');
    await page.route('**/api/events/stream', (route) => route.abort());
    await page.reload();
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await account.add({ title: 'Made meanwhile', due_date: '2027-02-10' });
    await expect(page.getByText('Made meanwhile')).toHaveCount(0);
    await page.unroute('**/api/events/stream');
    await page.route('**/api/events/stream', (route) =>
        route.continue({ headers: { ...route.request().headers(), 'last-event-id': 'long gone' } }),
    );
    await expect(page.getByText('Made meanwhile')).toBeVisible({ timeout: 20_000 });
});

test('a card is moved on the board with the keyboard', async ({ account, open }) => {
    const task = await account.add({ title: 'Ship it' });
    const page = await open('/board');
    const card = page.getByRole('region', { name: 'To do' }).getByRole('row', { name: 'Ship it' });
    await expect(card).toBeVisible();
    await expectAccessible(page);
    await card.getByRole('button', { name: 'Drag Ship it' }).focus();
    await page.keyboard.press('Enter');
    const column = page.getByRole('region', { name: 'In progress' });
    await expect(async () => {
        if (!(await column.locator(':focus').count())) await page.keyboard.press('Tab');
        await expect(column.locator(':focus')).toHaveCount(1, { timeout: 500 });
    }).toPass();
    await page.keyboard.press('Enter');
    await expect.poll(() => account.call('GET', `/api/tasks/${task.id}`)).toMatchObject({ status: 'in_progress' });
    await expect(column.getByRole('row', { name: 'Ship it' })).toBeVisible();
});

test('insights count what was done, and streaks', async ({ account, open }) => {
    await account.add({ title: 'Once', status: 'done' });
    const page = await open('/stats');
    await expect(page.locator('.figures dd').first()).toHaveText('1');
    const year = page.getByRole('img', { name: 'The last 12 months: 1' });
    await expect(year).toBeVisible();
    await expect(year.locator('rect')).toHaveCount(364);
    await expect(year.locator('rect').last()).toHaveText(/^1 on /);
    await expectAccessible(page);
});

test.describe('on a phone', () => {
    test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

    test('one goes by the bar below, and the menu has the rest', async ({ account, open }) => {
        const task = await account.add({ title: 'Pocket' });
        const page = await open('/today');
        await page.getByRole('navigation', { name: 'Menu' }).getByRole('link', { name: 'All tasks' }).click();
        await page.getByRole('row', { name: 'Pocket' }).tap();
        await expect(page.getByLabel('Title')).toHaveValue('Pocket');
        await expectAccessible(page);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
        await page.getByRole('button', { name: 'Close' }).click();
        await page.getByRole('button', { name: 'More' }).click();
        await page.getByRole('dialog').getByRole('link', { name: 'Trash' }).click();
        await expect(page.getByRole('heading', { name: 'Trash' })).toBeVisible();
        expect(task.id).toBeTruthy();
    });
});
