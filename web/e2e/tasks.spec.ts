import { day, expect, expectAccessible, test } from './rondo';

test('adds a task, shows it today, completes it and takes that back', async ({ open }) => {
    const page = await open('/today');
    await expect(page.getByText('All clear for today')).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('n');
    await page.keyboard.type('Buy oat milk');
    await page.keyboard.press('Enter');
    const row = page.getByRole('row', { name: 'Buy oat milk' });
    await expect(row).toBeVisible();
    await expectAccessible(page);

    await row.getByRole('button', { name: 'Complete' }).click();
    await expect(row).toBeHidden();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(row).toBeVisible();
});

test('a completed task that repeats brings its next one, and undo takes it back', async ({ account, open }) => {
    const task = await account.add({ title: 'Water the plants', due_date: `${day(0)}T00:01`, recurring_type: 'daily' });
    const page = await open('/all');
    const rows = page.getByRole('row', { name: 'Water the plants' });
    await expect(rows).toHaveCount(1);
    // How rows first come: one that arrives and was there before would flicker.
    await page.evaluate(() => {
        const came = (node: Node) => (node instanceof Element ? [...node.querySelectorAll('[data-task]')] : []);
        new MutationObserver((changes) => {
            for (const row of changes.flatMap((change) => [...change.addedNodes].flatMap(came)))
                document.body.dataset.came = row.hasAttribute('data-arrived') ? 'arriving' : 'at once';
        }).observe(document.body, { subtree: true, childList: true });
    });
    await rows.getByRole('button', { name: 'Complete' }).click();
    await expect(page.getByRole('alertdialog')).toContainText('Next: ');
    await expect(rows).toHaveCount(2);
    await expect(page.locator('body')).toHaveAttribute('data-came', 'arriving');
    expect(await page.locator(`[data-task="${task.id}"]`).getAttribute('data-arrived')).toBeNull();
    expect(await account.call('GET', `/api/tasks?parent_task_id=${task.id}`)).toMatchObject([{ status: 'pending' }]);

    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => account.call('GET', `/api/tasks?parent_task_id=${task.id}`)).toEqual([]);
    await expect(rows).toHaveCount(1);
    await expect(rows.getByRole('button', { name: 'Complete' })).toHaveCount(1);
});

test('today shows what is late and what is due, upcoming what comes, done what is done', async ({ account, open }) => {
    await account.add({ title: 'Long ago', due_date: day(-3) });
    await account.add({ title: 'Now', due_date: day(0) });
    await account.add({ title: 'Soon', due_date: `${day(2)}T10:00`, priority: 'urgent', tags: ['work'] });
    await account.add({ title: 'Finished', status: 'done' });
    const page = await open('/today');
    await expect(page.getByRole('row')).toHaveText([/Overdue/, /Long ago/, /Today/, /Now/]);
    await expectAccessible(page);
    await page.keyboard.press('2');
    await expect(page.getByRole('row', { name: 'Soon' })).toContainText('10:00');
    await expect(page.getByRole('row', { name: 'Now' })).toBeHidden();
    await expectAccessible(page);
    await page.keyboard.press('6');
    await expect(page.getByRole('row', { name: 'Finished' })).toBeVisible();
    await expectAccessible(page);
});

