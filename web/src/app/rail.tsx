import { useQuery } from '@tanstack/react-query';
import type { LucideIcon } from 'lucide-react';
import { useMemo } from 'react';
import { Link, useLocation } from 'wouter';
import { useTags } from '../data/tags';
import { useOpenTasks } from '../data/tasks';
import { userQuery, useZone } from '../data/user';
import { dueOf, isOverdue } from '../domain/dates';
import { useDateWords, useNow } from '../features/when';
import { Logo } from '../ui/logo';
import { useText } from '../words';
import type { Catalogue } from '../words/en';
import { views, type ViewName } from './views';

/** The views, the tags, and who is logged in. */
export function Navigation({ chosen }: { chosen?: () => void }) {
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

export function NavigationLink({ name, icon: Icon, count = 0 }: { name: ViewName; icon: LucideIcon; count?: number }) {
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
