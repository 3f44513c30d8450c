"""The next due date, worked out a second time by Python: its zoneinfo, and stepping through the calendar one member at a time."""

import calendar
import datetime as dt
import functools
import json
import random
import zoneinfo

import pytest
from support import run

UTC = dt.UTC
ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Apia",
    "America/Santiago",
    "Asia/Kathmandu",
    "Europe/Dublin",
    # Gaps at midnight, of a whole day, and of half an hour:
    "America/Nuuk",
    "Africa/Cairo",
    "Asia/Beirut",
    "America/Havana",
    "America/Asuncion",
    "Asia/Tehran",
    "Pacific/Fakaofo",
    "Antarctica/Troll",
]
UNITS = {"daily": ("days", 1), "weekly": ("days", 7), "monthly": ("months", 1), "yearly": ("months", 12)}


def ask(rows):
    """The answers of one `rondo next --batch`."""
    done = run("next", "--batch", given="".join(json.dumps(row) + "\n" for row in rows))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(rows), done.stderr
    return answers


def moment(wall, zone):
    """The instant of a wall-clock time: in a gap later by its length, in an overlap the first."""
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def shown_day(wall, zone):
    """The day on the calendar then; a whole day that a zone leaves out is the one after."""
    return moment(wall, zone).astimezone(zone).date()


def shown(wall, zone, all_day):
    return shown_day(wall, zone).isoformat() if all_day else moment(wall, zone).astimezone(zone).isoformat()


def members(first, day, kind, interval, k):
    """The k-th, and all after it, counted from `first`; months want `day`."""
    unit, size = UNITS[kind]
    while True:
        if unit == "days":
            yield first + dt.timedelta(days=k * size * interval)
        else:
            months = first.year * 12 + first.month - 1 + k * size * interval
            year, month = months // 12, months % 12 + 1
            yield first.replace(
                year=year, month=month, day=min(day, calendar.monthrange(year, month)[1]), hour=first.hour
            )
        k += 1


def next_of(case):
    """The definition in docs/recurrence.md, word for word: the next due date, and what the series then counts from."""
    zone, all_day, kind, mode = case["zone"], case["all_day"], case["kind"], case["mode"]
    done = case["done"].astimezone(zone)
    done_day = done.date()
    end = case["end"]
    if end is not None and done_day > end:
        return None
    due, start = case["due"], case["start"]

    def is_after(wall, other):
        if all_day:
            return shown_day(wall, zone) > shown_day(other, zone)
        return moment(wall, zone) > moment(other, zone)

    def is_after_completion(wall):
        return shown_day(wall, zone) > done_day if all_day else moment(wall, zone) > case["done"]

    if due is None:
        first = start = done.replace(tzinfo=None, fold=0, microsecond=0)
        found = next(members(first, first.day, kind, case["interval"], 1))
    elif mode == "after_completion":
        # Where a gap moves it over midnight, the day that is shown stands for its own.
        counted = due.date() if done_day == shown_day(due, zone) else done_day
        own_day = counted == due.date()
        first = dt.datetime.combine(counted, start.time())
        day = start.day if own_day else done_day.day
        if kind in ("monthly", "yearly") and not own_day:
            start = first
        if kind == "yearly" and own_day:
            first = first.replace(month=start.month, day=1)
        found = next(
            wall
            for wall in members(first, day, kind, case["interval"], 1)
            if is_after(wall, due) and is_after_completion(wall) and wall.date() > counted
        )
    else:
        for found in members(start, start.day, kind, case["interval"], 0):
            if not is_after(found, due):
                continue
            if mode == "every_occurrence" or is_after_completion(found):
                break
    return None if end is not None and shown_day(found, zone) > end else (found, start)


def work_out(case):
    """As the command line shows it."""
    found = next_of(case)
    return found and shown(found[0], case["zone"], case["all_day"])


@functools.cache
def change_days(zone):
    changes = changes_of_the_clock(zone, 2006, 2036)
    return [dt.datetime.combine(at.astimezone(zone).date(), dt.time()) for at in changes]


def random_completion(rng, due, zone):
    return moment(due, zone) + dt.timedelta(minutes=rng.choice([0, 1, -90, 600, -2000, 5000, 45_000, 600_000]))


def random_case(rng):
    zone = zoneinfo.ZoneInfo(rng.choice(ZONES))
    kind = rng.choice(list(UNITS))
    mode = rng.choice(["after_completion", "on_schedule", "every_occurrence"])
    interval = rng.choice([1, 1, 1, 2, 3, 6, 10])
    all_day = rng.random() < 0.25
    date = dt.datetime(rng.randint(2005, 2060), rng.randint(1, 12), 1) + dt.timedelta(
        days=rng.choice([0, 27, 28, 29, 30, rng.randint(0, 27)])
    )
    clock = (
        dt.timedelta() if all_day else dt.timedelta(minutes=rng.choice([0, 15, 120, 135, 150, 179, 540, 1410, 1439]))
    )
    if rng.random() < 0.3:  # about a change of the clocks
        changes = change_days(zone)
        date = rng.choice(changes) - dt.timedelta(days=rng.choice([-1, 0, 1, 2, 7, 14, 30, 31])) if changes else date
    start = date + clock
    due = start
    for wall in members(start, start.day, kind, interval, rng.randint(0, 5)):
        due = wall
        break
    if mode == "after_completion" and rng.random() < 0.1:
        due, all_day = None, False
    about = moment(due or start, zone)
    done = random_completion(rng, due or start, zone)
    end = None if rng.random() < 0.7 else (about + dt.timedelta(days=rng.choice([-3, 0, 1, 7, 400]))).date()
    return {
        "zone": zone,
        "kind": kind,
        "mode": mode,
        "interval": interval,
        "all_day": all_day,
        "start": start,
        "due": due,
        "done": done,
        "end": end,
    }


