// Behind nginx that compresses: entity tags come weak, and who sends a weak one is refused.
import type { Page } from '@playwright/test';
import { rmSync } from 'node:fs';
import {
    day,
    expect,
    makeAccount,
    newFolder,
    readyForOffline,
    startProxy,
    startServer,
    test as base,
    type Server,
} from './rondo';

interface Proxied {
    server: Server;
    /** Starts the server again where it was; nginx answers with 502 meanwhile. */
    restart: () => Promise<void>;
}

const test = base.extend<{ validators: string[] }, { proxied: Proxied & { proxy: Server } }>({
    proxied: [
        async ({}, use) => {
            const folder = newFolder();
            const own: Proxied & { proxy: Server } = {
                server: await startServer(folder),
                proxy: { url: '', stop: () => Promise.resolve() },
                async restart() {
                    own.server = await startServer(folder, new URL(own.server.url).port);
                },
            };
            own.proxy = startProxy(own.server.url, `${folder}/services`);
            try {
                await use(own);
            } finally {
                await own.proxy.stop();
                await own.server.stop();
                rmSync(folder, { recursive: true });
            }
        },
        { scope: 'worker' },
    ],
    baseURL: async ({ proxied }, use) => use(proxied.proxy.url),
    account: async ({ request, proxied }, use) => use(await makeAccount(request, proxied.server.url)),
    /** What the page says of the versions that it has seen. None of it may be weak. */
    validators: [
        async ({ page }, use) => {
            const sent: string[] = [];
            page.on('request', (asked) => {
                const { 'if-match': match, 'if-none-match': noneMatch } = asked.headers();
                if (new URL(asked.url()).pathname.startsWith('/api/'))
                    sent.push(...[match, noneMatch].filter((one) => one !== undefined));
            });
            await use(sent);
            expect(sent.filter((one) => !/^"\d+"$/.test(one))).toEqual([]);
        },
        { auto: true },
    ],
});

const away = (page: Page) => page.route('**/api/**', (route) => route.abort('internetdisconnected'));
const back = (page: Page) => page.unroute('**/api/**');
const sentAll = (page: Page) => expect(page.getByText(/waits? for the server/)).toBeHidden({ timeout: 30_000 });

