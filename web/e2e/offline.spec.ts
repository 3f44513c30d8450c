import type { BrowserContext, Page } from '@playwright/test';
import { rmSync } from 'node:fs';
import {
    day,
    expect,
    expectAccessible,
    keptQueries,
    makeAccount,
    newFolder,
    password,
    readyForOffline,
    startServer,
    test as base,
    type Server,
} from './rondo';

// A server of its own, that can go away and come back.
const test = base.extend<{ restartable: { server: Server; start: () => Promise<void>; stop: () => Promise<void> } }>({
    restartable: async ({}, use) => {
        const folder = newFolder();
        const own = { server: await startServer(folder) };
        const stop = () => own.server.stop();
        await use({
            server: own.server,
            stop,
            start: async () => void (own.server = await startServer(folder, new URL(own.server.url).port)),
        });
        await stop();
        rmSync(folder, { recursive: true });
    },
    account: async ({ request, restartable }, use) => use(await makeAccount(request, restartable.server.url)),
    baseURL: async ({ restartable }, use) => use(restartable.server.url),
});

async function reopen(page: Page, context: BrowserContext, path: string) {
    await page.close();
    const next = await context.newPage();
    await next.goto(path);
    return next;
}

test('what is done without the server survives reload and tab, and is sent when it is back', async ({
    account,
    context,
    open,
    restartable,
}) => {
    test.slow();
    await account.add({ title: 'Water', due_date: day(0), recurring_type: 'daily' });
    const noted = await account.add({ title: 'Journal', due_date: day(0) });
    let page = await open(`/today?task=${noted.id}`);
    await expect(page.getByRole('row', { name: 'Water' })).toBeVisible();
    await expect(page.getByLabel('Title')).toHaveValue('Journal');
    await readyForOffline(page);
    await restartable.stop();

    const before = Date.now();
    await page.getByRole('row', { name: 'Water' }).getByRole('button', { name: 'Complete' }).click();
    await expect(page.getByText('1 change waits for the server')).toBeVisible();
    const after = Date.now();
    await page.getByLabel('Notes').fill('written on the train');
    await page.getByLabel('Notes').blur();
    await expect(page.getByText('2 changes wait for the server')).toBeVisible();
    await page.getByRole('textbox', { name: 'Add task' }).fill('Thought on the train');
    await page.keyboard.press('Enter');
    await expect(page.getByText('3 changes wait for the server')).toBeVisible();
    await expectAccessible(page);

    await page.reload();
    await expect(page.getByRole('row', { name: 'Thought on the train' })).toBeVisible();
    await expect(page.getByRole('row', { name: 'Water' })).toBeHidden();
    page = await reopen(page, context, `/today?task=${noted.id}`);
    await expect(page.getByText('3 changes wait for the server')).toBeVisible();
    await expect(page.getByLabel('Notes')).toHaveValue('written on the train');

    await restartable.start();
    await expect(page.getByText(/waits? for the server/)).toBeHidden({ timeout: 30_000 });
    const tasks = (await account.call('GET', '/api/tasks')) as Record<string, string>[];
    const titled = (title: string) => tasks.filter((task) => task.title === title);
    expect(titled('Thought on the train')).toMatchObject([{ due_date: day(0), status: 'pending' }]);
    expect(titled('Journal')).toMatchObject([{ description: 'written on the train' }]);
    const done = titled('Water').find(({ status }) => status === 'done');
    expect(Date.parse(done?.completed_at ?? '')).toBeGreaterThanOrEqual(before);
    expect(Date.parse(done?.completed_at ?? '')).toBeLessThanOrEqual(after);
    await expect(page.getByRole('row', { name: 'Thought on the train' })).toHaveCount(1);
});

test('an answer that is lost makes no second task', async ({ account, open }) => {
    const page = await open('/all');
    let lost = 0;
    let mayComeAgain = () => {};
    const seen = new Promise<void>((resolve) => (mayComeAgain = resolve));
    await readyForOffline(page);
    await page.route('**/api/tasks', async (route) => {
        if (route.request().method() !== 'POST') return route.continue();
        if (lost) return void seen.then(() => route.continue());
        lost++;
        await route.fetch();
        await route.abort('connectionreset');
    });
    await page.getByRole('textbox', { name: 'Add task' }).fill('Only once');
    await page.keyboard.press('Enter');
    await expect(page.getByText('1 change waits for the server')).toBeVisible();
    mayComeAgain();
    await expect(page.getByText(/waits? for the server/)).toBeHidden();
    expect(lost).toBe(1);
    await expect(page.getByRole('row', { name: 'Only once' })).toHaveCount(1);
    expect(await account.call('GET', '/api/tasks')).toHaveLength(1);
});

