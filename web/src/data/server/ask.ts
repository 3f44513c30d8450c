import * as clock from '../clock';
import { ProblemError } from './problem';

/** Like `fetch`; an answer tells by the way how late it is. Throws a problem where the server cannot be reached. */
export async function ask(input: Request | string, init?: RequestInit): Promise<Response> {
    const asked = clock.read();
    const answer = await fetch(input, init).catch(() => {
        throw new ProblemError(0, { detail: 'The server cannot be reached.' });
    });
    // One that was kept on the way is of another time.
    if (!answer.headers.has('age')) clock.hear(answer.headers.get('date'), asked);
    return answer;
}
