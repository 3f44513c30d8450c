import { useQueryClient } from '@tanstack/react-query';
import { Palette } from 'lucide-react';
import { useState } from 'react';
import {
    Button,
    ColorSwatch,
    ColorSwatchPicker,
    ColorSwatchPickerItem,
    Dialog,
    DialogTrigger,
    Form,
    Heading,
    Modal,
    ModalOverlay,
} from 'react-aria-components';
import { useLocation } from 'wouter';
import { outbox } from '../../data/outbox/outbox';
import { ProblemError } from '../../data/server/problem';
import { changeTag, deleteTag } from '../../data/tags';
import { refresh } from '../../data/tasks';
import type { Tag } from '../../domain/types';
import { useText } from '../../words';
import { ErrorNote } from '../problem';
import { Field } from '../../ui/field';
import { toast } from '../../ui/toasts';

export const colours = [
    '#EF4444',
    '#F97316',
    '#EAB308',
    '#22C55E',
    '#14B8A6',
    '#3B82F6',
    '#6366F1',
    '#EC4899',
    '#64748B',
];

/** Name and colour of a tag, and its end. */
export function TagEditor({ tag }: { tag: Tag }) {
    const text = useText();
    return (
        <DialogTrigger>
            <Button className="button small">
                <Palette size={16} aria-hidden />
                {text.editTag(tag.name)}
            </Button>
            <ModalOverlay isDismissable className="overlay">
                <Modal className="modal">
                    <Dialog className="dialog">{({ close }) => <TagForm tag={tag} close={close} />}</Dialog>
                </Modal>
            </ModalOverlay>
        </DialogTrigger>
    );
}

function TagForm({ tag, close }: { tag: Tag; close: () => void }) {
    const text = useText();
    const client = useQueryClient();
    const [, navigate] = useLocation();
    const [name, setName] = useState(tag.name);
    const [color, setColor] = useState(tag.color);
    const [error, setError] = useState<Error | null>(null);
    const run = (asked: Promise<unknown>) =>
        asked.then(
            () => {
                refresh(client);
                if (outbox.isWaiting(tag.id)) toast.show({ title: text.keptForLater, detail: tag.name });
                close();
            },
            (problem: Error) => setError(problem),
        );
    const faults = error instanceof ProblemError ? Object.fromEntries(error.fields) : {};
    const choices = colours.some((one) => one.toLowerCase() === color.toLowerCase()) ? colours : [color, ...colours];
    return (
        <Form
            className="stack"
            validationErrors={faults}
            onSubmit={(event) => {
                event.preventDefault();
                void run(changeTag(client, tag, { name: name.trim(), color }));
            }}
        >
            <Heading slot="title">{text.editTag(tag.name)}</Heading>
            {error && !Object.keys(faults).length && <ErrorNote error={error} />}
            <Field
                label={text.tagName}
                name="name"
                value={name}
                onChange={setName}
                maxLength={50}
                isRequired
                autoFocus
            />
            <div className="field">
                <span className="label" id="colour-label">
                    {text.colour}
                </span>
                <ColorSwatchPicker
                    aria-labelledby="colour-label"
                    className="swatches"
                    value={color}
                    onChange={(chosen) => setColor(chosen.toString('hex').toUpperCase())}
                >
                    {choices.map((one) => (
                        <ColorSwatchPickerItem key={one} color={one} className="swatch">
                            <ColorSwatch />
                        </ColorSwatchPickerItem>
                    ))}
                </ColorSwatchPicker>
            </div>
            <div className="row between">
                <Button
                    className="button danger"
                    onPress={() => void run(deleteTag(client, tag).then(() => navigate('/all')))}
                >
                    {text.deleteTag}
                </Button>
                <Button type="submit" className="button primary">
                    {text.save}
                </Button>
            </div>
            <p className="fine">{text.deleteTagText}</p>
        </Form>
    );
}
