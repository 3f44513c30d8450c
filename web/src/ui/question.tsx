import type { ReactNode } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

interface QuestionProps {
    title: string;
    lead: string;
    children: ReactNode;
    no: string;
    yes: string;
    /** What *no* does cannot be taken back. */
    dangerous?: boolean;
    answer: (yes: boolean) => void;
}

/** Something that nobody but the user can decide; it stays until then. */
export function Question({ title, lead, children, no, yes, dangerous, answer }: QuestionProps) {
    return (
        <ModalOverlay isOpen className="overlay">
            <Modal className="modal">
                <Dialog className="dialog" role="alertdialog">
                    <Heading slot="title">{title}</Heading>
                    <p className="quiet">{lead}</p>
                    {children}
                    <div className="row end">
                        <Button className={dangerous ? 'button danger' : 'button'} onPress={() => answer(false)}>
                            {no}
                        </Button>
                        <Button className="button primary" onPress={() => answer(true)}>
                            {yes}
                        </Button>
                    </div>
                </Dialog>
            </Modal>
        </ModalOverlay>
    );
}
