import { useQueryClient } from '@tanstack/react-query';
import { Inbox } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useSearchParams } from 'wouter';
import { allKnown } from '../../data/tasks';
import { useZone } from '../../data/user';
import { sortBy, sortOf, sortText, type Sort } from '../../domain/sort';
import { Empty } from '../../ui/empty';
import { ViewHead } from '../../ui/view-head';
import { useText } from '../../words';
import { QuickAdd } from '../add';
import { ErrorNote } from '../problem';
import { TaskList, usePagedGroups } from '../select';

const SortChoice = lazy(() => import('./sort-choice').then((part) => ({ default: part.SortChoice })));

const usual = sortText(sortOf(null));

export function AllView() {
    const text = useText();
    const client = useQueryClient();
    const zone = useZone();
    const [query, setQuery] = useSearchParams();
    const sort = sortText(sortOf(query.get('sort')));
    const known = () => allKnown(client).toSorted(sortBy(sortOf(sort), zone));
    const { groups, more, pages } = usePagedGroups({ sort }, true, known);
    const choose = (to: Sort) =>
        setQuery(
            (now) => {
                if (sortText(to) === usual) now.delete('sort');
                else now.set('sort', sortText(to));
                return now;
            },
            { replace: true },
        );
    return (
        <section className="view">
            <ViewHead title={text.all}>
                <Suspense>
                    <SortChoice sort={sortOf(sort)} onChange={choose} />
                </Suspense>
            </ViewHead>
            <QuickAdd />
            {pages.error && !pages.data && <ErrorNote error={pages.error} retry={() => void pages.refetch()} />}
            {pages.data && (
                <TaskList
                    // Another order begins at its top.
                    key={sort}
                    label={text.all}
                    groups={groups}
                    loadMore={more}
                    isLoadingMore={pages.isFetchingNextPage}
                    empty={
                        <Empty icon={Inbox} title={text.emptyAll}>
                            {text.emptyAllText}
                        </Empty>
                    }
                />
            )}
        </section>
    );
}
