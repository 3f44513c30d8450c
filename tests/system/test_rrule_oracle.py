"""Chains of custom rules, worked out three times: by Rondo, by trying every day (rfc5545.py), and by python-dateutil, where that
follows the RFC."""

import datetime as dt
import itertools
import json
import random
import zoneinfo

import dateutil.rrule
import pytest
from rfc5545 import WEEKDAYS, RecurrenceSet, days_of_weeks, text_of, year_days
from test_recurrence_oracle import UTC, ZONES, ask, moment, shown, shown_day

CHAINS, STEPS = 900, 6
YEARS_AHEAD = 16  # beyond the start of a series; what comes later is not judged


def some(rng, values, most):
    values = list(values)
    return sorted(rng.sample(values, rng.randint(1, min(most, len(values)))))


def both_ways(rng, size, most):
    """Numbers counted from the front or from the back."""
    return [n if rng.random() < 0.6 else -n for n in some(rng, range(1, size + 1), most)]


def some_days(rng, ordinal_max):
    days = some(rng, range(7), rng.choice([1, 2, 5]))
    numbered = [rng.randint(-ordinal_max, ordinal_max) if ordinal_max and rng.random() < 0.7 else 0 for _ in days]
    if rng.random() < 0.8 and ordinal_max:  # mostly all of one kind
        numbered = [n or 1 for n in numbered] if numbered[0] else [0 for _ in days]
    return [f"{n or ''}{WEEKDAYS[day]}" for n, day in zip(numbered, days, strict=True)]


def random_rule(rng, start):
    freq = rng.choice(["DAILY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY", "YEARLY"])
    parts = {"FREQ": freq}
    if rng.random() < 0.5:
        parts["INTERVAL"] = rng.choice({"DAILY": [2, 3, 7, 30, 45], "WEEKLY": [2, 3, 5], "MONTHLY": [2, 3, 6, 13],
                                        "YEARLY": [2, 3, 4]}[freq])  # fmt: skip

    def perhaps(chance, name, value):
        if rng.random() < chance:
            parts[name] = value()

    perhaps(0.25, "BYMONTH", lambda: some(rng, range(1, 13), 5))
    if freq != "WEEKLY":
        perhaps(0.3, "BYMONTHDAY", lambda: both_ways(rng, 31, 6))
    if freq == "YEARLY":
        perhaps(0.2, "BYYEARDAY", lambda: both_ways(rng, 366, 12))
        perhaps(0.25, "BYWEEKNO", lambda: rng.choice([[1], [53], [-1], [52, 1], both_ways(rng, 53, 8)]))
    ordinal_max = 0
    if "BYWEEKNO" not in parts:
        ordinal_max = {"MONTHLY": 5, "YEARLY": 5 if "BYMONTH" in parts else 53}.get(freq, 0)
    perhaps(0.5, "BYDAY", lambda: some_days(rng, ordinal_max))
    if any(name.startswith("BY") for name in parts):
        perhaps(0.25, "BYSETPOS", lambda: both_ways(rng, rng.choice([1, 2, 4, 12]), 2 if rng.random() < 0.3 else 1))
    perhaps(0.4, "WKST", lambda: rng.choice(WEEKDAYS))
    if (
        rng.random() < 0.3
        and -29 < min(parts.get("BYMONTHDAY", [0]))
        and 366 not in map(abs, parts.get("BYYEARDAY", []))
    ):
        parts["RSCALE"] = "GREGORIAN"
        perhaps(0.9, "SKIP", lambda: rng.choice(["OMIT", "BACKWARD", "FORWARD"]))
    ending = rng.random()
    if ending < 0.25:
        parts["COUNT"] = rng.choice([1, 2, 3, 5, 12, 40, 9999])
    elif ending < 0.5:
        until = start + dt.timedelta(days=rng.choice([0, 3, 40, 400, 1500]), minutes=rng.choice([-1, 0, 1, 0, 300]))
        parts["UNTIL"] = until.strftime(rng.choice(["%Y%m%d", "%Y%m%dT%H%M%S", "%Y%m%dT%H%M%SZ"]))
    shuffled = list(parts.items())
    rng.shuffle(shuffled)
    return dict(shuffled)


