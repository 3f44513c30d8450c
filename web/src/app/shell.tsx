import { Menu as MenuIcon } from 'lucide-react';
import { lazy, Suspense, useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { Button, Dialog, Modal, ModalOverlay } from 'react-aria-components';
import { useSearchParams } from 'wouter';
import { outbox } from '../data/outbox/outbox';
import { useText } from '../words';
import { ClockNote } from './clock-note';
import { useHotkeys } from './hotkeys';
import { Navigation, NavigationLink } from './rail';
import { views, type ViewName } from './views';
import { Waiting } from './waiting';

const TaskPanel = lazy(() => import('../features/task/task-panel').then((part) => ({ default: part.TaskPanel })));
const Finder = lazy(() => import('./finder').then((part) => ({ default: part.Finder })));
const KeyboardHelp = lazy(() => import('./keyboard-help').then((part) => ({ default: part.KeyboardHelp })));

const onPhone: ViewName[] = ['today', 'upcoming', 'calendar', 'all'];

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
