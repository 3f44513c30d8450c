import { defineConfig } from '@playwright/test';

/** Debian's browser: Playwright's own download is not needed. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell';

export default defineConfig({
    testDir: 'e2e',
    outputDir: '../build/web/e2e',
    workers: 2,
    timeout: 60_000,
    expect: { timeout: 15_000 },
    forbidOnly: true,
    reporter: process.env.JUNIT ? [['line'], ['junit', { outputFile: process.env.JUNIT }]] : 'line',
    use: {
        actionTimeout: 20_000,
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
        viewport: { width: 1280, height: 800 },
        screenshot: 'only-on-failure',
        launchOptions: { executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'] },
    },
});