def is_past_until(until, wall, zone):
    if "T" not in until:
        return wall.date() > dt.datetime.strptime(until, "%Y%m%d").date()
    if until.endswith("Z"):
        return moment(wall, zone) > dt.datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return wall > dt.datetime.strptime(until, "%Y%m%dT%H%M%S")


class Chain:
    def __init__(self, rng):
        self.rng = rng
        self.zone = zoneinfo.ZoneInfo(rng.choice(ZONES))
        self.all_day = rng.random() < 0.25
        clock = dt.timedelta() if self.all_day else dt.timedelta(minutes=rng.choice([0, 15, 120, 135, 150, 540, 1439]))
        self.start = dt.datetime(rng.randint(2005, 2060), 1, 1) + dt.timedelta(days=rng.randint(0, 364)) + clock
        self.rule = random_rule(rng, self.start)
        self.mode = rng.choice(["on_schedule", "every_occurrence"])
        self.end = None
        if rng.random() < 0.2:
            self.end = (self.start + dt.timedelta(days=rng.choice([-1, 0, 20, 300, 3000]))).date()
        self.due = self.start
        self.is_over = False
        self.last_year = self.start.year + YEARS_AHEAD
        self._set = RecurrenceSet(self.rule, self.start)
        self._coming = self._set.members(self.last_year)
        self._come = []

    def members(self):
        """Up to UNTIL. None at the end: whether there are more is not known."""
        for i in itertools.count():
            if i == len(self._come):
                wall = next(self._coming, None)
                if wall is None and not self._set.is_counted_out:
                    yield None
                if wall is None:
                    return
                self._come.append(wall)
            if "UNTIL" in self.rule and is_past_until(self.rule["UNTIL"], self._come[i], self.zone):
                return
            yield self._come[i]

    def text(self, wall):
        return wall.date().isoformat() if self.all_day else wall.isoformat()

    def question(self):
        about = moment(self.due, self.zone)
        late = self.rng.choice([0, 0, 0, 1, -90, 700, -3000, 9000, 90_000])
        self.done = about + dt.timedelta(minutes=late)
        return {
            "timezone": self.zone.key,
            "recurring_type": "custom",
            "recurrence_rule": text_of(self.rule),
            "repeat_mode": self.mode,
            "due_date": self.text(self.due),
            "series_start": self.text(self.start),
            "completed_at": self.done.isoformat(),
            "recurring_end_date": self.end and self.end.isoformat(),
        }

    def expected(self):
        """The next due date, or why there is none, or "later" than is judged."""
        done_day = self.done.astimezone(self.zone).date()
        if self.end is not None and done_day > self.end:
            return "completed_after_end"
        for wall in self.members():
            if wall is None:
                return "later"
            if not (
                shown_day(wall, self.zone) > shown_day(self.due, self.zone)
                if self.all_day
                else moment(wall, self.zone) > moment(self.due, self.zone)
            ):
                continue
            on = shown_day(wall, self.zone)
            passed = on <= done_day if self.all_day else moment(wall, self.zone) <= self.done
            if passed and self.mode == "on_schedule":
                continue
            if self.end is not None and on > self.end:
                return "next_after_end"
            self.due = wall
            return shown(wall, self.zone, self.all_day)
        return "rule_exhausted"


def check(chain, question, answer):
    expected = chain.expected()
    got = answer.get("next_due_date") or answer.get("ends") or answer
    if expected == "later":
        chain.is_over = True
        if (
            "errors" in answer
        ):  # a rule that never occurs is refused; that it does not is known only as far as is judged
            agrees = next(chain.members()) is None
        else:
            agrees = got in ("rule_exhausted", "next_after_end") or int(got[:4]) > chain.last_year
    elif "errors" in answer:
        chain.is_over = True
        agrees = next(chain.members(), None) is None
    else:
        chain.is_over = answer["next_due_date"] is None
        agrees = got == expected
    assert agrees, json.dumps({"asked": question, "answered": answer, "expected": expected})


