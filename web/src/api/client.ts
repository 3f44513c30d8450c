import createClient from 'openapi-fetch';
import { ProblemError } from './problem';
import type { paths } from './schema.gen';
import { renew, session } from './session';

/** Sends a request as whoever is logged in; a token that has run out is renewed, and the request sent again. */
async function send(request: Request): Promise<Response> {
    const token = session.token();
    const again = request.clone();
    if (token) request.headers.set('authorization', `Bearer ${token}`);
    const answer = await fetch(request).catch(() => {
        throw new ProblemError(0, { detail: 'The server cannot be reached.' });
    });
    if (answer.status !== 401 || !token) return answer;
    if (!(await renew(token))) {
        session.expire();
        return answer;
    }
    again.headers.set('authorization', `Bearer ${session.token()}`);
    return fetch(again);
}

export const api = createClient<paths>({ baseUrl: location.origin, fetch: send });

/** The data of an answer; a problem is thrown. */
export async function dataOf<Data>(
    asked: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<NonNullable<Data>> {
    const { data, error, response } = await asked;
    if (!response.ok) throw new ProblemError(response.status, (error ?? {}) as object);
    return (data ?? null) as NonNullable<Data>;
}
