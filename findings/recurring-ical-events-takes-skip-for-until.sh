#!/bin/bash
# recurring-ical-events 3.8.0 (PyPI; with icalendar 6.3.2 and python-dateutil 2.9.0.post0) refuses a rule with RSCALE and
# SKIP (RFC 7529) with the reason "UNTIL parameter is missing". icalendar itself reads the rule.
#
# RSCALE=GREGORIAN;SKIP=BACKWARD;FREQ=MONTHLY;COUNT=4 is valid, has a COUNT, and may have no UNTIL beside it (RFC 5545,
# section 3.3.10). One would expect its dates, or a word about RSCALE or SKIP, which python-dateutil does not know.
#
# Why it matters: one event like that makes the whole range fail, and who follows the message and adds an UNTIL makes the rule
# invalid.
#
# Output seen:
#   BadRuleStringFormat: UNTIL parameter is missing: RSCALE=GREGORIAN;FREQ=MONTHLY;COUNT=4;SKIP=BACKWARD
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    recurring-ical-events==3.8.0 icalendar==6.3.2 python-dateutil==2.9.0.post0

cat >"$folder/read.py" <<'END'
import icalendar
import recurring_ical_events

lines = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//example//
BEGIN:VEVENT
UID:1
DTSTAMP:20260101T000000Z
DTSTART:20260131T090000Z
DTEND:20260131T100000Z
SUMMARY:Pay the rent
RRULE:RSCALE=GREGORIAN;SKIP=BACKWARD;FREQ=MONTHLY;COUNT=4
END:VEVENT
END:VCALENDAR
"""
calendar = icalendar.Calendar.from_ical(lines.replace("\n", "\r\n"))
try:
    found = recurring_ical_events.of(calendar).between((2026, 1, 1), (2026, 12, 31))
    print([str(one["DTSTART"].dt) for one in found])
except Exception as failed:
    print(f"{type(failed).__name__}: {failed}")
END
seen=$("$folder/venv/bin/python" "$folder/read.py")
echo "$seen"
[ "$seen" = "BadRuleStringFormat: UNTIL parameter is missing: RSCALE=GREGORIAN;FREQ=MONTHLY;COUNT=4;SKIP=BACKWARD" ]
