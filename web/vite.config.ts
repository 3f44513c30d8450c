import locales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// `npm run dev` asks a running server for its data: RONDO_URL, or the one of `make run`.
const server = process.env.RONDO_URL ?? 'http://127.0.0.1:8000';

export default defineConfig({
    // React Aria brings its texts in thirty languages; the page speaks two.
    plugins: [react(), { ...locales.vite({ locales: ['en-US', 'de-DE'] }), enforce: 'pre' }],
    build: {
        outDir: '../build/web/dist',
        emptyOutDir: true,
        target: 'es2022',
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        chunkSizeWarningLimit: 600,
    },
    server: { proxy: { '/api': server } },
    test: { include: ['src/**/*.test.ts'] },
});
