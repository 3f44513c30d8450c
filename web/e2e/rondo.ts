// The real binary, and a browser that is logged in to it.
import { test as base, expect, type APIRequestContext, type Page } from '@playwright/test';
import { AxeBuilder } from '@axe-core/playwright';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const binary = resolve(process.env.RONDO_BINARY ?? '../build/release/rondo');
export const password = 'correct horse battery';

export interface Account {
    email: string;
    tokens: { access_token: string; refresh_token: string };
    /** Makes a task; gives it. */
    add: (fields: object) => Promise<{ id: string; title: string; due_date: string }>;
    call: (method: string, path: string, data?: object) => Promise<unknown>;
}

export interface Server {
    url: string;
    /** Ends it; its data stay for the next one. */
    stop: () => Promise<void>;
}

/** What makes a program's clock begin at a time and go on from there; its timers are left alone. */
const clockAt = (time: Date) => ({
    LD_PRELOAD: '/usr/$LIB/faketime/libfaketimeMT.so.1',
    TZ: 'UTC',
    FAKETIME: `@${time.toISOString().slice(0, 19).replace('T', ' ')}`,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
});

/** A server on the data of a folder; port 0 is any. Its clock is the machine's, unless it begins at `time`. */
export async function startServer(folder: string, port = '0', time?: Date): Promise<Server> {
    const server = spawn(binary, ['serve'], {
        cwd: folder,
        env: {
            PATH: process.env.PATH,
            HOST: '127.0.0.1',
            PORT: port,
            DATABASE_URL: `sqlite:///${folder}/todo.db`,
            ...(time && clockAt(time)),
        },
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await new Promise<string>((found, failed) => {
        let printed = '';
        server.stdout.on('data', (bytes) => {
            printed += bytes;
            const port = /Rondo \S+ on http:\/\/\S+?:(\d+)/.exec(printed)?.[1];
            if (port) found(`http://127.0.0.1:${port}`);
        });
        server.on('error', failed);
        server.on('exit', (code) => failed(new Error(`rondo ended with ${code}: ${printed}`)));
    });
    const stop = async () => {
        if (server.exitCode !== null) return;
        const ended = new Promise((resolve) => server.on('exit', resolve));
        server.kill('SIGTERM');
        await ended;
    };
    return { url, stop };
}

/** nginx before a server, compressing what it answers; a service of tools/dev-services. */
export function startProxy(upstream: string, folder: string): Server {
    const service = (action: string) =>
        execFileSync('python3', ['../tools/dev-services', action, 'nginx', '--dir', folder], {
            env: { ...process.env, RONDO_TEST_UPSTREAM: upstream },
            encoding: 'utf8',
        });
    const url = /RONDO_TEST_NGINX=(\S+)/.exec(service('start'))?.[1];
    if (!url) throw new Error('nginx was not started');
    return { url, stop: () => Promise.resolve(void service('stop')) };
}

export const newFolder = () => mkdtempSync(join(tmpdir(), 'rondo-web-'));

let accounts = 0;
export async function makeAccount(request: APIRequestContext, url: string): Promise<Account> {
    const email = `user${++accounts}@example.com`;
    const made = await request.post(`${url}/api/auth/register`, {
        data: { email, password, name: 'Ada', timezone: 'Europe/Berlin' },
    });
    expect(made.status()).toBe(201);
    const tokens = await made.json();
    const call = async (method: string, path: string, data?: object) => {
        const answer = await request.fetch(url + path, {
            method,
            ...(data ? { data } : {}),
            headers: { authorization: `Bearer ${tokens.access_token}` },
        });
        expect(answer.ok(), await answer.text()).toBe(true);
        return answer.status() === 204 ? null : answer.json();
    };
    return {
        email,
        tokens: { access_token: tokens.access_token, refresh_token: tokens.refresh_token },
        call,
        add: (fields) => call('POST', '/api/tasks', fields) as ReturnType<Account['add']>,
    };
}

export const test = base.extend<
    { account: Account; consoleErrors: string[]; open: (path: string) => Promise<Page> },
    { server: string }
>({
    server: [
        async ({}, use) => {
            const folder = newFolder();
            const { url, stop } = await startServer(folder);
            await use(url);
            await stop();
            rmSync(folder, { recursive: true });
        },
        { scope: 'worker' },
    ],
    baseURL: async ({ server }, use) => use(server),
    account: async ({ request, server }, use) => use(await makeAccount(request, server)),
    // What the page's policy refuses, and what React warns of, fails the test that met it.
    consoleErrors: [
        async ({ page }, use) => {
            const errors: string[] = [];
            page.on('pageerror', (error) => errors.push(error.message));
            page.on('console', (said) => {
                if (said.type() === 'error' && !said.text().startsWith('Failed to load resource'))
                    errors.push(said.text());
            });
            await use(errors);
            expect(errors).toEqual([]);
        },
        { auto: true },
    ],
    /** A view of the account, in a browser that is logged in. */
    open: async ({ page, account }, use) => {
        await page.addInitScript(
            (tokens) => localStorage.getItem('rondo.session') ?? localStorage.setItem('rondo.session', tokens),
            JSON.stringify(account.tokens),
        );
        await use(async (path) => {
            await page.goto(path);
            await expect(page.locator('h1')).toBeVisible();
            return page;
        });
    },
});

export { expect };

/** Days from today in the account's zone, as the API writes them. */
export const day = (away: number) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(Date.now() + away * 86_400_000);

export async function expectAccessible(page: Page) {
    await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))));
    const { violations } = await new AxeBuilder({ page }).analyze();
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(' | ')}`);
    expect(told).toEqual([]);
}

/** Waits until the page can be opened without the server, and has kept what it shows. */
export async function readyForOffline(page: Page) {
    await page.evaluate(async () => {
        await navigator.serviceWorker.ready;
        if (!navigator.serviceWorker.controller)
            await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
    });
    await expect.poll(() => page.evaluate(keptQueries)).toContain('["tasks","open"]');
}

export const keptQueries = () =>
    new Promise<string>((found) => {
        const asked = indexedDB.open('rondo');
        asked.onsuccess = () => {
            const kept = asked.result.transaction('reads').objectStore('reads').getAll();
            kept.onsuccess = () => {
                asked.result.close();
                found(JSON.stringify(kept.result).replaceAll('\\"', '"'));
            };
        };
    });
