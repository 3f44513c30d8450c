import { Inbox } from 'lucide-react';
import { Empty } from '../../ui/empty';
import { ViewHead } from '../../ui/view-head';
import { useText } from '../../words';
import { QuickAdd } from '../add';
import { ErrorNote } from '../problem';
import { TaskList, usePagedGroups } from '../select';

export function AllView() {
    const text = useText();
    const { groups, more, pages } = usePagedGroups({ sort: '-created_at' });
    return (
        <section className="view">
            <ViewHead title={text.all} />
            <QuickAdd />
            {pages.error && !pages.data && <ErrorNote error={pages.error} retry={() => void pages.refetch()} />}
            {pages.data && (
                <TaskList
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
