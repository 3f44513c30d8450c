import { CircleAlert } from 'lucide-react';
import { Button } from 'react-aria-components';
import { isOffline, ProblemError } from '../../data/server/problem';
import { useText } from '../../words';

/** Why a view or a form has nothing to show: the server's sentence, its error id, and a way to try again. */
export function ErrorNote({ error, retry }: { error: Error; retry?: () => void }) {
    const text = useText();
    const known = error instanceof ProblemError ? error : null;
    return (
        <div role="alert" className="error-note">
            <CircleAlert size={18} aria-hidden />
            <div>
                <p>{isOffline(error) ? text.unreachable : (known?.summary ?? error.message)}</p>
                {known?.errorId && <p className="fine">{text.serverProblem(known.errorId)}</p>}
            </div>
            {retry && (
                <Button className="button small" onPress={retry}>
                    {text.retry}
                </Button>
            )}
        </div>
    );
}
