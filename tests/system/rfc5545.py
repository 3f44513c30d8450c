"""A recurrence set as RFC 5545, section 3.3.10, describes it: period by period, trying every day. Slow, and meant to be read."""

import datetime as dt
import functools

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
DAY = dt.timedelta(days=1)


def text_of(parts):
    """The rule as it is written: FREQ=MONTHLY;BYDAY=-1FR."""
    return ";".join(f"{name}={','.join(map(str, v)) if isinstance(v, list) else v}" for name, v in parts.items())


def week_begin(day, first):
    return day - DAY * ((day.weekday() - first) % 7)


@functools.cache
def month_days(year, month):
    first = dt.date(year, month, 1)
    length = ((first + DAY * 31).replace(day=1) - first).days
    return [first + DAY * i for i in range(length)]


@functools.cache
def year_days(year):
    return [day for month in range(1, 13) for day in month_days(year, month)]


def positions(days, chosen):
    """Those at 1, 2, ... from the front, or -1, -2, ... from the back."""
    return {days[n - 1 if n > 0 else n] for n in chosen if 0 < abs(n) <= len(days)}


@functools.cache
def days_of_weeks(year, numbers, first):
    """The days of a year's numbered weeks. A week belongs to the year that has at least four days of it: its 4 January is in week 1."""
    begin = week_begin(dt.date(year, 1, 4), first)
    count = (week_begin(dt.date(year + 1, 1, 4), first) - begin).days // 7
    weeks = [begin + DAY * 7 * i for i in range(count)]
    return {monday + DAY * i for monday in positions(weeks, numbers) for i in range(7)}


@functools.cache
def weekdays_among(year, month, parts):
    """The days that BYDAY names in a month, or in a year: 2TU is the second Tuesday there is."""
    days = month_days(year, month) if month else year_days(year)
    found = set()
    for part in parts:
        of_kind = [day for day in days if day.weekday() == WEEKDAYS.index(part[-2:])]
        found |= positions(of_kind, [int(part[:-2])]) if part[:-2] else set(of_kind)
    return found


class RecurrenceSet:
    """The members in order, each a wall-clock time; COUNT is heeded, UNTIL is not (it may need a zone)."""

    def __init__(self, parts, start):
        self.parts, self.start = parts, start
        self.is_counted_out = False
        self.freq, self.interval = parts["FREQ"], parts.get("INTERVAL", 1)
        self.first = WEEKDAYS.index(parts.get("WKST", "MO"))

    def period(self, k):
        """The days of the k-th period, counted from that of DTSTART."""
        begun = self.start.date()
        if self.freq == "DAILY":
            return [begun + DAY * k]
        if self.freq == "WEEKLY":
            monday = week_begin(begun, self.first) + DAY * 7 * k
            return [monday + DAY * i for i in range(7)]
        if self.freq == "MONTHLY":
            months = begun.year * 12 + begun.month - 1 + k
            return month_days(months // 12, months % 12 + 1)
        return year_days(begun.year + k)

    def names(self, day):
        """Whether the BY parts, or DTSTART where they are silent, name a day."""
        parts, yearly = self.parts, self.freq == "YEARLY"
        if "BYMONTH" in parts and day.month not in parts["BYMONTH"]:
            return False
        if "BYMONTHDAY" in parts and day not in self.month_days_named(day.year, day.month):
            return False
        if "BYYEARDAY" in parts and day not in positions(year_days(day.year), parts["BYYEARDAY"]):
            return False
        if "BYWEEKNO" in parts and not any(
            day in days_of_weeks(day.year + near, tuple(parts["BYWEEKNO"]), self.first) for near in (-1, 0, 1)
        ):
            return False
        if "BYDAY" in parts:
            month = 0 if yearly and "BYMONTH" not in parts else day.month
            return day in weekdays_among(day.year, month, tuple(parts["BYDAY"]))
        if self.freq == "DAILY" or "BYMONTHDAY" in parts or "BYYEARDAY" in parts:
            return True
        if self.freq == "WEEKLY" or "BYWEEKNO" in parts:
            return day.weekday() == self.start.weekday()
        return day.day == self.start.day and (not yearly or "BYMONTH" in parts or day.month == self.start.month)

    def month_days_named(self, year, month):
        return positions(month_days(year, month), self.parts["BYMONTHDAY"])

    def skipped_to(self, days):
        """RFC 7529: the days that stand in for those that BYMONTHDAY, or DTSTART in its place, names in a month too short."""
        parts = self.parts
        skip = parts.get("SKIP", "OMIT")
        if skip == "OMIT" or self.freq not in ("MONTHLY", "YEARLY") or "BYYEARDAY" in parts or "BYWEEKNO" in parts:
            return []
        if "BYMONTHDAY" not in parts and "BYDAY" in parts:
            return []
        named = parts.get("BYMONTHDAY", [self.start.day])
        found = []
        for month in sorted({(day.year, day.month) for day in days}):
            length = len(month_days(*month))
            if month[1] not in parts.get("BYMONTH", [month[1]]) or not any(number > length for number in named):
                continue
            if self.freq == "YEARLY" and not {"BYMONTH", "BYMONTHDAY"} & parts.keys() and month[1] != self.start.month:
                continue
            last = month_days(*month)[-1]
            day = last if skip == "BACKWARD" else last + DAY
            if "BYDAY" in parts:
                whole = 0 if self.freq == "YEARLY" and "BYMONTH" not in parts else day.month
                if day not in weekdays_among(day.year, whole, tuple(parts["BYDAY"])):
                    continue
            found.append(day)
        return found

    def members(self, last_year):
        """Of COUNT, "the DTSTART property value always counts as the first occurrence", whether the rule names it or not."""
        left, last = self.parts.get("COUNT", -1), None
        k = 0
        while (days := self.period(k))[0].year <= last_year:
            k += self.interval
            named = sorted({day for day in days if self.names(day)} | set(self.skipped_to(days)))
            if "BYSETPOS" in self.parts:
                named = sorted(positions(named, self.parts["BYSETPOS"]))
            for day in named:
                if day < self.start.date() or (last and day <= last):
                    continue
                if last is None and day > self.start.date():
                    left -= 1
                last = day
                self.is_counted_out = left == 0
                if self.is_counted_out:
                    return
                left -= 1
                yield dt.datetime.combine(day, self.start.time())
                self.is_counted_out = left == 0
                if self.is_counted_out:
                    return
