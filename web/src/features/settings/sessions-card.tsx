import { useQuery, useQueryClient } from '@tanstack/react-query';
import Bowser from 'bowser';
import { LogOut } from 'lucide-react';
import { Button } from 'react-aria-components';
import { endSession, logOut, sessionsQuery } from '../../data/account';
import { isOffline } from '../../data/server/problem';
import type { ListedSession } from '../../domain/types';
import { useText } from '../../words';
import { ErrorNote } from '../problem';
import { toast } from '../../ui/toasts';
import { useActions } from '../task';
import { useDateWords } from '../when';

/** Where one is logged in, and the way out, of this session and of every other. */
export function SessionsCard() {
    const text = useText();
    const words = useDateWords();
    const client = useQueryClient();
    const actions = useActions();
    const { data, error, refetch } = useQuery(sessionsQuery);

    const nameOf = ({ agent }: ListedSession) => {
        if (!agent) return text.unknownAgent;
        const { browser, os } = Bowser.parse(agent);
        return browser.name && os.name ? text.agentOn(browser.name, os.name) : agent;
    };
    const end = async (one: ListedSession) => {
        try {
            await endSession(one.id);
            toast.show({ title: text.loggedOut(nameOf(one)) });
        } catch (problem) {
            if (isOffline(problem)) toast.show({ title: text.unreachable, detail: text.sessionNeedsServer });
            else actions.failed(problem);
        }
        await client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    };

    return (
        <section className="card">
            <h2>{text.sessions}</h2>
            <p className="quiet">{text.sessionsText}</p>
            {error && !data && <ErrorNote error={error} retry={() => void refetch()} />}
            <ul className="sessions" aria-label={text.sessions}>
                {data?.map((one) => (
                    <li key={one.id}>
                        <div className="grow">
                            <p>{nameOf(one)}</p>
                            <p className="fine">
                                {one.current ? text.currentSession : text.lastUsed(words.instant(one.last_used_at))}
                            </p>
                        </div>
                        {!one.current && (
                            <Button
                                className="button small"
                                aria-label={text.endSession(nameOf(one))}
                                onPress={() => void end(one)}
                            >
                                {text.logOut}
                            </Button>
                        )}
                    </li>
                ))}
            </ul>
            <Button className="button" onPress={() => void logOut()}>
                <LogOut size={16} aria-hidden />
                {text.logOut}
            </Button>
        </section>
    );
}
