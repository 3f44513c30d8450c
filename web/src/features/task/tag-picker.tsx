import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import {
    Button,
    ComboBox,
    Input,
    Label,
    ListBox,
    ListBoxItem,
    Popover,
    Tag as TagItem,
    TagGroup,
    TagList,
} from 'react-aria-components';
import { isLocal } from '../../data/outbox/outbox';
import { useTags } from '../../data/tags';
import { isSameName } from '../../domain/names';
import type { Task, TaskChange } from '../../domain/types';
import { useText } from '../../words';

type TaskTag = Task['tags'][number];

/** The tags of a task: known ones to choose from, new ones by name. */
export function TagPicker({ tags, save }: { tags: TaskTag[]; save: (tags: NonNullable<TaskChange['tags']>) => void }) {
    const text = useText();
    const { data: known = [] } = useTags();
    const [typed, setTyped] = useState('');
    const [round, setRound] = useState(0);
    // One that the server has not made yet has its name alone.
    const references = tags.map(({ id, name }) => (isLocal(id) ? name : { id, name }));
    const free = known.filter((tag) => !tags.some((own) => own.id === tag.id));
    const has = (name: string) => tags.some((tag) => isSameName(tag.name, name));

    const add = (name: string) => {
        setTyped('');
        // A fresh box for the next one: the old one would open its list again for the emptied line.
        setRound(round + 1);
        if (name && !has(name)) save([...references, name]);
    };

    return (
        <div className="field">
            <TagGroup
                onRemove={(gone) => save(references.filter((_, at) => !gone.has(tags[at]!.id)))}
                className="tag-group"
                selectionMode="none"
            >
                <Label>{text.tags}</Label>
                <TagList items={tags} className="tag-list">
                    {(tag) => (
                        <TagItem id={tag.id} textValue={tag.name} className="tag-chip">
                            <span className="dot" style={{ background: tag.color }} />
                            {tag.name}
                            <Button slot="remove" className="chip-button" aria-label={text.removeTag(tag.name)}>
                                <X size={13} aria-hidden />
                            </Button>
                        </TagItem>
                    )}
                </TagList>
            </TagGroup>
            <ComboBox
                key={round}
                autoFocus={round > 0}
                aria-label={text.newTag}
                className="choice"
                items={free}
                inputValue={typed}
                onInputChange={setTyped}
                selectedKey={null}
                onSelectionChange={(key) => {
                    const tag = known.find((one) => one.id === key);
                    if (tag) add(tag.name);
                }}
                allowsCustomValue
                menuTrigger="input"
            >
                <div className="input combo">
                    <Plus size={15} aria-hidden />
                    <Input
                        placeholder={text.tagsHint}
                        maxLength={50}
                        onKeyDown={(event) => {
                            const name = typed.trim();
                            if (event.key !== 'Enter' || !name) return;
                            // An entry of the list that the arrows have reached is taken by the list itself.
                            if (event.currentTarget.getAttribute('aria-activedescendant')) return;
                            event.preventDefault();
                            add(name);
                        }}
                    />
                </div>
                <Popover className="popover" offset={4}>
                    <ListBox className="menu">
                        {(tag: (typeof free)[number]) => (
                            <ListBoxItem id={tag.id} textValue={tag.name} className="menu-item">
                                <span className="menu-label">
                                    <span className="dot" style={{ background: tag.color }} />
                                    {tag.name}
                                </span>
                            </ListBoxItem>
                        )}
                    </ListBox>
                </Popover>
            </ComboBox>
        </div>
    );
}
