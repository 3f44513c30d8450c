import { expect, it } from 'vitest';
import type { Entry } from './deliver';
import { firstToSend } from './order';

const change = (task: string, fields = {}) => ({ kind: 'change', task, fields });
const tag = (id: string) => ({ kind: 'tag', tag: id, fields: { name: 'house' } });
const user = { kind: 'user', fields: {} };

it.each([
    ['the first', [change('a'), change('b')], [], 0],
    ['another task', [change('a'), change('b')], [0], 1],
    ['nothing of the same task', [change('a'), change('a'), change('a')], [0], -1],
    ['what does not follow on what follows', [change('a'), change('a'), change('b')], [0], 2],
    ['the user', [change('a'), user], [0], 1],
    ['a task, though a tag waits', [tag('t'), change('a')], [0], 1],
    ['no task that names tags while one waits', [tag('t'), change('a', { tags: ['house'] }), change('b')], [0], 2],
    ['nothing of a task that waits for a tag', [tag('t'), change('a', { tags: [] }), change('a')], [0], -1],
    ['another tag', [tag('t'), tag('u')], [0], 1],
    ['what is made before a tag is held', [change('a', { tags: ['home'] }), tag('t')], [1], 0],
    ['nothing of nothing', [], [], -1],
])('sends %s', (_, made, held, first) => {
    const waiting = made.map((entry, seq) => ({ ...entry, seq })) as Entry[];
    expect(firstToSend(waiting, ({ seq }) => (held as number[]).includes(seq))).toBe(waiting[first]);
});
