"""An instant given is that instant: also where a clock shows its time twice, or counts a leap second, or a calendar leaves its day
out."""

import pytest
from support import events_of, wait_until_settled

TWICE = [
    ("Europe/Berlin", "2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z"),
    ("America/New_York", "2026-11-01T01:30:00-04:00", "2026-11-01T01:30:00-05:00", "2026-11-01T06:30:00Z"),
    ("Australia/Lord_Howe", "2026-04-05T01:45:00+11:00", "2026-04-05T01:45:00+10:30", "2026-04-04T15:15:00Z"),
    ("America/Havana", "2025-11-02T00:15:00-04:00", "2025-11-02T00:15:00-05:00", "2025-11-02T05:15:00Z"),
    ("Antarctica/Troll", "2026-10-25T01:30:00+02:00", "2026-10-25T01:30:00+00:00", "2026-10-25T01:30:00Z"),
]


@pytest.mark.parametrize("zone, first, second, utc", TWICE)
class TestOfAnHourThatComesTwice:
    def test_it_comes_back_as_it_was_given(self, server, user, zone, first, second, utc):
        earlier = user.create("earlier", timezone=zone, due_date=first)
        later = user.create("later", timezone=zone, due_date=second)
        for given, task in ((first, earlier), (second, later), (utc, later)):
            assert user.create(timezone=zone, due_date=given)["due_date"] == task["due_date"]
        assert (earlier["due_date"], later["due_date"]) == (first, second)
        assert user.get(later)["due_date"] == second
        wait_until_settled(server)
        assert events_of(server, later)[-1][1]["due_date"] == second
        assert user.create(timezone=zone, due_date=first[:19])["due_date"] == first, "without an offset it is the first"

    def test_what_was_shown_is_no_change_and_the_other_is(self, user, zone, first, second, utc):
        task = user.create(timezone=zone, due_date=utc, recurring_type="daily")
        for same in (second, utc):
            assert user.change(task, due_date=same)["version"] == task["version"]
        assert user.change(task, title="y")["due_date"] == second
        moved = user.change(task, due_date=first)
        assert moved["due_date"] == first and moved["version"] == task["version"] + 2
        assert user.change(task, due_date=second)["due_date"] == second

    def test_it_is_sorted_and_found_by_its_instant(self, user, zone, first, second, utc):
        user.create("later", timezone=zone, due_date=second)
        user.create("earlier", timezone=zone, due_date=first)
        assert [one["title"] for one in user.list(sort="due_date")] == ["earlier", "later"]
        assert [one["title"] for one in user.list(due_before=utc)] == ["earlier"]
        assert [one["title"] for one in user.list(due_after=utc)] == ["later"]

    def test_those_after_it_come_once(self, user, zone, first, second, utc):
        task = user.create(timezone=zone, due_date=utc, recurring_type="daily")
        user.toggle(task)
        child = user.child(task)
        assert child["due_date"][11:19] == second[11:19]
        assert child["due_date"][:10] > second[:10]
        why = user.client.get(f"/api/tasks/{child['id']}/why").json()
        assert "(the second time that day)" in why["sentence"], why
        assert "cannot be shown" not in " ".join(why["steps"])

    def test_moved_alone_and_back_it_is_the_same(self, user, zone, first, second, utc):
        task = user.create(timezone=zone, due_date=utc, recurring_type="weekly", repeat_mode="on_schedule")
        user.change(task, due_date="2026-12-01T09:00", edit_scope="this")
        assert user.change(task, due_date=second, edit_scope="this")["due_date"] == second
        history = user.client.get(f"/api/tasks/{task['id']}/history").json()
        assert [change["to"] for change in history[-1]["changes"] if change["field"] == "due_date"] == [second]


class TestOfALeapSecond:
    def test_it_is_read_as_the_second_before_wherever_a_time_is_read(self, user):
        leap = "2016-12-31T23:59:60Z"
        task = user.create(due_date=leap, recurring_type="daily", recurring_end_date="2030-12-31T23:59:60Z")
        assert task["due_date"] == "2016-12-31T23:59:59+00:00"
        assert task["recurring_end_date"] == "2030-12-31T23:59:59.000Z"
        assert user.create(due_date="2016-12-31T23:59:60")["due_date"] == "2016-12-31T23:59:59+00:00"
        done = user.toggle(user.create(), completed_at="2016-12-31T23:59:60Z")
        assert done["completed_at"] == "2016-12-31T23:59:59.000Z"
        assert [one["id"] for one in user.list(due_before=leap)] == []
        assert len(user.list(due_after=leap)) == 2
        assert (
            user.client.post("/api/tasks", json={"title": "x", "due_date": "2016-12-31T23:59:61Z"}).status_code == 422
        )

    @pytest.mark.parametrize("until", ["20161231T235960Z", "20161231T235960", "20161231T120060"])
    def test_in_until(self, user, until):
        rule = {"due_date": "2016-12-30T12:00", "recurring_type": "custom"}
        answers = [
            user.client.post("/api/recurrence/preview", json=rule | {"recurrence_rule": f"FREQ=DAILY;UNTIL={text}"})
            for text in (until, until.replace("60", "59"))
        ]
        assert answers[0].status_code == 200 and answers[0].json() == answers[1].json()


@pytest.mark.parametrize(
    "zone, before, day, after",
    [
        ("Pacific/Apia", "2011-12-29", "2011-12-30", "2011-12-31"),
        ("Pacific/Fakaofo", "2011-12-29", "2011-12-30", "2011-12-31"),
        ("Pacific/Kwajalein", "1993-08-20", "1993-08-21", "1993-08-22"),
        ("Pacific/Kiritimati", "1994-12-30", "1994-12-31", "1995-01-01"),
        ("Pacific/Kanton", "1994-12-30", "1994-12-31", "1995-01-01"),
    ],
)
class TestOfADayThatIsLeftOut:
    def test_given_it_is_the_one_after(self, server, user, zone, before, day, after):
        task = user.create(timezone=zone, due_date=day)
        assert task["due_date"] == after and user.get(task)["due_date"] == after
        assert user.change(task, due_date=after)["version"] == task["version"]
        wait_until_settled(server)
        assert events_of(server, task)[-1][1]["due_date"] == after

    def test_a_series_of_days_goes_over_it(self, user, zone, before, day, after):
        task = user.create(timezone=zone, due_date=before, recurring_type="daily", repeat_mode="every_occurrence")
        coming = user.client.get(f"/api/tasks/{task['id']}/occurrences?count=3").json()["occurrences"]
        assert [one["due_date"] for one in coming][0] == after and coming[1]["due_date"] > after
        assert "The calendar leaves out" in coming[0]["note"]
        for one in coming:
            user.toggle(task)
            task = user.child(task)
            assert task["due_date"] == one["due_date"]
            why = user.client.get(f"/api/tasks/{task['id']}/why").json()
            assert "cannot be shown" not in " ".join(why["steps"]), why
