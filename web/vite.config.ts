import locales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// `npm run dev` asks a running server for its data: RONDO_URL, or the one of `make run`.
const server = process.env.RONDO_URL ?? 'http://127.0.0.1:8000';

/** Writes the service worker, with the list of the files that it keeps. */
const offline: Plugin = {
    name: 'rondo-offline',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
        const built = Object.keys(bundle).filter((file) => file.startsWith('assets/'));
        const files = [...built, ...readdirSync('public')].sort().map((file) => `/${file}`);
        const hash = createHash('sha256').update(files.join() + readFileSync('index.html', 'utf8'));
        const source = readFileSync('src/sw.js', 'utf8')
            .replace('FILES;', `${JSON.stringify(files)};`)
            .replace('${VERSION}', hash.digest('hex').slice(0, 12));
        this.emitFile({ type: 'asset', fileName: 'sw.js', source });
    },
};

export default defineConfig({
    // React Aria brings its texts in thirty languages; the page speaks two.
    plugins: [react(), { ...locales.vite({ locales: ['en-US', 'de-DE'] }), enforce: 'pre' }, offline],
    build: {
        outDir: '../build/web/dist',
        emptyOutDir: true,
        target: 'es2022',
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 600,
        // Containers are built with 1024 open files at most.
        rollupOptions: { maxParallelFileOps: 200 },
    },
    server: { proxy: { '/api': server } },
    test: { include: ['src/**/*.test.ts', '*.test.ts'], testTimeout: 60_000 },
});
