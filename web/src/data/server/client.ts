import createClient from 'openapi-fetch';
import { ask } from './ask';
import { ProblemError } from './problem';
import type { paths } from '../../domain/schema.gen';
import { renew, session } from './session';

/** Sends a request as whoever is logged in; when the token has run out, it is sent again with a new one. */
async function send(request: Request): Promise<Response> {
    // A login says who one is itself, and its 401 is its answer.
    const token = request.url.endsWith('/api/auth/login') ? undefined : session.token();
    const again = request.clone();
    if (token) request.headers.set('authorization', `Bearer ${token}`);
    const answer = await ask(request);
    if (answer.status !== 401 || !token) return answer;
    if (!(await renew(token))) {
        // The page asks for the password meanwhile, and what was under way goes on.
        session.expire();
        if (!(await session.settled())) return answer;
    }
    again.headers.set('authorization', `Bearer ${session.token()}`);
    return ask(again);
}

let settled = () => Promise.resolve();

/** What is read waits for this first, so that it knows of every change made before. */
export function beforeReading(wait: () => Promise<void>) {
    settled = wait;
}

export const api = createClient<paths>({
    baseUrl: location.origin,
    fetch: async (request) => {
        if (request.method === 'GET') await settled();
        return send(request);
    },
});

/** Like `api`, for sending the changes that reading waits for. */
export const direct = createClient<paths>({ baseUrl: location.origin, fetch: send });

/**
 * Lets a change through only while the task has the version that was seen. An answer's own ETag is of no use: what
 * compresses it on the way makes it weak, and a weak one matches nothing.
 */
export const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` });

/** The data of an answer; a problem is thrown. */
export async function dataOf<Data>(
    asked: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<NonNullable<Data>> {
    const { data, error, response } = await asked.catch((problem: unknown) => {
        // What is no JSON comes from something on the way, such as the log-in page of a train's network.
        if (problem instanceof SyntaxError) throw new ProblemError(0, { detail: 'The server cannot be reached.' });
        throw problem;
    });
    if (!response.ok)
        throw new ProblemError(response.status, (error ?? {}) as object, response.headers.get('retry-after'));
    return (data ?? null) as NonNullable<Data>;
}
