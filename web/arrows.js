// Which room of src/ may include which (the table in docs/web.md says why), and that nothing includes itself by a detour:
// two rules for ESLint.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('src', import.meta.url));

/** Features that others are made of; they are included by their `index.ts` alone. */
const shared = ['add', 'problem', 'select', 'task', 'when'];
const below = [...shared.map((name) => `features/${name}`), 'ui', 'data', 'domain', 'words'];
const views = readdirSync(join(source, 'features')).filter((name) => !shared.includes(name));

/** What each room may include besides itself; `*` is everything. */
export const arrows = {
    'main.tsx': ['*'],
    app: ['*'],
    ...Object.fromEntries([...shared, ...views].sort().map((name) => [`features/${name}`, below])),
    data: ['domain'],
    domain: [],
    ui: [],
    words: [],
    styles: [],
};
/** Packages that a room has to do with; the others may use all. */
export const packages = { domain: ['@internationalized/date'] };
/** What only `data/` may touch. */
export const network = ['fetch', 'XMLHttpRequest', 'EventSource', 'WebSocket', 'indexedDB', 'caches'];

/** The room of a file of src/: the folder at its top, or the feature. */
function roomOf(file) {
    const [top, name] = relative(source, file).split(sep);
    return top === 'features' ? `features/${name}` : top;
}

const find = (path) =>
    [path, ...['.ts', '.tsx', '/index.ts', '/index.tsx'].map((end) => path + end)].find(
        (file) => existsSync(file) && statSync(file).isFile(),
    );

/** Calls `told` with every module that a file includes, also by `import()` and for its types alone. */
const onIncludes = (told) => ({
    ImportDeclaration: ({ source: named }) => told(named),
    ExportNamedDeclaration: ({ source: named }) => named && told(named),
    ExportAllDeclaration: ({ source: named }) => told(named),
    ImportExpression: ({ source: named }) => named.type === 'Literal' && told(named),
});

const rooms = {
    create(context) {
        const room = roomOf(context.filename);
        const may = arrows[room];
        const report = (node, message) => context.report({ node, message });
        const told = (node) => {
            const named = String(node.value);
            if (!named.startsWith('.')) {
                if (packages[room] && !packages[room].includes(named)) report(node, `${room} does without ${named}`);
                return;
            }
            const path = resolve(dirname(context.filename), named);
            const other = roomOf(path);
            if (other === room || may.includes('*')) return;
            if (!may.includes(other)) report(node, `${room} may not include ${other}: see docs/web.md`);
            else if (other.startsWith('features/') && relative(source, path).split(sep).length > 2)
                report(node, `${other} is included by its index.ts`);
        };
        return {
            Program: (node) => may || report(node, `docs/web.md knows no room ${room}`),
            ...(may && onIncludes(told)),
            ...(room !== 'data' && {
                'Program:exit': (node) => {
                    const outside = context.sourceCode.getScope(node).through;
                    for (const { identifier } of outside)
                        if (network.includes(identifier.name))
                            report(identifier, `only data/ has to do with ${identifier.name}`);
                },
            }),
        };
    },
};

const includes = new Map();

/** The files that a file of src/ includes, as it is on disk. */
function includedBy(file) {
    let found = includes.get(file);
    if (!found) {
        const text = readFileSync(file, 'utf8').replace(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '');
        const named = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]*)['"]/g)].map(([, name]) => name);
        found = named.map((name) => find(resolve(dirname(file), name))).filter((path) => path && /\.tsx?$/.test(path));
        includes.set(file, found);
    }
    return found;
}

/** The way by which a file comes to include another, if it does. */
function wayTo(goal, file, seen) {
    if (file === goal) return [file];
    if (seen.has(file)) return null;
    seen.add(file);
    for (const next of includedBy(file)) {
        const way = wayTo(goal, next, seen);
        if (way) return [file, ...way];
    }
    return null;
}

const circles = {
    create: (context) =>
        onIncludes((node) => {
            const named = String(node.value);
            const file = named.startsWith('.') && find(resolve(dirname(context.filename), named));
            const way = file && /\.tsx?$/.test(file) && wayTo(context.filename, file, new Set());
            if (!way) return;
            const names = [context.filename, ...way].map((one) => relative(source, one));
            context.report({ node, message: `a circle: ${names.join(' → ')}` });
        }),
};

export default { rules: { rooms, circles } };
