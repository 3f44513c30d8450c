import { copyFileSync } from 'node:fs';
import { day, expect, test, type Account } from '../e2e/rondo';

const folder = '../build/web/pictures';
/** Those that README.md shows. */
const shown = '../docs/pictures';
const inReadme = ['panel-light-desktop', 'calendar-dark-desktop', 'today-dark-phone', 'quick-add-light-phone'];
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };
/** Each view, with something that is seen there once its data have come. */
const views = {
    today: 'Water the plants',
    upcoming: 'Dentist',
    calendar: 'Dentist',
    board: 'Prepare the workshop',
    all: 'Go for a run',
    done: 'Go for a run',
    'search?q=the': 'Review the plan for the release',
    stats: 'On time',
    trash: 'An old idea',
    settings: 'Password',
};

/** A week of somebody's life. Gives the task that the panel shows. */
async function fill(account: Account): Promise<string> {
    const add = (title: string, fields: object = {}) => account.add({ title, ...fields });
    await account.call('POST', '/api/tags', { name: 'home', color: '#22C55E' });
    await account.call('POST', '/api/tags', { name: 'work', color: '#6366F1' });
    await account.call('POST', '/api/tags', { name: 'family', color: '#EC4899' });
    await add('Send the quarterly figures', { due_date: day(-2), priority: 'urgent', tags: ['work'] });
    await add('Renew the passport', { due_date: day(-1), tags: ['family'] });
    await add('Water the plants', { due_date: day(0), recurring_type: 'daily', recurring_interval: 3, tags: ['home'] });
    const standup = { recurring_type: 'custom', recurrence_rule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR' };
    await add('Stand-up', { due_date: `${day(0)}T09:15`, ...standup, repeat_mode: 'on_schedule', tags: ['work'] });
    await add('Review the plan for the release', { due_date: `${day(0)}T14:30`, priority: 'high', tags: ['work'] });
    await add('Call Elif about Saturday', { due_date: `${day(0)}T18:00`, tags: ['family'], status: 'in_progress' });
    await add('Read a chapter', { due_date: day(0), recurring_type: 'daily' });
    const rent = await add('Pay the rent', {
        due_date: `${day(1)}T09:00`,
        recurring_type: 'monthly',
        repeat_mode: 'on_schedule',
        priority: 'high',
        tags: ['home'],
        description: 'Standing order is off since March: by hand, until the bank answers.',
    });
    await add('Clean the coffee machine', { due_date: day(2), recurring_type: 'weekly', tags: ['home'] });
    await add('Dentist', { due_date: `${day(3)}T10:40` });
    await add('Dinner with Ana and Jo', { due_date: `${day(4)}T19:30`, tags: ['family'] });
    await add('Prepare the workshop', { due_date: `${day(6)}T13:00`, tags: ['work'], status: 'in_progress' });
    await add('Check the smoke alarms', { due_date: day(9), recurring_type: 'yearly', tags: ['home'] });
    await add('Learn the second movement');
    for (let away = 0; away < 90; away += 1 + (away % 3))
        await account.add({
            title: ['Water the plants', 'Read a chapter', 'Answer the letters', 'Go for a run'][away % 4],
            due_date: day(-away),
            status: 'done',
            completed_at: new Date(Date.now() - away * 86_400_000 - 60_000).toISOString(),
        });
    const old = await add('An old idea');
    await account.call('DELETE', `/api/tasks/${old.id}`);
    return rent.id;
}

for (const scheme of ['light', 'dark'] as const)
    for (const [size, viewport] of Object.entries(sizes))
        test(`${scheme} ${size}`, async ({ account, open, page }) => {
            await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
            await page.setViewportSize(viewport);
            const id = await fill(account);
            const shoot = async (name: string) => {
                await expect(page.getByText('Loading')).toBeHidden();
                await page.evaluate(() => document.fonts.ready);
                const picture = `${name}-${scheme}-${size}`;
                await page.screenshot({ path: `${folder}/${picture}.png` });
                if (inReadme.includes(picture)) copyFileSync(`${folder}/${picture}.png`, `${shown}/${picture}.png`);
            };
            for (const [view, seen] of Object.entries(views)) {
                await open(`/${view}`);
                await expect(page.getByText(seen).first()).toBeAttached();
                await shoot(view.replace(/\?.*/, ''));
            }
            await open(`/today?task=${id}`);
            await expect(page.getByLabel('Title')).toHaveValue('Pay the rent');
            await shoot('panel');
            await open('/today');
            await page
                .getByRole('textbox', { name: 'Add task' })
                .fill('Pay rent every month on the 1st at 9am #home !high');
            await expect(page.getByRole('list', { name: 'What was understood' })).toBeVisible();
            await shoot('quick-add');
        });
