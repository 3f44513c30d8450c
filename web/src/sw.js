// The service worker: opens the page without the server. It keeps the page's own files; what the API says, the page keeps
// itself. `FILES` and `VERSION` are put in by the build (vite.config.ts).
const files = FILES;
const cacheName = `rondo-${VERSION}`;
/** One view stands for all: they are the same file. */
const view = '/today';
const patienceMs = 4000;

self.addEventListener('install', (event) =>
    event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([view, ...files]))),
);

self.addEventListener('activate', (event) =>
    event.waitUntil(
        caches
            .keys()
            .then((names) => Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name))))
            .then(() => self.clients.claim()),
    ),
);

/** The page as the server has it; as it is kept when the server is away or slow. */
async function open(request) {
    const kept = await caches.match(view);
    const timer = new AbortController();
    const patience = kept && setTimeout(() => timer.abort(), patienceMs);
    try {
        const answer = await fetch(request, { signal: timer.signal });
        return answer.status >= 500 && kept ? kept : answer;
    } catch (error) {
        if (kept) return kept;
        throw error;
    } finally {
        clearTimeout(patience);
    }
}

self.addEventListener('fetch', (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== 'GET' || origin !== self.location.origin) return;
    const ofThePage = !/^\/(api|docs|openapi|health|livez|readyz|metrics)/.test(pathname);
    if (request.mode === 'navigate' && ofThePage) event.respondWith(open(request));
    else if (files.includes(pathname)) event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(request)));
});
