// Who is logged in.
import { queryOptions, useQuery, type QueryClient } from '@tanstack/react-query';
import type { User, UserFields } from '../domain/types';
import { browserZone } from '../domain/zones';
import { sendOrKeep } from './outbox/outbox';
import { api, dataOf } from './server/client';

export const userQuery = queryOptions({
    queryKey: ['user'],
    staleTime: Infinity,
    queryFn: ({ signal }): Promise<User> => dataOf(api.GET('/api/auth/me', { signal })),
});

/** The zone in which the page tells and reads times. */
export const useZone = () => useQuery(userQuery).data?.timezone ?? browserZone;

/** Name and zone of who is logged in. */
export async function changeUser(client: QueryClient, user: User, fields: UserFields): Promise<void> {
    const changed = await sendOrKeep<User>(
        () => dataOf(api.PATCH('/api/auth/me', { body: fields })),
        { kind: 'user', title: '', fields },
        { ...user, ...fields } as User,
    );
    client.setQueryData(userQuery.queryKey, changed);
}