for (const keep of ['mine', 'theirs'] as const)
    test(`a change that met another one is shown beside it, and ${keep} stays`, async ({ account, context, open }) => {
        const task = await account.add({ title: 'Shared', description: 'before' });
        const read = () => account.call('GET', `/api/tasks/${task.id}`);
        const page = await open(`/all?task=${task.id}`);
        await expect(page.getByLabel('Title')).toHaveValue('Shared');
        await readyForOffline(page);
        await context.route('**/api/**', (route) => route.abort('internetdisconnected'));
        await page.getByLabel('Notes').fill('mine');
        await page.getByLabel('Notes').blur();
        await expect(page.getByText('1 change waits for the server')).toBeVisible();
        await account.call('PATCH', `/api/tasks/${task.id}`, { description: 'theirs' });
        await context.unroute('**/api/**');

        const dialog = page.getByRole('alertdialog', { name: 'Changed meanwhile' });
        await expect(dialog.getByRole('row', { name: 'Notes mine theirs' })).toBeVisible();
        await expectAccessible(page);
        expect(await read()).toMatchObject({ description: 'theirs' });
        await dialog.getByRole('button', { name: keep === 'mine' ? 'Keep mine' : 'Take the other' }).click();
        await expect(dialog).toBeHidden();
        await expect(page.getByText(/waits? for the server/)).toBeHidden();
        await expect.poll(read).toMatchObject({ description: keep });
        await expect(page.getByLabel('Notes')).toHaveValue(keep);
    });

test('the panel of a task made without the server stays open when it gets its id', async ({
    account,
    open,
    restartable,
}) => {
    test.slow();
    const page = await open('/today');
    await readyForOffline(page);
    await restartable.stop();
    await page.getByRole('textbox', { name: 'Add task' }).fill('Thought');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: 'Thought' }).click();
    await expect(page).toHaveURL(/task=local-/);
    const local = page.url();
    await page.getByRole('combobox', { name: 'New tag' }).fill('one');
    await page.keyboard.press('Enter');
    await expect(page.getByText('2 changes wait for the server')).toBeVisible();
    await page.keyboard.type('two');
    await page.keyboard.press('Enter');
    await expect(page.getByText('3 changes wait for the server')).toBeVisible();
    await expectAccessible(page);
    await page.reload();
    await expect(page.getByLabel('Title')).toHaveValue('Thought');
    const notes = page.getByLabel('Notes');
    await notes.fill('half a sentence');

    await restartable.start();
    await expect(page).toHaveURL(/task=[0-9a-f]{8}-[0-9a-f-]{27}$/, { timeout: 30_000 });
    await expect(page.getByText(/waits? for the server/)).toBeHidden();
    await expect(notes).toHaveValue('half a sentence');
    await expect(notes).toBeFocused();
    await notes.blur();
    const read = () => account.call('GET', '/api/tasks');
    await expect
        .poll(read)
        .toMatchObject([
            { title: 'Thought', description: 'half a sentence', tags: [{ name: 'one' }, { name: 'two' }] },
        ]);
    await expect(page.getByRole('row', { name: 'Thought' })).toHaveCount(1);

    await page.goto(local);
    await expect(page.getByText('This task is not here any more')).toBeVisible();
});

