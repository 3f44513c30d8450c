import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-aria-components';
import { useLocation } from 'wouter';
import { keepReads, restoreReads } from './api/kept-reads';
import { makeQueryClient } from './api/tasks';
import { App } from './app';
import { Texts } from './i18n';
import { applyTheme } from './logic/theme';
import { Toasts } from './parts/toasts';
import './styles/base.css';
import './styles/shell.css';
import './styles/controls.css';
import './styles/overlays.css';
import './styles/tasks.css';
import './styles/views.css';
import './styles/calendar.css';

applyTheme();
const client = makeQueryClient();

function Root() {
    const [, navigate] = useLocation();
    return (
        <RouterProvider navigate={navigate}>
            <Texts>
                <App />
                <Toasts />
            </Texts>
        </RouterProvider>
    );
}

const root = createRoot(document.getElementById('root')!);

// Where the browser keeps nothing, the page works all the same, with the server alone.
void restoreReads(client)
    .catch(() => undefined)
    .then(() => {
        keepReads(client);
        root.render(
            <StrictMode>
                <QueryClientProvider client={client}>
                    <Root />
                </QueryClientProvider>
            </StrictMode>,
        );
    });

if (import.meta.env.PROD && 'serviceWorker' in navigator) void navigator.serviceWorker.register('/sw.js');
