import type { Refusal } from '../../data/outbox/outbox';
import { useText } from '../../words';
import { useChangeWords } from './change-words';
import { ErrorNote } from '../problem';
import { Question } from '../../ui/question';

/** A change that waited and was refused: what it was, why not, and whether to give it up. Nothing typed is lost unasked. */
export function RefusalDialog({ refusal, answer }: { refusal: Refusal; answer: (again: boolean) => void }) {
    const text = useText();
    const { nameOf, changed, told } = useChangeWords();
    const { entry, error } = refusal;
    const fields: object = 'fields' in entry ? entry.fields : {};
    return (
        <Question
            title={text.refusal}
            lead={text.refusalText}
            no={text.discard}
            yes={text.retry}
            dangerous
            answer={answer}
        >
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
        </Question>
    );
}
