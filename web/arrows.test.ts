// The table of rooms in docs/web.md, the folders of src/ and the rules of ESLint are the same house.
import { ESLint } from 'eslint';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { arrows, packages } from './arrows.js';

const named = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
const rows = readFileSync('../docs/web.md', 'utf8')
    .split('| room | holds | may include |\n|---|---|---|\n')[1]!
    .split('\n\n')[0]!
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, rooms, , may]) => ({ rooms: named(rooms!), may: may! }));
const shared = rows.find(({ may }) => may.includes('index.ts'))!;

function mayInclude(may: string): string[] {
    if (may === 'all') return ['*'];
    const told =
        may.startsWith('as above') || may === shared.may ? [...shared.rooms, ...named(shared.may)] : named(may);
    return told.filter((name) => !name.startsWith('@') && !name.endsWith('.ts')).sort();
}

test('the table tells of every room, and what ESLint lets it include', () => {
    const told = rows.flatMap(({ rooms, may }) => rooms.map((room) => [room, mayInclude(may)] as const));
    const held = Object.entries(arrows).map(([room, may]) => [room, [...may].sort()] as const);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(held));
    expect(named(rows.find(({ rooms }) => rooms[0] === 'domain')!.may)).toEqual(packages.domain);
});

test('every folder is a room', () => {
    const top = readdirSync('src').filter((name) => name !== 'features' && name !== 'sw.js');
    const features = readdirSync('src/features').map((name) => `features/${name}`);
    expect([...top, ...features].sort()).toEqual(rows.flatMap(({ rooms }) => rooms).sort());
});

test('files and folders stay small', () => {
    const all = (readdirSync('src', { recursive: true }) as string[]).filter(
        (path) => /\.\w+$/.test(path) && !/\.(gen|test)\.ts$/.test(path),
    );
    const folders = all.map((path) => dirname(path));
    const full = [...new Set(folders)].filter((one) => folders.filter((other) => other === one).length > 14);
    const long = all.filter((path) => readFileSync(`src/${path}`, 'utf8').split('\n').length > 301);
    expect({ full, long }).toEqual({ full: [], long: [] });
});

const lint = async (path: string, text: string) =>
    (await new ESLint().lintText(text, { filePath: path }))
        .flatMap(({ messages }) => messages)
        .filter(({ ruleId }) => ruleId?.startsWith('arrows/'))
        .map(({ message }) => message);

test.each([
    ['src/domain/planted.ts', `import '../data/tasks';`, 'domain may not include data'],
    ['src/domain/planted.ts', `import { useState } from 'react';`, 'domain does without react'],
    ['src/ui/planted.ts', `import type { Task } from '../domain/types';`, 'ui may not include domain'],
    ['src/data/planted.ts', `export * from '../features/task';`, 'data may not include features/task'],
    [
        'src/features/today/planted.ts',
        `void import('../board/board');`,
        'features/today may not include features/board',
    ],
    ['src/features/add/planted.ts', `import '../today/today';`, 'features/add may not include features/today'],
    ['src/features/add/planted.ts', `import '../task/use-actions';`, 'features/task is included by its index.ts'],
    ['src/features/add/planted.ts', `void fetch('/api');`, 'only data/ has to do with fetch'],
    ['src/ui/planted.ts', `indexedDB.open('x');`, 'only data/ has to do with indexedDB'],
    ['src/parts/planted.ts', ``, 'docs/web.md knows no room parts'],
])('what may not be is found: %s, %s', async (path, text, found) => {
    expect(await lint(path, text)).toEqual([expect.stringContaining(found)]);
});

test.each([
    ['src/domain/zone-rules.ts', `import './dates';`, 'domain/zone-rules.ts → domain/dates.ts → domain/zone-rules.ts'],
    ['src/app/finder.tsx', `export * from './shell';`, 'app/finder.tsx → app/shell.tsx → app/finder.tsx'],
    ['src/app/waiting.tsx', `void import('./shell');`, 'app/waiting.tsx → app/shell.tsx → app/waiting.tsx'],
    [
        'src/features/when/date-words.ts',
        `import type { useActions } from '../task';`,
        'features/when/date-words.ts → features/task/index.ts → features/task/complete-button.tsx',
    ],
])('a circle is found: %s, %s', async (path, text, way) => {
    expect(await lint(path, text)).toEqual([expect.stringContaining(`a circle: ${way}`)]);
});
