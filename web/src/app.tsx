import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useSyncExternalStore, type ComponentType } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { followEvents } from './api/live';
import { session } from './api/session';
import { refresh, userQuery } from './api/tasks';
import { ErrorNote } from './parts/error-note';
import { Shell } from './parts/shell';
import { AuthView, SessionEnded } from './views/auth';
import { AllView, DoneView, TagView, TodayView, UpcomingView } from './views/lists';

const Calendar = lazy(() => import('./views/calendar').then((view) => ({ default: view.CalendarView })));
const Board = lazy(() => import('./views/board').then((view) => ({ default: view.BoardView })));
const Stats = lazy(() => import('./views/stats').then((view) => ({ default: view.StatsView })));
const Search = lazy(() => import('./views/search').then((view) => ({ default: view.SearchView })));
const Trash = lazy(() => import('./views/trash').then((view) => ({ default: view.TrashView })));
const Settings = lazy(() => import('./views/settings').then((view) => ({ default: view.SettingsView })));

/** The page's views; the server gives the page for the same paths (src/api/server/web_routes.cpp). */
const routes: [string, ComponentType][] = [
    ['/today', TodayView],
    ['/upcoming', UpcomingView],
    ['/calendar', Calendar],
    ['/board', Board],
    ['/all', AllView],
    ['/done', DoneView],
    ['/search', Search],
    ['/trash', Trash],
    ['/stats', Stats],
    ['/settings', Settings],
];

export function App() {
    const state = useSyncExternalStore(session.subscribe, session.state);
    const [path, navigate] = useLocation();
    const client = useQueryClient();
    const signing = path === '/login' || path === '/signup';

    useEffect(() => {
        if (state !== 'out') return;
        client.clear();
        if (!signing) navigate('/login', { replace: true });
    }, [state, signing, client, navigate]);

    if (state === 'out') return signing ? <AuthView making={path === '/signup'} /> : null;
    if (signing) return <Redirect to="/today" replace />;
    return (
        <>
            <LoggedIn />
            {state === 'expired' && <SessionEnded />}
        </>
    );
}

function LoggedIn() {
    const client = useQueryClient();
    const { error, refetch } = useQuery(userQuery);
    useEffect(
        () => followEvents({ changed: () => refresh(client), missed: () => void client.invalidateQueries() }),
        [client],
    );

    return (
        <Shell>
            {error && <ErrorNote error={error} retry={() => void refetch()} />}
            <Suspense>
                <Switch>
                    {routes.map(([path, View]) => (
                        <Route key={path} path={path} component={View} />
                    ))}
                    <Route path="/tags/:id">{({ id }) => <TagView id={id} />}</Route>
                    <Route path="/tasks/:id">{({ id }) => <Redirect to={`/all?task=${id}`} replace />}</Route>
                    <Route>
                        <Redirect to="/today" replace />
                    </Route>
                </Switch>
            </Suspense>
        </Shell>
    );
}
