import { Trash2, Undo2 } from 'lucide-react';
import { Button, GridList, GridListItem, ListLayout, Virtualizer } from 'react-aria-components';
import { useTrash } from '../../data/tasks';
import { useText } from '../../words';
import { Empty } from '../../ui/empty';
import { ErrorNote } from '../problem';
import { useActions } from '../task';
import { useDateWords } from '../when';
import { ViewHead } from '../../ui/view-head';

export function TrashView() {
    const text = useText();
    const words = useDateWords();
    const actions = useActions();
    const { data, error, refetch } = useTrash();
    return (
        <section className="view">
            <ViewHead title={text.trash} sub={text.emptyTrashText} />
            {error && !data && <ErrorNote error={error} retry={() => void refetch()} />}
            {data && (
                <div className="task-frame">
                    <Virtualizer layout={ListLayout} layoutOptions={{ estimatedRowHeight: 58 }}>
                        <GridList
                            aria-label={text.trash}
                            className="task-list"
                            items={data}
                            dependencies={[text, words]}
                            renderEmptyState={() => <Empty icon={Trash2} title={text.emptyTrash} />}
                        >
                            {(task) => (
                                <GridListItem id={task.id} textValue={task.title} className="task-row">
                                    <div className="task-main">
                                        <span className="task-title">{task.title}</span>
                                        <span className="task-meta">
                                            {text.deletedOn(words.instant(task.deleted_at))}
                                        </span>
                                    </div>
                                    <Button className="button small" onPress={() => void actions.restore(task)}>
                                        <Undo2 size={15} aria-hidden />
                                        {text.restore}
                                    </Button>
                                </GridListItem>
                            )}
                        </GridList>
                    </Virtualizer>
                </div>
            )}
        </section>
    );
}
