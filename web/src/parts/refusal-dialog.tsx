import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { Refusal } from '../api/outbox';
import { useText } from '../i18n';
import { useChangeWords } from './change-words';
import { ErrorNote } from './error-note';

/** A change that waited and was refused: what it was, why not, and whether to give it up. Nothing typed is lost unasked. */
export function RefusalDialog({ refusal, answer }: { refusal: Refusal; answer: (again: boolean) => void }) {
    const text = useText();
    const { nameOf, changed, told } = useChangeWords();
    const { entry, error } = refusal;
    const fields: object = 'fields' in entry ? entry.fields : {};
    return (
        <ModalOverlay isOpen className="overlay">
            <Modal className="modal">
                <Dialog className="dialog" role="alertdialog">
                    <Heading slot="title">{text.refusal}</Heading>
                    <p className="quiet">{text.refusalText}</p>
                    <p>
                        {text.refusedKinds[entry.kind]}: <strong>{entry.title || text.account}</strong>
                    </p>
                    {changed(fields).length > 0 && (
                        <table className="versions">
                            <tbody>
                                {changed(fields).map((name) => (
                                    <tr key={name}>
                                        <th scope="row">{nameOf(name)}</th>
                                        <td>{told(name, fields[name as keyof typeof fields])}</td>
                                    </tr>
                                ))}
                            </tbody>
                        </table>
                    )}
                    <ErrorNote error={error} />
                    <div className="row end">
                        <Button className="button danger" onPress={() => answer(false)}>
                            {text.discard}
                        </Button>
                        <Button className="button primary" onPress={() => answer(true)}>
                            {text.retry}
                        </Button>
                    </div>
                </Dialog>
            </Modal>
        </ModalOverlay>
    );
}