test('nginx weakens what it compresses, and what is weak is refused', async ({ account, page, proxied }) => {
    const { id } = await account.add({ title: 'Water', tags: ['home'] });
    const path = `${proxied.proxy.url}/api/tasks/${id}`;
    const headers = { authorization: `Bearer ${account.tokens.access_token}`, 'accept-encoding': 'gzip' };
    const etag = (await page.request.get(path, { headers })).headers().etag ?? '';
    expect(etag).toMatch(/^W\/"1-/);
    const refused = await page.request.patch(path, { headers: { ...headers, 'if-match': etag }, data: { title: 'x' } });
    expect(refused.status()).toBe(412);
});

for (const tags of [[], ['home', 'garden']])
    for (const without of [false, true])
        test(`every field is saved, ${without ? 'without the server' : 'with it'}, of a task with ${tags.length} tags`, async ({
            account,
            open,
            validators,
        }) => {
            test.slow();
            const task = await account.add({ title: 'Water', due_date: day(0), tags });
            const read = () => account.call('GET', `/api/tasks/${task.id}`);
            const page = await open(`/all?task=${task.id}`);
            await expect(page.getByLabel('Title')).toHaveValue('Water');
            if (without) {
                await readyForOffline(page);
                await away(page);
            }
            // One after the other, so that each is over what the one before has made.
            let made = 0;
            const saved = async (fields: Record<string, unknown>) => {
                if (without) {
                    await expect(page.getByText(`${++made} change`)).toBeVisible();
                    return;
                }
                await expect.poll(read).toMatchObject(fields);
                await sentAll(page);
            };
            await page.getByLabel('Title').fill('Water the ferns');
            await page.keyboard.press('Enter');
            await saved({ title: 'Water the ferns' });
            await page.getByLabel('Notes').fill('not the cactus');
            await page.getByLabel('Notes').blur();
            await saved({ description: 'not the cactus' });
            await page.getByRole('button', { name: /Medium/ }).click();
            await page.getByRole('option', { name: 'High' }).click();
            await saved({ priority: 'high' });
            await page.getByRole('button', { name: /To do/ }).click();
            await page.getByRole('option', { name: 'In progress' }).click();
            await saved({ status: 'in_progress' });
            await page.getByRole('combobox', { name: 'New tag' }).fill('new');
            await page.keyboard.press('Enter');
            await saved({ tags: { length: tags.length + 1 } });
            await page.getByRole('button', { name: 'Remove the date' }).click();
            await saved({ due_date: null });
            if (without) await back(page);
            await sentAll(page);
            expect(await read()).toMatchObject({
                title: 'Water the ferns',
                description: 'not the cactus',
                priority: 'high',
                status: 'in_progress',
                due_date: null,
                version: 7,
            });
            expect(validators.length).toBeGreaterThanOrEqual(6);
            await expect(page.getByRole('alertdialog')).toBeHidden();
        });

test('a skip, a move on the board, and another name of a tag', async ({ account, open }) => {
    const daily = { due_date: day(0), recurring_type: 'daily', tags: ['home'] };
    const task = await account.add({ title: 'Water', ...daily });
    const read = () => account.call('GET', `/api/tasks/${task.id}`);
    const page = await open(`/all?task=${task.id}`);
    await page.getByRole('button', { name: 'Skip this one' }).click();
    await expect.poll(read).toMatchObject({ due_date: day(1), occurrence: 2 });
    await readyForOffline(page);
    await away(page);
    await page.getByRole('button', { name: 'Skip this one' }).click();
    await expect(page.getByText('1 change waits')).toBeVisible();
    await back(page);
    await sentAll(page);
    await expect.poll(read).toMatchObject({ due_date: day(2), occurrence: 3 });

    // What was read before the tag was renamed is still the version that is changed.
    const [tag] = (await account.call('GET', '/api/tags')) as { id: string }[];
    await account.call('PUT', `/api/tags/${tag?.id}`, { name: 'house' });
    await page.getByLabel('Title').fill('Water all');
    await page.keyboard.press('Enter');
    await expect.poll(read).toMatchObject({ title: 'Water all', tags: [{ name: 'house' }] });
    await page.getByRole('list', { name: 'Tags' }).getByRole('link', { name: 'house' }).click();
    await page.getByRole('button', { name: 'Edit house' }).click();
    await page.getByLabel('Name of the tag').fill('flat');
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(read).toMatchObject({ tags: [{ name: 'flat' }] });

    await page.goto('/board');
    const card = page.getByRole('row', { name: /Water all/ });
    await card.dragTo(page.getByRole('grid', { name: 'In progress' }));
    await expect.poll(read).toMatchObject({ status: 'in_progress' });
});

for (const keep of ['mine', 'theirs'] as const)
    test(`a true conflict asks, and ${keep} stays`, async ({ account, page, open }) => {
        const task = await account.add({ title: 'Shared', description: 'before', tags: ['home'] });
        const read = () => account.call('GET', `/api/tasks/${task.id}`);
        // Nothing tells the page of the other change.
        await page.route('**/api/events/stream', (route) => route.abort());
        await open(`/all?task=${task.id}`);
        await expect(page.getByLabel('Notes')).toHaveValue('before');
        await account.call('PATCH', `/api/tasks/${task.id}`, { description: 'theirs' });
        await page.getByLabel('Notes').fill('mine');
        await page.getByLabel('Notes').blur();
        const dialog = page.getByRole('alertdialog', { name: 'Changed meanwhile' });
        await expect(dialog.getByRole('row', { name: 'Notes mine theirs' })).toBeVisible();
        await dialog.getByRole('button', { name: keep === 'mine' ? 'Keep mine' : 'Take the other' }).click();
        await expect(dialog).toBeHidden();
        await expect.poll(read).toMatchObject({ description: keep });
        await expect(page.getByLabel('Notes')).toHaveValue(keep);
    });

test('what another page has kept with a weak tag is sent', async ({ account, open }) => {
    const tasks = await Promise.all(['A', 'B', 'C', 'D', 'E'].map((title) => account.add({ title, tags: ['home'] })));
    const page = await open('/all');
    await readyForOffline(page);
    await away(page);
    const named = [{ version: 'W/"1"' }, { version: '"1-0a"' }, { etag: 'W/"1-0a"' }, { etag: '"1"' }, { version: 1 }];
    const token = account.tokens.access_token.split('.')[1] ?? '';
    const user = JSON.parse(Buffer.from(token, 'base64url').toString()) as { sub: string };
    const entries = tasks.map(({ id, title }, index) => ({
        kind: 'change',
        task: id,
        title,
        fields: { title: `${title}!` },
        user: user.sub,
        ...named[index],
    }));
    await page.evaluate(
        (entries) =>
            new Promise<void>((done) => {
                const asked = indexedDB.open('rondo');
                asked.onsuccess = () => {
                    const work = asked.result.transaction('outbox', 'readwrite');
                    for (const entry of entries) work.objectStore('outbox').add(entry);
                    work.oncomplete = () => done();
                };
            }),
        entries,
    );
    await page.reload();
    await expect(page.getByText('5 changes wait')).toBeVisible();
    await back(page);
    await sentAll(page);
    const found = (await account.call('GET', '/api/tasks')) as { title: string }[];
    expect(found.map(({ title }) => title).toSorted()).toEqual(['A!', 'B!', 'C!', 'D!', 'E!']);
});

test('what is done elsewhere arrives at once', async ({ account, page, open }) => {
    const followed = page.waitForResponse('**/api/events/stream');
    await open('/all');
    await followed;
    await account.add({ title: 'From elsewhere' });
    await expect(page.getByRole('row', { name: 'From elsewhere' })).toBeVisible();
});

test('what may have been missed is read again when the stream says so', async ({ account, page, open }) => {
    await account.add({ title: 'Known' });
    let says = '';
    await page.route('**/api/events/stream', (route) =>
        says ? route.fulfill({ contentType: 'text/event-stream', body: says }) : route.abort(),
    );
    await open('/all');
    await expect(page.getByRole('row', { name: 'Known' })).toBeVisible();
    await account.add({ title: 'Missed' });
    await account.call('PATCH', '/api/auth/me', { name: 'Grace' });
    says = 'id: \nevent: reset\ndata: {}\n\n';
    await expect(page.getByRole('row', { name: 'Missed' })).toBeVisible();
    await expect(page.getByText('Grace')).toBeVisible();
});

test('while nginx answers for a server that is away, what is done waits', async ({ account, open, proxied }) => {
    test.slow();
    const task = await account.add({ title: 'Water', due_date: day(0) });
    await account.add({ title: 'Journal', due_date: day(0) });
    const page = await open('/today');
    await readyForOffline(page);
    await proxied.server.stop();
    await page.getByRole('row', { name: 'Water' }).getByRole('button', { name: 'Complete' }).click();
    await expect(page.getByText('1 change waits')).toBeVisible();
    await page.getByRole('textbox', { name: 'Add task' }).fill('Thought');
    await page.keyboard.press('Enter');
    await expect(page.getByText('2 changes wait')).toBeVisible();
    await page.reload();
    await expect(page.getByRole('row', { name: 'Journal' })).toBeVisible();
    await expect(page.getByRole('row', { name: 'Water' })).toBeHidden();
    await proxied.restart();
    await sentAll(page);
    expect(await account.call('GET', `/api/tasks/${task.id}`)).toMatchObject({ status: 'done' });
    await expect(page.getByRole('row', { name: 'Thought' })).toHaveCount(1);
});
