import type { Browser, Page } from '@playwright/test';
import { day, expect, makeAccount, test, type Account } from '../e2e/rondo';

const loads = 5;
const tasks = 200;
const changes = 10; // few enough that the list shows them all
const manyTasks = 10_000;
const scrolledForMs = 5_000;

interface Load {
    bytes: number;
    first_paint_ms: number;
    usable_ms: number;
}

const median = (of: number[]) => of.sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? NaN;

/** A browser that knows nothing yet but who is logged in. */
async function freshContext(browser: Browser, server: string, account: Account) {
    const context = await browser.newContext({ baseURL: server, serviceWorkers: 'block' });
    await context.addInitScript(
        (tokens) => localStorage.setItem('rondo.session', tokens),
        JSON.stringify(account.tokens),
    );
    return context;
}

/** Usable: the tasks are there, and a key does something. Gives when, in milliseconds since the page was asked for. */
async function untilUsable(page: Page): Promise<number> {
    await expect(page.getByRole('row').first()).toBeVisible({ timeout: 30_000 });
    await page.keyboard.press('n');
    await expect(page.getByRole('textbox', { name: 'Add task' })).toBeFocused();
    return page.evaluate(() => performance.now());
}

async function load(browser: Browser, server: string, account: Account): Promise<Load> {
    const context = await freshContext(browser, server, account);
    const page = await context.newPage();
    const network = await context.newCDPSession(page);
    await network.send('Network.enable');
    let bytes = 0;
    const ofPage = new Set<string>();
    network.on('Network.responseReceived', ({ requestId, response }) => {
        if (!new URL(response.url).pathname.startsWith('/api/')) ofPage.add(requestId);
    });
    network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
        if (ofPage.has(requestId)) bytes += encodedDataLength;
    });
    await page.goto('/today');
    const usable_ms = await untilUsable(page);
    const first_paint_ms = await page.evaluate(
        () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    );
    await context.close();
    return { bytes, first_paint_ms, usable_ms };
}

/** When a row with this text is in the page, by the machine's clock. */
const seen = (page: Page, text: string) =>
    page.evaluate(
        (text) =>
            new Promise<number>((found) => {
                const rows = () => [...document.querySelectorAll('[role=row]')];
                const look = () => rows().some((row) => row.textContent.includes(text)) && found(Date.now());
                new MutationObserver(look).observe(document.body, { subtree: true, childList: true });
                look();
            }),
        text,
    );

/** How much later than the window where it is made another one shows each of some tasks. */
async function agreement(browser: Browser, server: string, account: Account): Promise<number[]> {
    const context = await freshContext(browser, server, account);
    const [here, there] = [await context.newPage(), await context.newPage()];
    await account.add({ title: 'The first', due_date: day(0) });
    for (const page of [here, there]) {
        await page.goto('/today');
        await untilUsable(page);
    }
    const lags: number[] = [];
    for (let index = 0; index < changes; index++) {
        const title = `Seen by both ${index}.`;
        const both = Promise.all([seen(here, title), seen(there, title)]);
        await here.getByRole('textbox', { name: 'Add task' }).fill(title);
        await here.keyboard.press('Enter');
        const [first, second] = await both;
        lags.push(second - first);
    }
    await context.close();
    return lags;
}

/** The times between frames while a list of many tasks goes by, a row and a half with each frame. */
async function scrolling(browser: Browser, server: string, account: Account) {
    const context = await freshContext(browser, server, account);
    const page = await context.newPage();
    await page.goto('/today');
    const usable_ms = await untilUsable(page);
    const frames = await page.evaluate(
        (forMs) =>
            new Promise<number[]>((done) => {
                let list = document.querySelector('[role=row]');
                while (list && list.scrollHeight <= list.clientHeight) list = list.parentElement;
                const began = performance.now();
                let last = began;
                const frames: number[] = [];
                const frame = (now: number) => {
                    frames.push(now - last);
                    last = now;
                    list?.scrollBy(0, 60);
                    if (now - began < forMs) requestAnimationFrame(frame);
                    else done(frames.slice(1));
                };
                requestAnimationFrame(frame);
            }),
        scrolledForMs,
    );
    await context.close();
    return { usable_ms, frames };
}

test('measure', async ({ browser, server, account, request }) => {
    test.setTimeout(180_000);
    for (let index = 0; index < tasks; index++) await account.add({ title: `Task ${index}`, due_date: day(0) });
    const measured: Load[] = [];
    for (let index = 0; index < loads; index++) measured.push(await load(browser, server, account));
    const lags = await agreement(browser, server, await makeAccount(request, server));
    for (let made = tasks; made < manyTasks; made += 50)
        await Promise.all(
            Array.from({ length: 50 }, (_, index) => account.add({ title: `Task ${made + index}`, due_date: day(0) })),
        );
    const { usable_ms, frames } = await scrolling(browser, server, account);
    console.log(
        JSON.stringify({
            loads,
            tasks,
            page_bytes: median(measured.map((one) => one.bytes)),
            first_paint_ms: Math.round(median(measured.map((one) => one.first_paint_ms))),
            usable_ms: Math.round(median(measured.map((one) => one.usable_ms))),
            other_window_ms: median(lags),
            other_window_longest_ms: Math.max(...lags),
            many_tasks: manyTasks,
            many_usable_ms: Math.round(usable_ms),
            frames_per_s: Math.round((1000 * frames.length) / frames.reduce((sum, one) => sum + one, 0)),
            frames_over_20_ms: frames.filter((one) => one > 20).length,
        }),
    );
});