for (const decision of ['Try again', 'Discard'] as const)
    test(`a change that waited and is refused is shown, not dropped: ${decision}`, async ({
        account,
        context,
        open,
    }) => {
        const task = await account.add({ title: 'Poem', description: 'before' });
        await account.add({ title: 'Other', due_date: day(0) });
        const page = await open(`/all?task=${task.id}`);
        await expect(page.getByLabel('Notes')).toHaveValue('before');
        await readyForOffline(page);
        await context.route('**/api/**', (route) => route.abort('internetdisconnected'));
        await page.getByLabel('Notes').fill('two lines\nof a poem');
        await page.getByLabel('Notes').blur();
        await page.getByRole('row', { name: 'Other' }).getByRole('button', { name: 'Complete' }).click();
        await expect(page.getByText('2 changes wait for the server')).toBeVisible();
        await account.call('DELETE', `/api/tasks/${task.id}`);
        await context.unroute('**/api/**');

        const dialog = page.getByRole('alertdialog', { name: 'The server refused a change' });
        await expect(dialog.getByText('Change of: Poem')).toBeVisible();
        await page.reload();
        await expect(dialog.getByRole('alert')).toContainText(/There is no such task.*Error [0-9a-f]{8}-/);
        const typed = dialog.getByRole('row', { name: 'Notes' }).getByRole('cell');
        await typed.selectText();
        expect(await page.evaluate(() => String(getSelection()))).toContain('two lines\nof a poem');
        await expectAccessible(page);
        // The other one does not follow on it.
        await expect(page.getByText('1 change waits for the server')).toBeVisible();

        if (decision === 'Try again') await account.call('POST', `/api/tasks/${task.id}/restore`);
        await dialog.getByRole('button', { name: decision }).click();
        await expect(dialog).toBeHidden();
        // What was deleted and restored is another version.
        if (decision === 'Try again')
            await page
                .getByRole('alertdialog', { name: 'Changed meanwhile' })
                .getByRole('button', { name: 'Keep mine' })
                .click();
        await expect(page.getByText(/waits? for the server/)).toBeHidden();
        const tasks = (await account.call('GET', '/api/tasks')) as Record<string, string>[];
        const found = tasks.map(({ title, status, description }) => ({ title, status, description }));
        const other = { title: 'Other', status: 'done', description: null };
        const poem = { title: 'Poem', status: 'pending', description: 'two lines\nof a poem' };
        expect(found.toSorted((a, b) => String(a.title).localeCompare(String(b.title)))).toEqual(
            decision === 'Discard' ? [other] : [other, poem],
        );
    });

test('a skip, tags and the zone wait for the server, and what is shown meanwhile is true', async ({
    account,
    open,
    restartable,
}) => {
    test.slow();
    const daily = { recurring_type: 'daily' };
    const known = await account.add({ title: 'Water', due_date: day(0), tags: ['home', 'gone'], ...daily });
    await account.add({ title: 'Run', due_date: day(0), recurring_type: 'weekly' });
    const page = await open(`/all?task=${known.id}`);
    const row = (name: string) => page.getByRole('row', { name });
    const waits = 'Waits for the server';
    await expect(page.getByRole('region', { name: 'Repeat' }).getByRole('listitem')).toHaveCount(5);
    await readyForOffline(page);
    await restartable.stop();

    await page.getByRole('button', { name: 'Skip this one' }).click();
    await expect(row('Water')).toContainText('Tomorrow');
    await expect(row('Water').getByLabel(waits)).toBeVisible();
    await row('Run').click();
    await page.getByRole('button', { name: 'Skip this one' }).click();
    await expect(page.getByText('Skipped: Run. Its next date comes from the server.')).toBeVisible();
    await expect(row('Run')).toContainText('Today');
    await expect(row('Run').getByLabel(waits)).toBeVisible();
    await expect(page.getByRole('button', { name: 'Skip this one' })).toBeDisabled();
    await expectAccessible(page);

    const tags = page.getByRole('list', { name: 'Tags' });
    await tags.getByRole('link', { name: 'gone' }).click();
    await page.getByRole('button', { name: 'Edit gone' }).click();
    await page.getByRole('button', { name: 'Delete the tag' }).click();
    await expect(tags.getByRole('link')).toHaveText(['home1']);
    await tags.getByRole('link', { name: 'home' }).click();
    await page.getByRole('button', { name: 'Edit home' }).click();
    await page.getByLabel('Name of the tag').fill('house');
    await page.getByRole('option', { name: /red/i }).first().click();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('heading', { name: '#house' })).toBeVisible();
    await page.getByRole('link', { name: 'Settings' }).click();
    const zone = page.getByRole('combobox', { name: 'Time zone' });
    await zone.fill('Tokyo');
    await page.getByRole('option', { name: 'Asia/Tokyo' }).click();
    await expect(page.getByText('5 changes wait for the server')).toBeVisible();
    await page.reload();
    await expect(zone).toHaveValue('Asia/Tokyo');
    await expect(tags.getByRole('link')).toHaveText(['house1']);
    await page.keyboard.press('5');
    await expect(row('Water')).toContainText('house');

    await restartable.start();
    await expect(page.getByText(/waits? for the server/)).toBeHidden({ timeout: 30_000 });
    expect(await account.call('GET', '/api/auth/me')).toMatchObject({ timezone: 'Asia/Tokyo' });
    expect(await account.call('GET', '/api/tags')).toMatchObject([{ name: 'house', color: '#EF4444', task_count: 1 }]);
    const skipped = { occurrence: 2, status: 'pending' };
    expect(await account.call('GET', '/api/tasks?sort=due_date')).toMatchObject([
        { title: 'Water', due_date: day(1), ...skipped },
        { title: 'Run', due_date: day(7), ...skipped },
    ]);
    await expect(page.getByLabel(waits)).toHaveCount(0);
});

