import { expect, expectAccessible, password, test } from './rondo';

test('signs up, stays logged in after a reload, logs out and in again', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
    await page.getByRole('link', { name: 'Make an account' }).click();
    await page.getByLabel('Name').fill('Grace');
    await page.getByLabel('E-mail').fill('grace@example.com');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible();

    await page.getByRole('link', { name: 'Settings' }).click();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByLabel('E-mail').fill('grace@example.com');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('heading', { name: 'Today' })).toBeVisible();
});

test('shows the reason of a refusal, by its field or as a whole with the error id', async ({ page, account }) => {
    await page.goto('/login');
    await page.getByLabel('E-mail').fill(account.email);
    await page.getByLabel('Password').fill('wrong wrong wrong');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByRole('alert')).toContainText(/Error [0-9a-f]{8}-/);

    await page.goto('/signup');
    await page.getByLabel('E-mail').fill('nobody@localhost@x');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign up' }).click();
    expect(await page.getByLabel('E-mail').evaluate((field: HTMLInputElement) => field.validity.valid)).toBe(false);
    await expectAccessible(page);
});

test('renews a token that has run out without a word', async ({ page, account, open }) => {
    await account.add({ title: 'Still there' });
    await page.addInitScript(
        (tokens) => localStorage.setItem('rondo.session', tokens),
        JSON.stringify({ ...account.tokens, access_token: 'stale' }),
    );
    await open('/all');
    await expect(page.getByText('Still there')).toBeVisible();
});

test('asks for the password in place when the session is over, and keeps what was typed', async ({ account, open }) => {
    const task = await account.add({ title: 'Write it down' });
    const page = await open(`/all?task=${task.id}`);
    const notes = page.getByLabel('Notes');
    await expect(notes).toBeVisible();
    await account.call('POST', '/api/auth/logout');
    await notes.fill('a long thought');
    await notes.blur();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByRole('heading', { name: 'Your session has ended' })).toBeVisible();
    await expectAccessible(page);
    await dialog.getByLabel('Password').fill(password);
    await dialog.getByRole('button', { name: 'Log in' }).click();
    await expect(dialog).toBeHidden();
    await expect(notes).toHaveValue('a long thought');
    await expect(page.getByText('Saved')).toBeVisible();
});