test('every field can be changed in the panel', async ({ account, open }) => {
    const task = await account.add({ title: 'Draft', due_date: day(1) });
    const read = () => account.call('GET', `/api/tasks/${task.id}`);
    const page = await open('/all');
    await page.getByRole('row', { name: 'Draft' }).click();
    const panel = page.getByRole('complementary', { name: 'Task', exact: true });
    await panel.getByLabel('Title').fill('Draft of the talk');
    await page.keyboard.press('Enter');
    await expect.poll(read).toMatchObject({ title: 'Draft of the talk' });
    await expect(page.getByRole('row', { name: 'Draft of the talk' })).toBeVisible();
    await panel.getByLabel('Notes').fill('Three stories');
    await panel.getByLabel('Notes').blur();
    await expect.poll(read).toMatchObject({ description: 'Three stories' });

    await panel.getByRole('button', { name: /Priority/ }).click();
    await page.getByRole('option', { name: 'Urgent' }).click();
    await expect.poll(read).toMatchObject({ priority: 'urgent' });
    await panel.getByRole('button', { name: /Status/ }).click();
    await page.getByRole('option', { name: 'In progress' }).click();
    await expect.poll(read).toMatchObject({ status: 'in_progress' });

    await panel.getByRole('button', { name: 'Add a time' }).click();
    await expect.poll(read).toMatchObject({ due_date: expect.stringContaining('T09:00:00') });
    await panel.getByRole('combobox', { name: 'New tag' }).fill('stage');
    await page.keyboard.press('Enter');
    await expect.poll(read).toMatchObject({ tags: [{ name: 'stage' }] });
    await expectAccessible(page);
    await panel.getByRole('button', { name: 'Remove the date' }).click();
    await expect.poll(read).toMatchObject({ due_date: null });
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();
});

test('the repeat editor says what the rule means before it is saved', async ({ account, open }) => {
    const task = await account.add({ title: 'Report', due_date: '2027-01-12T09:00' });
    const page = await open(`/all?task=${task.id}`);
    const editor = page.getByRole('region', { name: 'Repeat' });
    await editor.getByRole('button', { name: /Repeat/ }).click();
    await page.getByRole('option', { name: 'Monthly' }).click();
    await expect(editor.getByRole('listitem')).toHaveCount(5);
    await expect(editor.getByRole('listitem').first()).toContainText('12 Feb 2027');
    await editor.getByRole('button', { name: /On day 12/ }).click();
    await page.getByRole('option', { name: 'On the second Tuesday' }).click();
    await expect(editor.getByRole('listitem').first()).toContainText('9 Feb 2027');
    await expect(editor).toContainText(/second Tuesday/i);
    await expectAccessible(page);
    await editor.getByRole('button', { name: 'Save' }).click();
    await expect
        .poll(() => account.call('GET', `/api/tasks/${task.id}`))
        .toMatchObject({
            recurring_type: 'custom',
            recurrence_rule: 'FREQ=MONTHLY;BYDAY=2TU',
            repeat_mode: 'on_schedule',
        });
});

test('one task of a series can be moved alone', async ({ account, open }) => {
    const task = await account.add({
        title: 'Training',
        due_date: '2027-01-12',
        recurring_type: 'weekly',
        repeat_mode: 'on_schedule',
    });
    const page = await open(`/all?task=${task.id}`);
    const due = page.getByRole('group', { name: 'Due' });
    await due.getByRole('spinbutton', { name: /day,/ }).press('ArrowUp');
    await expect(page.getByText('Move only this one, or all that follow?')).toBeVisible();
    await expectAccessible(page);
    await page.getByRole('complementary', { name: 'Task', exact: true }).getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => account.call('GET', `/api/tasks/${task.id}`)).toMatchObject({ due_date: '2027-01-13' });
    expect(await account.call('GET', `/api/tasks/${task.id}/occurrences?count=1`)).toMatchObject({
        occurrences: [{ due_date: '2027-01-19' }],
    });
});

test('a change that somebody else made first is not lost', async ({ account, open }) => {
    const task = await account.add({ title: 'Shared' });
    const page = await open(`/all?task=${task.id}`);
    const title = page.getByRole('complementary', { name: 'Task', exact: true }).getByLabel('Title');
    await page.getByLabel('Notes').fill('mine');
    await account.call('PATCH', `/api/tasks/${task.id}`, { title: 'Shared by two', description: 'theirs' });
    // The page has heard of it, and yet what was typed was typed over what had been there.
    await expect(title).toHaveValue('Shared by two');
    await page.getByLabel('Notes').blur();
    const dialog = page.getByRole('alertdialog', { name: 'Changed meanwhile' });
    await expect(dialog).toBeVisible();
    await expectAccessible(page);
    expect(await account.call('GET', `/api/tasks/${task.id}`)).toMatchObject({ description: 'theirs' });
    await dialog.getByRole('button', { name: 'Keep mine' }).click();
    await expect.poll(() => account.call('GET', `/api/tasks/${task.id}`)).toMatchObject({ description: 'mine' });
});