test('a skip whose answer is lost skips once', async ({ account, open }) => {
    const task = await account.add({ title: 'Water', due_date: day(0), recurring_type: 'daily' });
    const page = await open(`/all?task=${task.id}`);
    await readyForOffline(page);
    let sent = 0;
    await page.route('**/skip', async (route) => {
        if (sent++) return route.continue();
        await route.fetch();
        await route.abort('connectionreset');
    });
    await page.getByRole('button', { name: 'Skip this one' }).click();
    await expect.poll(() => sent).toBe(2);
    await expect(page.getByText(/waits? for the server/)).toBeHidden();
    await expect(page.getByRole('alertdialog', { name: 'The server refused' })).toBeHidden();
    expect(await account.call('GET', `/api/tasks/${task.id}`)).toMatchObject({ due_date: day(1), occurrence: 2 });
});

test('a task that was moved on by another hand is not skipped unasked', async ({ account, context, open }) => {
    const task = await account.add({ title: 'Water', due_date: day(0), recurring_type: 'daily' });
    const read = () => account.call('GET', `/api/tasks/${task.id}`);
    const page = await open(`/all?task=${task.id}`);
    await expect(page.getByLabel('Title')).toHaveValue('Water');
    await readyForOffline(page);
    await context.route('**/api/**', (route) => route.abort('internetdisconnected'));
    await page.getByRole('button', { name: 'Skip this one' }).click();
    await expect(page.getByText('1 change waits for the server')).toBeVisible();
    await account.call('POST', `/api/tasks/${task.id}/skip`);
    await context.unroute('**/api/**');
    const dialog = page.getByRole('alertdialog', { name: 'The server refused a change' });
    await expect(dialog.getByText('Skip: Water')).toBeVisible();
    expect(await read()).toMatchObject({ due_date: day(1) });
    await dialog.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(read).toMatchObject({ due_date: day(2), occurrence: 3 });
});

test('a password needs the server, and what was typed stays', async ({ context, open }) => {
    const page = await open('/settings');
    await expect(page.getByText('This one')).toBeVisible();
    await readyForOffline(page);
    await context.route('**/api/**', (route) => route.abort('internetdisconnected'));
    await page.getByLabel('Present password').fill(password);
    await page.getByLabel('New password').fill('another long one');
    await page.getByRole('button', { name: 'Change password' }).click();
    await expect(page.getByText('A password is changed by the server alone.')).toBeVisible();
    await expectAccessible(page);
    await expect(page.getByLabel('New password')).toHaveValue('another long one');
    await context.unroute('**/api/**');
    await page.getByRole('button', { name: 'Change password' }).click();
    await expect(page.getByText('Password changed.')).toBeVisible();
});

test('what is gone already is deleted without a question', async ({ account, context, open }) => {
    const task = await account.add({ title: 'Twice gone', due_date: day(0) });
    const page = await open('/today');
    const row = page.getByRole('row', { name: 'Twice gone' });
    await expect(row).toBeVisible();
    await readyForOffline(page);
    await context.route('**/api/**', (route) => route.abort('internetdisconnected'));
    await row.focus();
    await page.keyboard.press('Delete');
    await expect(page.getByText('1 change waits for the server')).toBeVisible();
    await account.call('DELETE', `/api/tasks/${task.id}`);
    await context.unroute('**/api/**');
    await expect(page.getByText(/waits? for the server/)).toBeHidden();
    await expect(page.getByRole('alertdialog', { name: 'The server refused' })).toBeHidden();
});

test('what one account kept is not shown to the next', async ({ account, open }) => {
    await account.add({ title: 'Private', due_date: day(0) });
    const page = await open('/today');
    await expect(page.getByRole('row', { name: 'Private' })).toBeVisible();
    await readyForOffline(page);
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Log out' }).click();
    await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
    await expect.poll(() => page.evaluate(keptQueries)).toBe('[]');
});
