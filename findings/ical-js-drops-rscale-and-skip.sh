#!/bin/bash
# ical.js 2.2.1 (npm) reads an RRULE with RSCALE and SKIP (RFC 7529) without a word and drops both parts.
#
# RSCALE=GREGORIAN;SKIP=BACKWARD;FREQ=MONTHLY from 31 January is valid: a month without the 31st has its last day instead
# (RFC 7529, section 4.1). One would expect 31 January, 28 February, 31 March, 30 April, or, of a library that does not know
# RSCALE, a refusal, as rrule.js 2.8.1 gives ("Unknown RRULE property 'RSCALE'").
# What comes is the set of FREQ=MONTHLY, which leaves those months out, and the rule is written back without its parts.
#
# Why it matters: ical.js is what several CalDAV clients and web calendars read with. The dates are wrong without an error, and
# a client that reads an event and saves it changes it for everybody.
#
# Output seen (Node.js 20 or later):
#   2026-01-31 2026-03-31 2026-05-31 2026-07-31
#   FREQ=MONTHLY;COUNT=4
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-fund --no-audit ical.js@2.2.1

cat >read.mjs <<'END'
import ICAL from 'ical.js';
const rule = ICAL.Recur.fromString('RSCALE=GREGORIAN;SKIP=BACKWARD;FREQ=MONTHLY;COUNT=4');
const members = rule.iterator(ICAL.Time.fromString('2026-01-31T09:00:00'));
const days = [];
for (let next; (next = members.next()); ) days.push(next.toString().slice(0, 10));
console.log(days.join(' '));
console.log(rule.toString());
END
seen=$(node read.mjs)
echo "$seen"
[ "$seen" = $'2026-01-31 2026-03-31 2026-05-31 2026-07-31\nFREQ=MONTHLY;COUNT=4' ]