@pytest.mark.parametrize("seed", range(4))
def test_chains_of_random_rules_are_what_trying_every_day_gives(seed):
    rng = random.Random(seed)
    print(f"seed {seed}")
    chains = [Chain(rng) for _ in range(CHAINS)]
    steps = made = 0
    for _ in range(STEPS):
        chains = [chain for chain in chains if not chain.is_over]
        questions = [chain.question() for chain in chains]
        for chain, question, answer in zip(chains, questions, ask(questions), strict=True):
            check(chain, question, answer)
            made += not chain.is_over
        steps += len(chains)
    assert steps > 3000 and made > 2500, (steps, made)


def test_weeks_are_numbered_as_in_iso_8601():
    for year in range(1997, 2027):
        for day in year_days(year):
            of, week, _ = day.isocalendar()
            weeks_there = dt.date(of, 12, 28).isocalendar().week
            assert day in days_of_weeks(of, (week,), 0), day
            assert day in days_of_weeks(of, (week - weeks_there - 1,), 0), day


# Where python-dateutil is known to go its own way: it counts the members alone, also where DTSTART is none of them, and knows no SKIP.
def follows_the_rfc(rule, start):
    if rule.get("SKIP", "OMIT") != "OMIT":
        return False
    by_day = rule.get("BYDAY", [])
    if len({len(part) > 2 for part in by_day}) == 2:
        return False  # 1MO,TU: it takes the days that are both, not either
    # Without BYDAY it takes every day of the week; of weeks that lie across New Year it misses some days.
    if "BYWEEKNO" in rule and not (by_day and all(1 < abs(week) < 52 for week in rule["BYWEEKNO"])):
        return False
    # In the first week it counts BYSETPOS from the day it begins, not from the beginning of the week.
    begins_within = start.weekday() != WEEKDAYS.index(rule.get("WKST", "MO"))
    return not ("BYSETPOS" in rule and rule["FREQ"] == "WEEKLY" and begins_within)


def by_dateutil(rule, start, is_member):
    names = {
        "BYMONTH": "bymonth",
        "BYMONTHDAY": "bymonthday",
        "BYYEARDAY": "byyearday",
        "BYWEEKNO": "byweekno",
        "BYSETPOS": "bysetpos",
    }
    given = {there: rule[here] for here, there in names.items() if here in rule}
    if "BYDAY" in rule:
        days = [getattr(dateutil.rrule, part[-2:]) for part in rule["BYDAY"]]
        given["byweekday"] = [
            day(int(part[:-2])) if part[:-2] else day for day, part in zip(days, rule["BYDAY"], strict=True)
        ]
    return dateutil.rrule.rrule(
        getattr(dateutil.rrule, rule["FREQ"]),
        dtstart=start,
        interval=rule.get("INTERVAL", 1),
        wkst=WEEKDAYS.index(rule.get("WKST", "MO")),
        count=rule.get("COUNT") if is_member else None,
        **given,
    )


@pytest.mark.parametrize("seed", range(4))
def test_trying_every_day_and_dateutil_agree(seed):
    rng = random.Random(seed)
    print(f"seed {seed}")
    compared = 0
    for _ in range(CHAINS):
        chain = Chain(rng)
        if not follows_the_rfc(chain.rule, chain.start):
            continue
        by_trying = list(itertools.islice(RecurrenceSet(chain.rule, chain.start).members(chain.start.year + 8), 30))
        if not by_trying:
            continue  # dateutil would look up to the year 9999
        theirs = list(
            itertools.islice(by_dateutil(chain.rule, chain.start, by_trying[0] == chain.start), len(by_trying))
        )
        assert theirs == by_trying, json.dumps(
            {"rule": text_of(chain.rule), "start": chain.start.isoformat(), "dateutil": [d.isoformat() for d in theirs],
             "every day": [d.isoformat() for d in by_trying]})  # fmt: skip
        compared += 1
    assert compared > CHAINS * 0.6, compared
