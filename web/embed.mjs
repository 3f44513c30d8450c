// node embed.mjs FOLDER OUTPUT: packs the built page into OUTPUT/assets.bin, each file as it is and compressed, and
// writes OUTPUT/assets.cpp, which takes those bytes into the binary and says what is where.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { extname, join, relative, resolve } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [folder, output] = process.argv.slice(2).map((path) => resolve(path));
const types = {
    '.css': 'text/css; charset=utf-8',
    '.html': 'text/html; charset=utf-8',
    '.js': 'text/javascript; charset=utf-8',
    '.json': 'application/json',
    '.png': 'image/png',
    '.svg': 'image/svg+xml',
    '.webmanifest': 'application/manifest+json',
    '.woff2': 'font/woff2',
};
const bytes_max = 8 * 1024 * 1024;

function filesUnder(path) {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)],
    );
}

const chunks = [];
let size = 0;
function place(bytes) {
    chunks.push(bytes);
    size += bytes.length;
    return `{rondo_web_bytes + ${size - bytes.length}, ${bytes.length}}`;
}

const rows = filesUnder(folder)
    .sort()
    .map((file) => {
        const path = '/' + relative(folder, file);
        const type = types[extname(file)];
        if (!type) throw new Error(`${path}: no content type is known for this ending`);
        const plain = readFileSync(file);
        const hash = createHash('sha256').update(plain).digest('base64url').slice(0, 20);
        const smaller = (packed) => (packed.length < plain.length * 0.95 ? place(packed) : '{}');
        const brotli = brotliCompressSync(plain, {
            params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length },
        });
        return (
            `    {"${path}", "${type}", R"("${hash}")", ${path.startsWith('/assets/')},\n` +
            `     ${place(plain)}, ${smaller(gzipSync(plain, { level: 9 }))}, ${smaller(brotli)}},\n`
        );
    });
if (size > bytes_max) throw new Error(`The page takes ${size} bytes, more than ${bytes_max}`);

writeFileSync(join(output, 'assets.bin'), Buffer.concat(chunks));
writeFileSync(
    join(output, 'assets.cpp.new'),
    `// Made from web/ at build time; the bytes have the hash ${createHash('sha256').update(Buffer.concat(chunks)).digest('hex')}.
#include "api/server/web_assets.hpp"

asm(R"(
.pushsection .rodata
.global rondo_web_bytes
rondo_web_bytes:
.incbin "${join(output, 'assets.bin')}"
.popsection
)");

extern "C" const char rondo_web_bytes[];

namespace rondo::embedded {

namespace {
const web_asset assets[] = {
${rows.join('')}};
}  // namespace

const std::span<const web_asset> web_assets{assets};

}  // namespace rondo::embedded
`,
);
renameSync(join(output, 'assets.cpp.new'), join(output, 'assets.cpp'));
