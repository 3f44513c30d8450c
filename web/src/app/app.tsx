import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useSyncExternalStore, type ComponentType } from 'react';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { followEvents } from '../data/server/live';
import { session } from '../data/server/session';
import { refresh } from '../data/tasks';
import { userQuery } from '../data/user';
import { ErrorNote } from '../features/problem';
import { Shell } from './shell';
import { AuthView, SessionEnded } from '../features/start/start';
import { DoneView } from '../features/done/done';
import { AllView } from '../features/lists/all';
import { TagView } from '../features/lists/tag';
import { TodayView } from '../features/today/today';
import { UpcomingView } from '../features/upcoming/upcoming';

const Calendar = lazy(() => import('../features/calendar/calendar').then((view) => ({ default: view.CalendarView })));
const Board = lazy(() => import('../features/board/board').then((view) => ({ default: view.BoardView })));
const Stats = lazy(() => import('../features/insights/insights').then((view) => ({ default: view.StatsView })));
const Search = lazy(() => import('../features/search/search').then((view) => ({ default: view.SearchView })));
const Trash = lazy(() => import('../features/trash/trash').then((view) => ({ default: view.TrashView })));
const Settings = lazy(() => import('../features/settings/settings').then((view) => ({ default: view.SettingsView })));

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
