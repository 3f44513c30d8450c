import { Tag as TagIcon } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { useTags } from '../../data/tags';
import { Empty } from '../../ui/empty';
import { ViewHead } from '../../ui/view-head';
import { useText } from '../../words';
import { QuickAdd } from '../add';
import { ErrorNote } from '../problem';
import { openFirst, TaskList, usePagedGroups } from '../select';

const TagEditor = lazy(() => import('./tag-editor').then((part) => ({ default: part.TagEditor })));

export function TagView({ id }: { id: string }) {
    const text = useText();
    const { data: tags } = useTags();
    const { groups, more, pages } = usePagedGroups({ tag_id: id, sort: 'due_date' });
    const tag = tags?.find((one) => one.id === id);
    const split = useMemo(() => openFirst(groups, text.done), [groups, text]);
    return (
        <section className="view">
            <ViewHead title={tag ? `#${tag.name}` : text.tags}>
                <Suspense>{tag && <TagEditor tag={tag} />}</Suspense>
            </ViewHead>
            {tag && <QuickAdd given={{ tags: [{ id: tag.id, name: tag.name }] }} />}
            {pages.error && !pages.data && <ErrorNote error={pages.error} retry={() => void pages.refetch()} />}
            {pages.data && (
                <TaskList
                    label={tag?.name ?? text.tags}
                    groups={split}
                    loadMore={more}
                    isLoadingMore={pages.isFetchingNextPage}
                    empty={
                        <Empty icon={TagIcon} title={text.emptyTag}>
                            {text.emptyTagText}
                        </Empty>
                    }
                />
            )}
        </section>
    );
}
