// `npm run measure`: how large the page is and how soon it is there.
import { defineConfig } from '@playwright/test';
import tests from '../playwright.config';

export default defineConfig({ ...tests, testDir: '.', outputDir: '../../build/web/e2e', reporter: 'dot' });