test('what somebody else changed in another field is no conflict', async ({ account, open }) => {
    const task = await account.add({ title: 'Shared' });
    const page = await open(`/all?task=${task.id}`);
    const title = page.getByRole('complementary', { name: 'Task', exact: true }).getByLabel('Title');
    await page.getByLabel('Notes').fill('mine');
    await account.call('PATCH', `/api/tasks/${task.id}`, { title: 'Shared by two' });
    await expect(title).toHaveValue('Shared by two');
    await page.getByLabel('Notes').blur();
    await expect
        .poll(() => account.call('GET', `/api/tasks/${task.id}`))
        .toMatchObject({ title: 'Shared by two', description: 'mine' });
    await expect(page.getByRole('alertdialog')).toBeHidden();
});

test('several tasks are chosen and done with the keyboard alone', async ({ account, open }) => {
    for (const title of ['First', 'Second', 'Third']) await account.add({ title, due_date: day(0) });
    const page = await open('/today');
    await expect(page.getByRole('row', { name: 'Third' })).toBeVisible();
    await page.getByRole('row', { name: 'First' }).focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Space');
    await expect(page.getByText('2 selected')).toBeVisible();
    await expectAccessible(page);
    await page.keyboard.press('c');
    await expect(page.getByRole('row', { name: 'First' })).toBeHidden();
    await expect(page.getByRole('row', { name: 'Third' })).toBeVisible();
    await page.getByRole('row', { name: 'Third' }).focus();
    await page.keyboard.press('Delete');
    await expect(page.getByRole('row', { name: 'Third' })).toBeHidden();
});

test('the line is understood while one types', async ({ account, open }) => {
    const page = await open('/all');
    await page.getByRole('textbox', { name: 'Add task' }).fill('Pay rent every month on the 1st at 9am #home !high');
    const chips = page.getByRole('list', { name: 'What was understood' }).getByRole('listitem');
    await expect(chips).toHaveCount(4);
    await expectAccessible(page);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('row', { name: 'Pay rent' })).toBeVisible();
    expect(await account.call('GET', '/api/tasks')).toMatchObject([
        {
            title: 'Pay rent',
            priority: 'high',
            tags: [{ name: 'home' }],
            recurring_type: expect.not.stringMatching('none'),
        },
    ]);
});

test('what of a line was not read is told beside what was', async ({ open }) => {
    const page = await open('/all');
    // The browser's locale puts the day first, and there is no 24th month.
    await page.getByRole('textbox', { name: 'Add task' }).fill('Dinner 12/24 at 3pm #home');
    const chips = page.getByRole('list', { name: 'What was understood' }).getByRole('listitem');
    await expect(chips).toHaveCount(2);
    const unread = chips.filter({ hasText: '12/24 at 3pm' });
    await expect(unread).toHaveAttribute('data-kind', 'unread');
    await expect(unread).toHaveAttribute('title', /write the month as a word/);
    await expectAccessible(page);
});

test('a task tells why it is here, its series and its history', async ({ account, open }) => {
    const first = await account.add({ title: 'Water', due_date: day(0), recurring_type: 'daily' });
    await account.call('PATCH', `/api/tasks/${first.id}/toggle`);
    const children = () => account.call('GET', `/api/tasks?parent_task_id=${first.id}`) as Promise<{ id: string }[]>;
    await expect.poll(async () => (await children()).length).toBe(1);
    const page = await open(`/all?task=${(await children())[0]?.id}`);
    await page.getByRole('button', { name: 'Why is this here?' }).click();
    await expect(page.getByText(/^Rondo made it on/)).toBeVisible();
    await page.getByRole('button', { name: 'Series' }).click();
    await expect(page.locator('.timeline li')).toHaveCount(2);
    await page.getByRole('button', { name: 'History' }).click();
    await expect(page.getByText('Made', { exact: true })).toBeVisible();
    await expectAccessible(page);
    await page.locator('.timeline a').first().click();
    await expect(page).toHaveURL(new RegExp(`task=${first.id}`));
});
