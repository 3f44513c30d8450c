"""What was done when, on time or late, and for how long in a row."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from support import problem

NOTHING = {"completed": 0, "on_time": 0, "late": 0}


def stats(user, **query):
    answer = user.client.get("/api/stats", params=query)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert set(told) == {"from", "to", "days", "totals", "series"}
    for name in NOTHING:
        assert told["totals"][name] == sum(day[name] for day in told["days"])
    return told


def counts(told, day):
    (found,) = [one for one in told["days"] if one["date"] == day]
    return {name: found[name] for name in NOTHING}


def done(user, at, **fields):
    return user.create(status="done", completed_at=at, **fields)


def test_counts_completions_a_day_on_time_or_late(server, user):
    done(user, "2026-02-08T10:00:00Z", due_date="2026-02-08T10:00")
    done(user, "2026-02-08T10:00:01Z", due_date="2026-02-08T10:00")
    done(user, "2026-02-08T23:59:59Z", due_date="2026-02-08")
    done(user, "2026-02-10T00:00:00Z", due_date="2026-02-09")
    done(user, "2026-02-10T12:00:00Z")
    user.create(due_date="2026-02-09")
    told = stats(user, **{"from": "2026-02-07", "to": "2026-02-10"})
    assert [day["date"] for day in told["days"]] == ["2026-02-07", "2026-02-08", "2026-02-09", "2026-02-10"]
    assert counts(told, "2026-02-07") == counts(told, "2026-02-09") == NOTHING
    assert counts(told, "2026-02-08") == {"completed": 3, "on_time": 2, "late": 1}
    assert counts(told, "2026-02-10") == {"completed": 2, "on_time": 0, "late": 1}
    assert told["totals"] == {"completed": 5, "on_time": 2, "late": 2} and told["series"] == []
    assert told["from"] == "2026-02-07" and told["to"] == "2026-02-10"


def test_a_completion_belongs_to_the_day_in_the_tasks_zone_whatever_becomes_of_the_users(server, user):
    for zone in ("Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago"):
        done(user, "2026-02-08T10:30:00Z", timezone=zone, title=zone)
    asked = {"from": "2026-02-07", "to": "2026-02-09"}
    before = stats(user, **asked)
    assert [day["completed"] for day in before["days"]] == [1, 1, 1]
    assert user.client.patch("/api/auth/me", json={"timezone": "Asia/Tokyo"}).status_code == 200
    assert stats(user, **asked) == before
    assert stats(user, **{"from": "2026-02-09", "to": "2026-02-09"})["totals"]["completed"] == 1


def test_the_default_is_the_last_thirty_days_in_the_users_zone(server):
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        user = server.register(timezone=zone)
        before = datetime.now(ZoneInfo(zone)).date()
        told = stats(user)
        if datetime.now(ZoneInfo(zone)).date() != before:
            told, before = stats(user), datetime.now(ZoneInfo(zone)).date()
        assert told["to"] == before.isoformat()
        assert told["from"] == (before - timedelta(days=29)).isoformat() and len(told["days"]) == 30
    assert len(stats(user, to="2026-02-10")["days"]) == 30
    assert stats(user, to="2026-02-10")["from"] == "2026-01-12"
    assert stats(user, to="0001-01-03")["from"] == "0001-01-01"


def test_trashed_and_reopened_tasks_are_not_counted(server, user):
    gone = done(user, "2026-02-08T10:00:00Z")
    back = done(user, "2026-02-08T10:00:00Z")
    done(user, "2026-02-08T10:00:00Z")
    user.toggle(back)
    user.client.delete(f"/api/tasks/{gone['id']}")
    asked = {"from": "2026-02-08", "to": "2026-02-08"}
    assert stats(user, **asked)["totals"]["completed"] == 1
    user.client.post(f"/api/tasks/{gone['id']}/restore")
    assert stats(user, **asked)["totals"]["completed"] == 2


def today():
    return datetime.now(UTC).date()


def noon(day):
    return f"{day}T12:00:00Z"


def complete_in_turn(user, task, days):
    """Completes occurrence after occurrence on these days; gives the open one at the end."""
    for day in days:
        user.toggle(task, completed_at=noon(day))
        task = user.child(task)
    return task


@pytest.fixture
def since():
    """A day ten days ago."""
    return today() - timedelta(days=10)


class TestStreaks:
    def one(self, user, **query):
        (series,) = stats(user, **query)["series"]
        return series

    def daily(self, user, first):
        return user.create(due_date=first.isoformat(), recurring_type="daily", repeat_mode="every_occurrence")

    def test_count_what_was_done_on_time_in_a_row(self, server, user, since):
        task = self.daily(user, since)
        days = [since + timedelta(days=n) for n in range(10)]
        days[4] += timedelta(days=1)  # late
        user.change(complete_in_turn(user, task, days), title="Renamed")
        told = self.one(user)
        assert told == {
            "series_id": task["id"],
            "title": "Renamed",
            "completed": 10,
            "on_time": 9,
            "late": 1,
            "skipped": 0,
            "current_streak": 5,
            "longest_streak": 5,
        }
        # Whatever the range, the streak is that of now; the counts are those of the range.
        narrow = self.one(user, **{"from": since.isoformat(), "to": since.isoformat()})
        assert narrow["completed"] == 1 and narrow["current_streak"] == 5

    def test_end_with_an_open_one_that_is_overdue(self, server, user, since):
        complete_in_turn(user, self.daily(user, since), [since, since + timedelta(days=1)])
        told = self.one(user)
        assert told["current_streak"] == 0 and told["longest_streak"] == 2

    def test_pass_over_what_was_skipped(self, server, user, since):
        open_one = complete_in_turn(user, self.daily(user, since), [since, since + timedelta(days=1)])
        for _ in range(8):
            assert user.client.post(f"/api/tasks/{open_one['id']}/skip").status_code == 200
        assert user.get(open_one)["due_date"] == today().isoformat()
        told = self.one(user, to=(today() + timedelta(days=1)).isoformat())
        assert told["skipped"] == 8 and told["current_streak"] == 2
        user.toggle(open_one)
        told = self.one(user, to=(today() + timedelta(days=1)).isoformat())
        assert told["current_streak"] == told["longest_streak"] == 3

    def test_of_a_series_that_was_only_skipped_are_there(self, server, user):
        task = user.create(due_date=today().isoformat(), recurring_type="daily")
        user.client.post(f"/api/tasks/{task['id']}/skip")
        told = self.one(user, to=(today() + timedelta(days=1)).isoformat())
        assert told["completed"] == 0 and told["skipped"] == 1 and told["title"] == "Water the plants"
        assert stats(user, **{"from": "2026-02-08", "to": "2026-02-08"})["series"] == []

    def test_the_busiest_series_comes_first(self, server, user, since):
        complete_in_turn(user, self.daily(user, since), [since])
        busy = self.daily(user, since)
        complete_in_turn(user, busy, [since, since])
        assert [series["completed"] for series in stats(user)["series"]] == [2, 1]
        assert stats(user)["series"][0]["series_id"] == busy["id"]


def test_names_the_parameters_that_do_not_fit(server, user):
    for query, pointers in (
        ({"from": "2026-02-09", "to": "2026-02-08"}, {"?from"}),
        ({"from": "2025-02-08", "to": "2026-02-09"}, {"?from"}),
        ({"from": "1999-01-01"}, {"?from"}),
        ({"from": (date.today() + timedelta(days=3)).isoformat()}, {"?from"}),
        ({"from": "2026-02-30"}, {"?from"}),
        ({"from": "2026-02-08T09:00"}, {"?from"}),
        ({"from": "", "to": "yesterday"}, {"?from", "?to"}),
        ({"days": "7"}, {"?days"}),
        ({"from": "x", "too": "2026-01-01"}, {"?from", "?too"}),
    ):
        told = problem(user.client.get("/api/stats", params=query), 422)
        assert {fault["pointer"] for fault in told["errors"]} == pointers, query
    assert len(stats(user, **{"from": "2025-02-08", "to": "2026-02-08"})["days"]) == 366
    assert len(stats(user, **{"from": "9999-12-31", "to": "9999-12-31"})["days"]) == 1


def test_is_nobody_elses(server, user):
    other = server.register()
    done(user, "2026-02-08T10:00:00Z", due_date="2026-02-08", recurring_type="daily")
    told = stats(other, **{"from": "2026-02-08", "to": "2026-02-08"})
    assert told["totals"] == NOTHING and told["series"] == []
    with server.client() as client:
        problem(client.get("/api/stats"), 401)
