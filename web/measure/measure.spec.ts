import type { Browser } from '@playwright/test';
import { day, expect, test, type Account } from '../e2e/rondo';

const loads = 5;
const tasks = 200;

interface Load {
    bytes: number;
    first_paint_ms: number;
    usable_ms: number;
}

/** One first load of somebody who is logged in, in a browser that knows nothing yet. */
async function load(browser: Browser, server: string, account: Account): Promise<Load> {
    const context = await browser.newContext({ baseURL: server, serviceWorkers: 'block' });
    await context.addInitScript(
        (tokens) => localStorage.setItem('rondo.session', tokens),
        JSON.stringify(account.tokens),
    );
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
    // Usable: the tasks are there, and a key does something.
    await expect(page.getByRole('row').first()).toBeVisible();
    await page.keyboard.press('n');
    await expect(page.getByRole('textbox', { name: 'Add task' })).toBeFocused();
    const { usable, paint } = await page.evaluate(() => ({
        usable: performance.now(),
        paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN,
    }));
    await context.close();
    return { bytes, first_paint_ms: paint, usable_ms: usable };
}

test('measure', async ({ browser, server, account }) => {
    test.slow();
    for (let index = 0; index < tasks; index++) await account.add({ title: `Task ${index}`, due_date: day(0) });
    const measured: Load[] = [];
    for (let index = 0; index < loads; index++) measured.push(await load(browser, server, account));
    const median = (name: keyof Load) => measured.map((one) => one[name]).sort((a, b) => a - b)[(loads - 1) / 2] ?? NaN;
    console.log(
        JSON.stringify({
            loads,
            tasks,
            page_bytes: median('bytes'),
            first_paint_ms: Math.round(median('first_paint_ms')),
            usable_ms: Math.round(median('usable_ms')),
        }),
    );
});
