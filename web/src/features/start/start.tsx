import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Button, Dialog, Form, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { Link, useLocation } from 'wouter';
import { logIn } from '../../data/account';
import { ProblemError } from '../../data/server/problem';
import { register } from '../../data/server/register';
import { session } from '../../data/server/session';
import { userQuery } from '../../data/user';
import { useText } from '../../words';
import { reportedZone } from '../../domain/zones';
import { ErrorNote } from '../problem';
import { Field } from '../../ui/field';
import { Logo } from '../../ui/logo';
import { toast } from '../../ui/toasts';

/** Runs what a form sends, one at a time, and keeps why it failed. */
function useSubmit(send: (values: Record<string, string>) => Promise<void>) {
    const [error, setError] = useState<Error | null>(null);
    const [busy, setBusy] = useState(false);
    const onSubmit = (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault();
        if (busy) return;
        setBusy(true);
        setError(null);
        const values = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
        send(values)
            .catch((problem: Error) => setError(problem))
            .finally(() => setBusy(false));
    };
    const fields = error instanceof ProblemError ? Object.fromEntries(error.fields) : {};
    return { error, busy, onSubmit, fields, general: error && !Object.keys(fields).length ? error : null };
}

export function AuthView({ making }: { making: boolean }) {
    const text = useText();
    const [, navigate] = useLocation();
    const client = useQueryClient();
    const { busy, onSubmit, fields, general } = useSubmit(async ({ email = '', password = '', name = '' }) => {
        const tokens = making ? await register({ email, password, name: name || null }) : await logIn(email, password);
        client.setQueryData(userQuery.queryKey, tokens.user);
        session.start(tokens);
        navigate('/today', { replace: true });
        if (making && tokens.user.timezone !== reportedZone())
            toast.show({
                title: text.zoneRefused(reportedZone() || text.unnamedZone),
                detail: text.zoneInstead(tokens.user.timezone),
                action: { label: text.settings, run: () => navigate('/settings') },
                stays: true,
            });
    });

    return (
        <main className="auth">
            <div className="auth-card">
                <Logo />
                <h1>{making ? text.makeAccount : text.logIn}</h1>
                <p className="quiet">{text.tagline}</p>
                <Form key={String(making)} onSubmit={onSubmit} validationErrors={fields} className="stack">
                    {general && <ErrorNote error={general} />}
                    {making && <Field label={text.name} name="name" autoComplete="name" />}
                    <Field label={text.email} name="email" type="email" autoComplete="username" isRequired autoFocus />
                    <Field
                        label={text.password}
                        name="password"
                        type="password"
                        autoComplete={making ? 'new-password' : 'current-password'}
                        isRequired
                        {...(making ? { minLength: 8, hint: text.passwordHint } : {})}
                    />
                    <Button type="submit" className="button primary wide" isPending={busy}>
                        {making ? text.signUp : text.logIn}
                    </Button>
                </Form>
                <p className="auth-other">
                    {making ? text.haveAccount : text.newHere}{' '}
                    <Link href={making ? '/login' : '/signup'}>{making ? text.logIn : text.makeAccount}</Link>
                </p>
            </div>
        </main>
    );
}

/** Asks for the password where one is, so that nothing typed is lost. */
export function SessionEnded() {
    const text = useText();
    const client = useQueryClient();
    const email = client.getQueryData(userQuery.queryKey)?.email ?? '';
    const { busy, onSubmit, fields, general } = useSubmit(async (values) => {
        const tokens = await logIn(values.email ?? '', values.password ?? '');
        session.start(tokens);
        client.setQueryData(userQuery.queryKey, tokens.user);
        void client.invalidateQueries();
    });
    return (
        <ModalOverlay isOpen className="overlay">
            <Modal className="modal">
                <Dialog className="dialog">
                    <Heading slot="title">{text.sessionEnded}</Heading>
                    <p className="quiet">{text.sessionEndedText}</p>
                    <Form onSubmit={onSubmit} validationErrors={fields} className="stack">
                        {general && <ErrorNote error={general} />}
                        <Field
                            label={text.email}
                            name="email"
                            type="email"
                            defaultValue={email}
                            isReadOnly={email !== ''}
                            autoComplete="username"
                            isRequired
                        />
                        <Field
                            label={text.password}
                            name="password"
                            type="password"
                            autoComplete="current-password"
                            isRequired
                            autoFocus
                        />
                        <div className="row end">
                            <Button className="button" onPress={() => session.end()}>
                                {text.logOut}
                            </Button>
                            <Button type="submit" className="button primary" isPending={busy}>
                                {text.logIn}
                            </Button>
                        </div>
                    </Form>
                </Dialog>
            </Modal>
        </ModalOverlay>
    );
}
