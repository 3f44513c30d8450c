import { Search } from 'lucide-react';
import { useMemo } from 'react';
import {
    Autocomplete,
    Dialog,
    Input,
    Menu,
    MenuItem,
    MenuSection,
    Header,
    Collection,
    Modal,
    ModalOverlay,
    SearchField,
    useFilter,
} from 'react-aria-components';
import { useLocation } from 'wouter';
import { useTags } from '../data/tags';
import { useOpenTasks } from '../data/tasks';
import { useText } from '../words';
import { views } from './views';

const tasksMax = 200;

/** Ctrl+K: goes to a view, a tag or a task by a part of its name. */
export function Finder(props: { isOpen: boolean; onOpenChange: (open: boolean) => void }) {
    const text = useText();
    const [path, navigate] = useLocation();
    const { contains } = useFilter({ sensitivity: 'base' });
    const { data: tags = [] } = useTags();
    const { data: tasks = [] } = useOpenTasks();
    const sections = useMemo(
        () => [
            {
                id: 'views',
                title: text.viewsLabel,
                items: views.map(({ name }) => ({ id: `/${name}`, label: text[name] })),
            },
            {
                id: 'tags',
                title: text.tags,
                items: tags.map((tag) => ({ id: `/tags/${tag.id}`, label: `#${tag.name}` })),
            },
            {
                id: 'tasks',
                title: text.all,
                items: tasks.slice(0, tasksMax).map((task) => ({ id: `?task=${task.id}`, label: task.title })),
            },
        ],
        [text, tags, tasks],
    );
    return (
        <ModalOverlay {...props} isDismissable className="overlay top">
            <Modal className="modal finder">
                <Dialog className="dialog" aria-label={text.search}>
                    <Autocomplete filter={contains}>
                        <SearchField aria-label={text.findPlaceholder} className="search-field" autoFocus>
                            <Search size={18} aria-hidden />
                            <Input placeholder={text.findPlaceholder} />
                        </SearchField>
                        <Menu
                            className="menu"
                            aria-label={text.search}
                            items={sections.filter((section) => section.items.length > 0)}
                            renderEmptyState={() => <p className="quiet pad">{text.noMatch}</p>}
                            onAction={(key) => {
                                props.onOpenChange(false);
                                navigate(String(key).startsWith('?') ? path + String(key) : String(key));
                            }}
                        >
                            {(section) => (
                                <MenuSection id={section.id}>
                                    <Header className="menu-head">{section.title}</Header>
                                    <Collection items={section.items}>
                                        {(item) => (
                                            <MenuItem id={item.id} textValue={item.label} className="menu-item">
                                                <span className="ellipsis">{item.label}</span>
                                            </MenuItem>
                                        )}
                                    </Collection>
                                </MenuSection>
                            )}
                        </Menu>
                    </Autocomplete>
                </Dialog>
            </Modal>
        </ModalOverlay>
    );
}
