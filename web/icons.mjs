// `npm run icons`: the PNG icons of the installed page, made of public/favicon.svg. They are committed.
import { chromium } from '@playwright/test';
import { readFileSync } from 'node:fs';

const svg = readFileSync('public/favicon.svg', 'utf8');
const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
});

/** A maskable icon is cut to any shape: its ground goes to the edge, its sign stays within the middle. */
async function draw(name, size, maskable) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const inner = Math.round(size * (maskable ? 0.72 : 1));
    const gap = (size - inner) / 2;
    const sized = svg.replace('<svg ', `<svg style="position:absolute;left:${gap}px;top:${gap}px" width="${inner}" `);
    await page.setContent(`<body style="margin:0;background:${maskable ? '#4f46e5' : 'transparent'}">${sized}</body>`);
    await page.screenshot({ path: `public/${name}.png`, omitBackground: true });
    await page.close();
}

await draw('icon-192', 192, false);
await draw('icon-512', 512, false);
await draw('icon-maskable-512', 512, true);
await browser.close();
