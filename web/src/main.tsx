import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-aria-components';
import { useLocation } from 'wouter';
import { keepReads, restoreReads } from './data/kept-reads';
import { makeQueryClient } from './data/query-client';
import { App } from './app/app';
import { Texts, useText } from './words';
import { applyTheme } from './ui/theme';
import { Toasts } from './ui/toasts';
// One sheet, in this order: what is said of all comes before what a view says of its own.
import './styles/tokens.css';
import './styles/base.css';
import './ui/view.css';
import './app/shell.css';
import './ui/controls.css';
import './ui/overlays.css';
import './ui/toasts.css';
import './app/finder.css';
import './features/problem/problem.css';
import './features/task/task.css';
import './features/task/panel.css';
import './features/when/when.css';
import './features/add/add.css';
import './features/select/select.css';
import './features/lists/tag-editor.css';
import './features/start/start.css';
import './features/search/search.css';
import './features/board/board.css';
import './features/calendar/calendar.css';
import './features/insights/insights.css';
import './features/settings/settings.css';

applyTheme();
const client = makeQueryClient();

function Root() {
    const [, navigate] = useLocation();
    return (
        <RouterProvider navigate={navigate}>
            <Texts>
                <App />
                <Notes />
            </Texts>
        </RouterProvider>
    );
}

function Notes() {
    return <Toasts closeLabel={useText().close} />;
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
