// `npm run pictures`: every view, light and dark, on a phone and a desk, into build/web/pictures.
import { defineConfig } from '@playwright/test';
import tests from '../playwright.config';

export default defineConfig({
    ...tests,
    testDir: '.',
    outputDir: '../../build/web/e2e',
    reporter: 'line',
    timeout: 90_000,
});
