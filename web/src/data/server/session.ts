import { ask } from './ask';
import type { components } from '../../domain/schema.gen';
import { ProblemError } from './problem';

type Tokens = Pick<components['schemas']['Session'], 'access_token' | 'refresh_token'>;

const key = 'rondo.session';
const lockName = 'rondo.refresh';
/** With these the server says that the refresh token is no good; all else says nothing of it. */
const over = [400, 401, 403, 422];
const listeners = new Set<() => void>();
let expired = false;

function stored(): Tokens | null {
    try {
        return JSON.parse(localStorage.getItem(key) ?? 'null') as Tokens | null;
    } catch {
        return null;
    }
}

function subjectOf(token: string): string | undefined {
    try {
        const claims = atob((token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'));
        return (JSON.parse(claims) as { sub?: string }).sub;
    } catch {
        return undefined;
    }
}

const tell = () => listeners.forEach((listener) => listener());
addEventListener('storage', (event) => event.key === key && ((expired = false), tell()));

export type SessionState = 'out' | 'in' | 'expired';

/** Who is logged in here. Other tabs see every change. */
export const session = {
    state: (): SessionState => (!stored() ? 'out' : expired ? 'expired' : 'in'),
    token: () => stored()?.access_token,
    /** Whose session it is, as its token says. */
    user: () => subjectOf(stored()?.access_token ?? ''),
    start({ access_token, refresh_token }: Tokens) {
        localStorage.setItem(key, JSON.stringify({ access_token, refresh_token }));
        expired = false;
        tell();
    },
    end() {
        localStorage.removeItem(key);
        expired = false;
        tell();
    },
    /** The tokens are no good any more; the page stays as it is and asks for the password. */
    expire() {
        if (!stored()) return;
        expired = true;
        tell();
    },
    /** Waits until a session that has run out goes on or is ended; gives whether it goes on. */
    async settled(): Promise<boolean> {
        while (session.state() === 'expired')
            await new Promise<void>((resolve) => {
                const end = session.subscribe(() => {
                    end();
                    resolve();
                });
            });
        return session.state() === 'in';
    },
    subscribe(listener: () => void) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
    },
};

/**
 * Exchanges the refresh token. It works once, and used twice it ends the session: so one tab does it at a time, and one
 * that finds the token renewed meanwhile takes that. Gives whether the session goes on.
 */
export async function renew(refused: string | undefined): Promise<boolean> {
    const exchange = async (): Promise<boolean> => {
        const tokens = stored();
        if (!tokens) return false;
        if (tokens.access_token !== refused) return true;
        const answer = await ask('/api/auth/refresh', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ refresh_token: tokens.refresh_token }),
        });
        if (over.includes(answer.status)) return false;
        const renewed = (await answer.json().catch(() => ({}))) as Partial<Tokens>;
        const { access_token, refresh_token } = renewed;
        if (!access_token || !refresh_token) throw new ProblemError(0, { detail: 'The server cannot be reached.' });
        session.start({ access_token, refresh_token });
        return true;
    };
    const alone = async () => (navigator.locks ? navigator.locks.request(lockName, exchange) : exchange());
    underWay ??= alone().finally(() => (underWay = undefined));
    return underWay;
}
let underWay: Promise<boolean> | undefined;