def asked(case):
    def text(wall):
        return wall.date().isoformat() if case["all_day"] else wall.isoformat()

    return {
        "timezone": case["zone"].key,
        "recurring_type": case["kind"],
        "repeat_mode": case["mode"],
        "recurring_interval": case["interval"],
        "due_date": case["due"] and text(case["due"]),
        "series_start": text(case["start"]),
        "completed_at": case["done"].isoformat(),
        "recurring_end_date": case["end"] and case["end"].isoformat(),
    }


@pytest.mark.parametrize("seed", range(4))
def test_random_completions_give_what_python_works_out(seed):
    rng = random.Random(seed)
    print(f"seed {seed}")
    cases = [random_case(rng) for _ in range(2500)]
    answers = ask([asked(case) for case in cases])
    made = ended = 0
    for case, answer in zip(cases, answers, strict=True):
        expected = work_out(case)
        assert answer["next_due_date"] == expected, failure(case, answer, expected)
        made += expected is not None
        ended += expected is None
    assert made > 1500 and ended > 100


def failure(case, answer, expected):
    return json.dumps({"asked": asked(case), "answered": answer, "expected": expected})


@pytest.mark.parametrize("seed", range(4))
def test_random_chains_are_what_python_works_out(seed):
    """Each occurrence is completed early, on time or late, and the next is worked out from what came of that."""
    rng = random.Random(seed)
    print(f"seed {seed}")
    going = [random_case(rng) for _ in range(400)]
    steps = 0
    for _ in range(12):
        answers = ask([asked(case) for case in going])
        steps += len(going)
        still_going = []
        for case, answer in zip(going, answers, strict=True):
            expected = work_out(case)
            assert answer["next_due_date"] == expected, failure(case, answer, expected)
            found = next_of(case)
            if not found or found[0].year > 2200:
                continue
            due, start = found
            assert answer["series_start"] == (start.date() if case["all_day"] else start).isoformat(), failure(
                case, answer, start.isoformat()
            )
            done = random_completion(rng, due, case["zone"])
            still_going.append(case | {"due": due, "start": start, "done": done})
        going = still_going
    assert steps > 2500 and len(going) > 100, (steps, len(going))


def changes_of_the_clock(zone, first_year, last_year):
    """The instants at which the zone's offset changes, to the minute."""
    found = []
    at = dt.datetime(first_year, 1, 1, tzinfo=UTC)
    while at.year < last_year:
        later = at + dt.timedelta(days=7)
        if at.astimezone(zone).utcoffset() != later.astimezone(zone).utcoffset():
            low, high = at, later
            while high - low > dt.timedelta(minutes=1):
                middle = low + ((high - low) // 2 // dt.timedelta(minutes=1)) * dt.timedelta(minutes=1)
                same = low.astimezone(zone).utcoffset() == middle.astimezone(zone).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(high)
        at = later
    return found


def test_every_zone_reads_wall_clocks_as_python_does():
    """Around every change of its clocks, in the years of the zone's table and far beyond them."""
    rows, expected = [], []
    names = sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})
    for name in names:
        zone = zoneinfo.ZoneInfo(name)
        around = changes_of_the_clock(zone, 2008, 2016) + changes_of_the_clock(zone, 2071, 2072)
        for at in around or [dt.datetime(2020, 6, 1, tzinfo=UTC)]:
            wall = at.astimezone(zone).replace(tzinfo=None, fold=0)
            for minutes in (-90, -61, -60, -59, -30, -1, 0, 1, 30, 59, 60):
                target = wall + dt.timedelta(minutes=minutes)
                due = target - dt.timedelta(days=1)
                rows.append(
                    {
                        "timezone": name,
                        "recurring_type": "daily",
                        "repeat_mode": "every_occurrence",
                        "due_date": (due - dt.timedelta(days=3)).isoformat(),
                        "series_start": (target - dt.timedelta(days=3)).isoformat(),
                        "recurring_interval": 3,
                        "completed_at": "2000-01-01T00:00:00Z",
                    }
                )
                # The first member is three days before the target; the due lies before it, so it is the one.
                expected.append(shown(target - dt.timedelta(days=3), zone, False))
                rows.append(rows[-1] | {"due_date": (target - dt.timedelta(days=3)).isoformat()})
                expected.append(shown(target, zone, False))
    answers = ask(rows)
    wrong = [
        (row, answer, wanted)
        for row, answer, wanted in zip(rows, answers, expected, strict=True)
        if answer.get("next_due_date") != wanted
    ]
    assert not wrong, (len(wrong), wrong[:3])
    assert len(names) > 400 and len(rows) > 40_000
