import { expect, expectAccessible, password, test } from './rondo';

// The page asks Intl about zones other than the machine's own.
test.use({ timezoneId: 'UTC' });

/** A browser whose rules have Berlin an hour ahead of what it is. */
const withOldRules = () => {
    const Real = Intl.DateTimeFormat;
    const ahead = (at: Date | number | undefined) => new Date(Number(at ?? Date.now()) + 3_600_000);
    function Patched(locales?: string, options?: Intl.DateTimeFormatOptions) {
        const made = new Real(locales, options);
        if (options?.timeZone !== 'Europe/Berlin') return made;
        const { format, formatToParts } = made;
        Object.defineProperty(made, 'format', { value: (at?: Date | number) => format(ahead(at)) });
        made.formatToParts = (at?: Date | number) => formatToParts.call(made, ahead(at));
        return made;
    }
    Patched.prototype = Real.prototype;
    Object.assign(Patched, { supportedLocalesOf: Real.supportedLocalesOf });
    Intl.DateTimeFormat = Patched as unknown as typeof Intl.DateTimeFormat;
};

test('shows the time of the server, and says so, when the browser has other rules', async ({ page, account, open }) => {
    const due = { due_date: '2030-01-15T09:00', timezone: 'Europe/Berlin' };
    const task = await account.add({ title: 'Call Berlin', ...due });
    await account.add({ title: 'Call Tokyo', ...due, timezone: 'Asia/Tokyo' });
    await page.addInitScript(withOldRules);
    await open(`/all?task=${task.id}`);
    const note = page.getByRole('note');
    await expect(note).toContainText('Europe/Berlin');
    await expect(note).toContainText('9:00');
    await expect(note).toContainText('10:00');
    await expect(page.getByRole('row', { name: 'Call Berlin' })).toContainText('9:00');
    await expectAccessible(page);
    await page.getByRole('row', { name: 'Call Tokyo' }).getByText('Call Tokyo').click();
    await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Call Tokyo');
    await expect(note).toBeHidden();
});

test('says nothing when both have the same rules', async ({ page, account, open }) => {
    const task = await account.add({ title: 'Call', due_date: '2030-01-15T09:00', timezone: 'Europe/Berlin' });
    await open(`/all?task=${task.id}`);
    await expect(page.getByRole('textbox', { name: 'Title' })).toHaveValue('Call');
    await expect(page.getByRole('note')).toBeHidden();
});

test('makes an account where the server does not know the zone of the browser', async ({ page }) => {
    await page.addInitScript(() => {
        const { resolvedOptions } = Intl.DateTimeFormat.prototype;
        Intl.DateTimeFormat.prototype.resolvedOptions = function () {
            return { ...resolvedOptions.call(this), timeZone: 'Mars/Base' };
        };
    });
    await page.goto('/signup');
    await page.getByLabel('E-mail').fill('mars@example.com');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await expect(page).toHaveURL(/today/);
    await expect(page.locator('h1')).toBeVisible();
});
