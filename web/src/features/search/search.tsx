import { Search as SearchIcon } from 'lucide-react';
import { useDeferredValue } from 'react';
import { Input, SearchField } from 'react-aria-components';
import { useSearchParams } from 'wouter';
import { useText } from '../../words';
import { Empty } from '../../ui/empty';
import { ErrorNote } from '../problem';
import { openFirst, TaskList, usePagedGroups } from '../select';
import { ViewHead } from '../../ui/view-head';

export function SearchView() {
    const text = useText();
    const [query, setQuery] = useSearchParams();
    const typed = query.get('q') ?? '';
    const asked = useDeferredValue(typed.trim());
    const { groups, more, pages } = usePagedGroups({ q: asked.slice(0, 200) }, asked !== '');
    const search = (words: string) =>
        setQuery(
            (now) => {
                now.set('q', words);
                return now;
            },
            { replace: true },
        );
    return (
        <section className="view">
            <ViewHead title={text.search} />
            <SearchField aria-label={text.search} value={typed} onChange={search} className="search-field" autoFocus>
                <SearchIcon size={18} aria-hidden />
                <Input placeholder={text.startSearchText} />
            </SearchField>
            {pages.error && asked && <ErrorNote error={pages.error} retry={() => void pages.refetch()} />}
            {!asked && <Empty icon={SearchIcon} title={text.startSearch} />}
            {asked && pages.data && (
                <TaskList
                    label={text.search}
                    groups={openFirst(groups, text.done)}
                    loadMore={more}
                    isLoadingMore={pages.isFetchingNextPage}
                    empty={
                        <Empty icon={SearchIcon} title={text.emptySearch}>
                            {text.emptySearchText}
                        </Empty>
                    }
                />
            )}
        </section>
    );
}
