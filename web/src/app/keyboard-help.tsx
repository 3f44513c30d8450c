import { X } from 'lucide-react';
import { Button, Dialog, Heading, Keyboard, Modal, ModalOverlay } from 'react-aria-components';
import { useText } from '../words';

export function KeyboardHelp(props: { isOpen: boolean; onOpenChange: (open: boolean) => void }) {
    const text = useText();
    const names = text.keyboardKeys;
    const rows: [string[], string][] = [
        [['N'], names.add],
        [['Ctrl', 'K'], names.find],
        [['1', '…', '6'], names.go],
        [['↑', '↓'], names.arrows],
        [['↵'], names.open],
        [['C'], names.complete],
        [['Space'], names.select],
        [['Ctrl', 'A'], names.all],
        [['Del'], names.remove],
        [['Esc'], names.close],
        [['?'], names.help],
    ];
    return (
        <ModalOverlay {...props} isDismissable className="overlay">
            <Modal className="modal">
                <Dialog className="dialog">
                    <div className="dialog-head">
                        <Heading slot="title">{text.keyboard}</Heading>
                        <Button slot="close" className="icon-button" aria-label={text.close}>
                            <X size={18} aria-hidden />
                        </Button>
                    </div>
                    <dl className="keys">
                        {rows.map(([keys, what]) => (
                            <div key={what}>
                                <dt>{what}</dt>
                                <dd>
                                    {keys.map((key) => (
                                        <Keyboard key={key}>{key}</Keyboard>
                                    ))}
                                </dd>
                            </div>
                        ))}
                    </dl>
                </Dialog>
            </Modal>
        </ModalOverlay>
    );
}
