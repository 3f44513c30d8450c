import { reportedZone, zoneNames } from '../../domain/zones';
import { api, dataOf } from './client';
import { ProblemError } from './problem';

interface Person {
    email: string;
    password: string;
    name: string | null;
}

/** What this browser calls its zone, first, since that is nearly always known; then what else it may be called. */
function* zonesToTry() {
    const reported = reportedZone();
    if (reported) yield reported;
    for (const name of zoneNames(reported)) if (name !== reported) yield name;
}

const isOfZone = (error: unknown) => error instanceof ProblemError && error.fields.has('timezone');

/** Makes an account in the zone of this browser; where the server does not know it, in the nearest that it does, or in UTC. */
export async function register(person: Person) {
    const ask = (zone: { timezone?: string }) =>
        dataOf(api.POST('/api/auth/register', { body: { ...person, ...zone } }));
    for (const timezone of zonesToTry()) {
        try {
            return await ask({ timezone });
        } catch (error) {
            if (!isOfZone(error)) throw error;
        }
    }
    return ask({});
}
