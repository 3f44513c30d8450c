import { ProblemError } from '../../data/server/problem';
import { toast } from '../../ui/toasts';
import type { Catalogue } from '../../words/en';

/** Shows why something did not work, with the error id that is in the server's log. */
export function tellProblem(error: unknown, text: Catalogue) {
    const known = error instanceof ProblemError ? error : null;
    const detail = [known?.summary ?? String(error), known?.errorId && text.serverProblem(known.errorId)];
    toast.show({ title: text.somethingWrong, detail: detail.filter(Boolean).join(' · '), problem: true });
}
