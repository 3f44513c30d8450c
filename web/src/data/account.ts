// Logging in and out, the password, and where one is logged in.
import { queryOptions } from '@tanstack/react-query';
import { api, dataOf } from './server/client';
import { session } from './server/session';

export const logIn = (email: string, password: string) =>
    dataOf(api.POST('/api/auth/login', { body: { email, password } }));

/** Also without the server one can leave here. */
export const logOut = () =>
    dataOf(api.POST('/api/auth/logout', {}))
        .catch(() => undefined)
        .then(() => session.end());

/** Ends all other sessions; this one goes on. Gives who is logged in. */
export async function changePassword(current_password: string | undefined, password: string | undefined) {
    const { access_token, refresh_token, ...user } = await dataOf(
        api.PATCH('/api/auth/me', { body: { password, current_password } }),
    );
    if (access_token && refresh_token) session.start({ access_token, refresh_token });
    return user;
}

export const sessionsQuery = queryOptions({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => dataOf(api.GET('/api/auth/sessions', { signal })),
});

export const endSession = (id: string) =>
    dataOf(api.DELETE('/api/auth/sessions/{session_id}', { params: { path: { session_id: id } } }));
