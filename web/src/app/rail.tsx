import { useQuery } from '@tanstack/react-query';
import {
    CalendarDays,
    ChartColumn,
    CircleCheckBig,
    Columns3,
    Inbox,
    Menu as MenuIcon,
    Search,
    Settings,
    Star,
    Telescope,
    Trash2,
    type LucideIcon,
} from 'lucide-react';
import { lazy, Suspense, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { Button, Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { Link, useLocation, useSearchParams } from 'wouter';
import { outbox } from '../data/outbox/outbox';
import { useTags } from '../data/tags';
import { useOpenTasks, userQuery, useZone } from '../data/tasks';
import { useText } from '../words';
import type { Catalogue } from '../words/en';
import { dueOf, isOverdue } from '../domain/dates';
import { ClockNote } from './clock-note';
import { useHotkeys } from './hotkeys';
import { Logo } from '../ui/logo';
import { useDateWords } from '../features/task/use-actions';
import { useNow } from '../features/when/use-clock';
import { Waiting } from './waiting';

const TaskPanel = lazy(() => import('../features/task/task-panel').then((part) => ({ default: part.TaskPanel })));
const Finder = lazy(() => import('./finder').then((part) => ({ default: part.Finder })));
const KeyboardHelp = lazy(() => import('./keyboard-help').then((part) => ({ default: part.KeyboardHelp })));

type Name = 'today' | 'upcoming' | 'calendar' | 'board' | 'all' | 'done' | 'search' | 'stats' | 'trash' | 'settings';
export const views: { name: Name; icon: LucideIcon }[] = [
    { name: 'today', icon: Star },
    { name: 'upcoming', icon: Telescope },
    { name: 'calendar', icon: CalendarDays },
    { name: 'board', icon: Columns3 },
    { name: 'all', icon: Inbox },
    { name: 'done', icon: CircleCheckBig },
    { name: 'search', icon: Search },
    { name: 'stats', icon: ChartColumn },
    { name: 'trash', icon: Trash2 },
    { name: 'settings', icon: Settings },
];
const onPhone: Name[] = ['today', 'upcoming', 'calendar', 'all'];

/** What stands around every view: where one can go, the task that is open, the finder and the list of keys. */
export function Shell({ children }: { children: ReactNode }) {
    const text = useText();
    const [menuOpen, setMenuOpen] = useState(false);
    const [finding, setFinding] = useState(false);
    const [helping, setHelping] = useState(false);
    const [query, setQuery] = useSearchParams();
    const asked = query.get('task');
    const openId = useSyncExternalStore(outbox.subscribe, () => asked && outbox.idOf(asked));

    // A task that was made without the server has its id by now.
    useEffect(() => {
        if (!openId || openId === asked) return;
        setQuery(
            (now) => {
                now.set('task', openId);
                return now;
            },
            { replace: true },
        );
    }, [openId, asked, setQuery]);

    const closePanel = () => {
        setQuery((now) => {
            now.delete('task');
            return now;
        });
        document.querySelector<HTMLElement>(`[data-task="${openId}"]`)?.focus();
    };
    useHotkeys({ find: () => setFinding(true), help: () => setHelping(true), close: () => openId && closePanel() });

    return (
        <div className="shell">
            <aside className="sidebar">
                <Navigation />
            </aside>
            <main className="main">
                <Waiting />
                <ClockNote />
                {children}
            </main>
            <Suspense fallback={openId && <aside className="panel" aria-label={text.task} aria-busy />}>
                {openId && <TaskPanel key={outbox.firstNameOf(openId)} id={openId} close={closePanel} />}
            </Suspense>
            <nav className="tabbar" aria-label={text.menu}>
                {views
                    .filter(({ name }) => onPhone.includes(name))
                    .map((view) => (
                        <NavigationLink key={view.name} {...view} />
                    ))}
                <Button className="nav-link" onPress={() => setMenuOpen(true)}>
                    <MenuIcon size={20} aria-hidden />
                    <span>{text.more}</span>
                </Button>
            </nav>
            <ModalOverlay isOpen={menuOpen} onOpenChange={setMenuOpen} isDismissable className="overlay">
                <Modal className="drawer">
                    <Dialog className="dialog" aria-label={text.menu}>
                        <Navigation chosen={() => setMenuOpen(false)} />
                    </Dialog>
                </Modal>
            </ModalOverlay>
            <Suspense>
                {finding && <Finder isOpen onOpenChange={setFinding} />}
                {helping && <KeyboardHelp isOpen onOpenChange={setHelping} />}
            </Suspense>
        </div>
    );
}

function Navigation({ chosen }: { chosen?: () => void }) {
    const text = useText();
    const { data: tags } = useTags();
    const { data: user } = useQuery(userQuery);
    const [path] = useLocation();
    const due = useDueCount();
    return (
        <nav className="navigation" aria-label={text.viewsLabel} onClick={chosen}>
            <Logo />
            <ul>
                {views.map((view) => (
                    <li key={view.name}>
                        <NavigationLink {...view} count={view.name === 'today' ? due : 0} />
                    </li>
                ))}
            </ul>
            {tags && tags.length > 0 && (
                <>
                    <h2 id="tags-heading">{text.tags}</h2>
                    <ul aria-labelledby="tags-heading">
                        {tags.map((tag) => (
                            <li key={tag.id}>
                                <Link
                                    href={`/tags/${tag.id}`}
                                    className="nav-link"
                                    aria-current={path === `/tags/${tag.id}` ? 'page' : undefined}
                                >
                                    <span className="dot" style={{ background: tag.color }} />
                                    <span className="ellipsis">{tag.name}</span>
                                    <span className="count">{tag.task_count || ''}</span>
                                </Link>
                            </li>
                        ))}
                    </ul>
                </>
            )}
            {user && <p className="navigation-user ellipsis">{user.name || user.email}</p>}
        </nav>
    );
}

function NavigationLink({ name, icon: Icon, count = 0 }: { name: Name; icon: LucideIcon; count?: number }) {
    const text: Catalogue = useText();
    const [path] = useLocation();
    return (
        <Link href={`/${name}`} className="nav-link" aria-current={path === `/${name}` ? 'page' : undefined}>
            <Icon size={20} strokeWidth={1.8} aria-hidden />
            <span>{text[name]}</span>
            {count > 0 && <span className="count">{count}</span>}
        </Link>
    );
}

function useDueCount() {
    const { data } = useOpenTasks();
    const zone = useZone();
    const { today } = useDateWords();
    const now = useNow();
    return useMemo(
        () => (data ?? []).filter((task) => isOverdue(task, now) || dueOf(task, zone)?.day.compare(today) === 0).length,
        [data, zone, now, today],
    );
}
