import type { Task, TaskChange } from '../../domain/types';
import { useText } from '../../words';
import { useChangeWords } from './change-words';
import { Question } from '../../ui/question';

interface ConflictDialogProps {
    mine: TaskChange;
    theirs: Task;
    decide: (keepMine: boolean) => void;
}

/** Two changes of one task, side by side: which one should stay? */
export function ConflictDialog({ mine, theirs, decide }: ConflictDialogProps) {
    const text = useText();
    const { nameOf, changed, told } = useChangeWords();
    return (
        <Question
            title={text.conflict}
            lead={text.conflictText}
            no={text.takeTheirs}
            yes={text.keepMine}
            answer={decide}
        >
            <p>
                <strong>{theirs.title}</strong>
            </p>
            <table className="versions">
                <thead>
                    <tr>
                        <td />
                        <th scope="col">{text.mine}</th>
                        <th scope="col">{text.theirs}</th>
                    </tr>
                </thead>
                <tbody>
                    {changed(mine).map((name) => (
                        <tr key={name}>
                            <th scope="row">{nameOf(name)}</th>
                            <td>{told(name, mine[name as keyof TaskChange])}</td>
                            <td>{told(name, theirs[name as keyof Task])}</td>
                        </tr>
                    ))}
                </tbody>
            </table>
        </Question>
    );
}
