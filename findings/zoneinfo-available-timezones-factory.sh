#!/usr/bin/env bash
# Python's zoneinfo.available_timezones(), with the PyPI package tzdata 2025.2.
#
# Behaviour: the set has "Factory", whose only content is the offset zero with the abbreviation "-00" ("offset unknown"), and it has links such as
# "US/Eastern" beside what they mean.
# Expected: the documentation says that the function "only includes canonical zone names and does not include 'special' zones such as those under
# the posix/ and right/ directories, or the posixrules zone". Factory is such a special name: what a machine has before anyone chose a zone.
# Why it matters: the set is what web forms offer and what services check a user's zone against. One that lets "Factory" pass gets times that
# look like UTC, and other programs refuse the name or, worse, show another offset.
#
# Seen:
#   Factory: offset 0:00:00, called -00
#   US/Eastern and America/New_York: both there
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tzdata==2025.2
# An empty path: the zones of the package alone, not the machine's.
PYTHONTZPATH="" "$folder/venv/bin/python" - <<'PYTHON'
import datetime
import zoneinfo

names = zoneinfo.available_timezones()
assert zoneinfo.TZPATH == ()
assert "Factory" in names, "Factory is left out now"
at = datetime.datetime(2030, 1, 15, 9, tzinfo=zoneinfo.ZoneInfo("Factory"))
print(f"Factory: offset {at.utcoffset()}, called {at.tzname()}")
assert (at.utcoffset(), at.tzname()) == (datetime.timedelta(0), "-00")
assert {"US/Eastern", "America/New_York"} <= names, "links are left out now"
print("US/Eastern and America/New_York: both there")
PYTHON
