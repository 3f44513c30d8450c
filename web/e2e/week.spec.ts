// A week with Rondo, from Monday to Sunday, as somebody would live it who has just found it.
import { rmSync } from 'node:fs';
import { expect, newFolder, password, readyForOffline, startServer, test, type Server } from './rondo';

/** A time of that week in Berlin: day 1 is its Monday, 1 March 2027. */
const at = (day: number, clock: string) => new Date(`2027-03-0${day}T${clock}:00+01:00`);
const due = (day: number) => `2027-03-0${day}`;

test('a week: early, late, skipped, without the server, and nothing is lost', async ({ page, request }) => {
    test.slow();
    const folder = newFolder();
    let server: Server | undefined;
    const start = async (time: Date) => {
        server = await startServer(folder, server && new URL(server.url).port, time);
        await page.clock.setFixedTime(time);
    };
    /** The server is another one by now, of that day and on the same data; so is what the page shows. */
    const visit = async (time: Date, path = '/today') => {
        await page.goto('about:blank');
        await server?.stop();
        await start(time);
        await page.goto(`${server?.url}${path}`);
    };

    // What fails while the server is there is told at the end. A token of the day before is renewed: that is its 401.
    const failed: string[] = [];
    let isAway = false;
    let undoing = false;
    page.on('requestfailed', (asked) => {
        const error = asked.failure()?.errorText;
        if (!isAway && error !== 'net::ERR_ABORTED') failed.push(`${error} ${asked.method()} ${asked.url()}`);
    });
    page.on('response', (answer) => {
        const { pathname } = new URL(answer.url());
        if (answer.status() < 400 || isAway) return;
        if (answer.status() === 401 && pathname !== '/api/auth/refresh') return;
        if (answer.status() === 404 && undoing) return;
        failed.push(`${answer.status()} ${answer.request().method()} ${pathname}`);
    });

    const row = (title: string) => page.getByRole('row', { name: title });
    const rows = (...titles: RegExp[]) => expect(page.getByRole('row')).toHaveText(titles);
    const note = (title: string) => page.getByRole('alertdialog').filter({ hasText: title }).first();
    const add = async (line: string) => {
        await page.getByRole('textbox', { name: 'Add task' }).fill(line);
        await page.keyboard.press('Enter');
        await expect(page.getByRole('textbox', { name: 'Add task' })).toHaveValue('');
    };
    const complete = async (title: string, next?: string) => {
        await row(title).getByRole('button', { name: 'Complete' }).click();
        await expect(note(`Done: ${title}`)).toContainText(next ? `Next: ${next}` : title);
    };

    try {
        await visit(at(1, '18:00'), '/signup');
        await page.getByLabel('E-mail').fill('newcomer@example.com');
        await page.getByLabel('Password').fill(password);
        await page.getByRole('button', { name: 'Sign up' }).click();
        await expect(page.getByText('All clear for today')).toBeVisible();
        await add('Water the plants every day, keep missed #home');
        await expect(row('Water the plants')).toBeVisible();
        await add('Review the week every Monday');
        await expect(row('Review the week')).toBeVisible();
        await add('Write a page every weekday');
        await expect(row('Write a page')).toBeVisible();
        await add('Buy milk');
        await expect(row('Buy milk')).toBeVisible();
        await add('Call Ada tomorrow !high');
        await complete('Water the plants', 'Tue, 2 Mar 2027');
        await expect(row('Water the plants')).toBeHidden();
        undoing = true;
        await note('Done: Water the plants').getByRole('button', { name: 'Undo' }).click();
        await expect(note('Taken back')).toBeVisible();
        await expect(row('Water the plants')).toBeVisible();
        undoing = false;

        await visit(at(1, '21:00'));
        await complete('Water the plants', 'Tue, 2 Mar 2027');
        await complete('Review the week', 'Mon, 8 Mar 2027');
        await complete('Write a page', 'Tue, 2 Mar 2027');
        await complete('Buy milk');
        await expect(page.getByText('All clear for today')).toBeVisible();

        // Wednesday's water is given on Tuesday.
        await visit(at(2, '20:00'));
        await rows(/Call Ada/, /Water/, /Write a page/);
        await complete('Call Ada');
        await complete('Water the plants', 'Wed, 3 Mar 2027');
        await complete('Write a page', 'Wed, 3 Mar 2027');
        await page.keyboard.press('2');
        await expect(page.getByRole('heading', { name: 'Upcoming' })).toBeVisible();
        await complete('Water the plants', 'Thu, 4 Mar 2027');

        await visit(at(3, '12:00'));
        await rows(/Write a page/);
        await complete('Write a page', 'Thu, 4 Mar 2027');

        await visit(at(4, '07:00'));
        await rows(/Water/, /Write a page/);
        await row('Write a page').click();
        await page.getByRole('button', { name: 'Skip this one' }).click();
        await expect(note('Skipped to Fri, 5 Mar 2027')).toBeVisible();
        await complete('Water the plants', 'Fri, 5 Mar 2027');
        await expect(page.getByText('All clear for today')).toBeVisible();

        // Friday is spent on a train.
        await visit(at(5, '09:00'));
        await rows(/Write a page/, /Water/);
        await readyForOffline(page);
        isAway = true;
        await server?.stop();
        await page.clock.setFixedTime(at(5, '09:30'));
        await complete('Water the plants');
        await complete('Write a page');
        await add('Thought on the train');
        await expect(page.getByText('3 changes wait for the server')).toBeVisible();
        await page.reload();
        await rows(/Thought on the train/);
        await expect(page.getByText('3 changes wait for the server')).toBeVisible();
        await start(at(5, '18:00'));
        await expect(page.getByText(/waits? for the server/)).toBeHidden({ timeout: 30_000 });
        isAway = false;
        await complete('Thought on the train');

        // Nobody looks on Saturday.
        await visit(at(7, '20:00'));
        await rows(/Overdue/, /Water.*Yesterday/);
        await complete('Water the plants', 'Sun, 7 Mar 2027');
        await rows(/Water/);
        await visit(at(7, '21:00'));
        await complete('Water the plants', 'Mon, 8 Mar 2027');
        await expect(page.getByText('All clear for today')).toBeVisible();

        await page.keyboard.press('2');
        await row('Water the plants').click();
        await page.getByRole('button', { name: 'Series' }).click();
        const timeline = page.locator('.timeline li');
        const times = ['1 Mar', '2 Mar', '3 Mar', '4 Mar', '5 Mar', '6 Mar', '7 Mar'].map((day) => `${day} 2027Done `);
        await expect(timeline).toHaveText([...times, '8 Mar 2027To do'].map((told) => new RegExp(told)));
        await page.goto(`${server?.url}/stats`);
        await expect(page.locator('.streaks li')).toHaveText([
            /^Water the plants6 on time · 1 lateStreak: 1Longest: 5$/,
            /^Write a page4 on time · 0 late · 1 skippedStreak: 4Longest: 4$/,
            /^Review the week1 on time · 0 lateStreak: 1Longest: 1$/,
        ]);

        const session = await page.evaluate(() => localStorage.getItem('rondo.session') ?? '{}');
        const authorization = `Bearer ${(JSON.parse(session) as { access_token: string }).access_token}`;
        const answer = await request.get(`${server?.url}/api/tasks?limit=100`, { headers: { authorization } });
        const tasks = (await answer.json()) as Record<'title' | 'due_date' | 'status' | 'completed_at', string>[];
        const done = (title: string, ...days: number[]) => days.map((day) => `${title} ${due(day)} done`);
        expect(tasks.map(({ title, due_date, status }) => `${title} ${due_date} ${status}`).toSorted()).toEqual([
            ...done('Buy milk', 1),
            ...done('Call Ada', 2),
            ...done('Review the week', 1),
            `Review the week ${due(8)} pending`,
            ...done('Thought on the train', 5),
            ...done('Water the plants', 1, 2, 3, 4, 5, 6, 7),
            `Water the plants ${due(8)} pending`,
            ...done('Write a page', 1, 2, 3, 5),
            `Write a page ${due(8)} pending`,
        ]);
        const friday = tasks.filter(({ due_date, title }) => due_date === due(5) && !title.startsWith('Thought'));
        for (const one of friday) expect(new Date(one.completed_at)).toEqual(at(5, '09:30'));
        expect(failed).toEqual([]);
    } finally {
        await server?.stop();
        rmSync(folder, { recursive: true });
    }
});
