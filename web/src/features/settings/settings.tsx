import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, Form } from 'react-aria-components';
import { changePassword } from '../../data/account';
import { outbox } from '../../data/outbox/outbox';
import { isOffline, ProblemError } from '../../data/server/problem';
import { changeUser, userQuery } from '../../data/user';
import type { UserFields } from '../../domain/types';
import { languages, useLanguage, useText, type Language } from '../../words';
import { applyTheme, theme, type Theme } from '../../ui/theme';
import { Choice } from '../../ui/choice';
import { ErrorNote } from '../problem';
import { Field } from '../../ui/field';
import { toast } from '../../ui/toasts';
import { useActions } from '../task';
import { SessionsCard } from './sessions-card';
import { ViewHead } from '../../ui/view-head';
import { ZoneChoice } from '../when';

const themes = ['system', 'light', 'dark'] as const;

export function SettingsView() {
    const text = useText();
    const { language, choose } = useLanguage();
    const [shade, setShade] = useState<Theme>(theme);
    const client = useQueryClient();
    const actions = useActions();
    const { data: user } = useQuery(userQuery);

    const change = (fields: UserFields) =>
        user &&
        changeUser(client, user, fields).then(
            () => toast.show({ title: outbox.waiting().length ? text.keptForLater : text.saved }),
            actions.failed,
        );
    return (
        <section className="view scrolls">
            <ViewHead title={text.settings} />
            <div className="settings">
                <section className="card">
                    <h2>{text.account}</h2>
                    {user && (
                        <>
                            <p className="quiet">{user.email}</p>
                            <Form
                                key={user.name}
                                className="row bottom"
                                onSubmit={(event) => {
                                    event.preventDefault();
                                    const name = new FormData(event.currentTarget).get('name');
                                    void change({ name: String(name).trim() || null });
                                }}
                            >
                                <Field label={text.name} name="name" defaultValue={user.name ?? ''} maxLength={255} />
                                <Button type="submit" className="button">
                                    {text.save}
                                </Button>
                            </Form>
                            <ZoneChoice
                                label={text.zone}
                                value={user.timezone}
                                onChange={(timezone) => void change({ timezone })}
                            />
                            <p className="fine">{text.zoneHint}</p>
                        </>
                    )}
                </section>
                <section className="card">
                    <h2>{text.appearance}</h2>
                    <Choice
                        label={text.theme}
                        value={shade}
                        options={themes.map((value) => ({ value, label: text.themes[value] }))}
                        onChange={(to) => {
                            applyTheme(to);
                            setShade(to);
                        }}
                    />
                    <Choice
                        label={text.language}
                        value={language}
                        options={(Object.keys(languages) as Language[]).map((value) => ({
                            value,
                            label: languages[value],
                        }))}
                        onChange={choose}
                    />
                </section>
                <PasswordCard />
                <SessionsCard />
            </div>
        </section>
    );
}

function PasswordCard() {
    const text = useText();
    const client = useQueryClient();
    const [error, setError] = useState<Error | null>(null);
    const faults = error instanceof ProblemError ? Object.fromEntries(error.fields) : {};
    const send = async (form: HTMLFormElement) => {
        const { current_password, password } = Object.fromEntries(new FormData(form)) as Record<string, string>;
        setError(null);
        try {
            client.setQueryData(userQuery.queryKey, await changePassword(current_password, password));
            form.reset();
            toast.show({ title: text.passwordChanged });
        } catch (problem) {
            setError(problem as Error);
        }
    };
    return (
        <section className="card">
            <h2>{text.changePassword}</h2>
            <Form
                className="stack"
                validationErrors={faults}
                onSubmit={(event) => {
                    event.preventDefault();
                    void send(event.currentTarget);
                }}
            >
                {error && !Object.keys(faults).length && <ErrorNote error={error} />}
                {isOffline(error) && <p className="fine">{text.passwordNeedsServer}</p>}
                <Field
                    label={text.currentPassword}
                    name="current_password"
                    type="password"
                    autoComplete="current-password"
                    isRequired
                />
                <Field
                    label={text.newPassword}
                    name="password"
                    type="password"
                    autoComplete="new-password"
                    minLength={8}
                    hint={text.passwordHint}
                    isRequired
                />
                <div className="row">
                    <Button type="submit" className="button">
                        {text.changePassword}
                    </Button>
                </div>
            </Form>
        </section>
    );
}
