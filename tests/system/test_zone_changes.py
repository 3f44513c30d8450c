"""The rules of a time zone change while tasks in it are open: the wall clock stays, and what is sorted and filtered by follows."""

import datetime as dt
import os
import pathlib
import shutil
import zoneinfo

import pytest
from support import eventually, raw_id

HOUR_MS = 3_600_000


@pytest.fixture
def zones(tmp_path):
    """A tz database of the test's own: only the zones that it needs."""
    system = pathlib.Path(os.environ.get("TZDIR", "/usr/share/zoneinfo"))
    folder = tmp_path / "zoneinfo"
    for name in ("Europe/Berlin", "Asia/Tokyo", "America/New_York"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(system / name, folder / name)
    shutil.copy(system / "tzdata.zi", folder)
    return folder


def titles(user, **query):
    return [task["title"] for task in user.list(**query)]


def stored_instant(server, task):
    return server.rows("select due_at from tasks where id = ?", raw_id(task))[0][0]


def test_open_tasks_keep_their_wall_clock_and_lists_follow(start, zones):
    server = start(TZDIR=zones)
    user = server.register()
    berlin = {"timezone": "Europe/Berlin"}
    # Between the two instants of nine o'clock: 00:00Z in Tokyo, 08:00Z in Berlin, in winter.
    first = user.create("before", due_date="2030-01-15T04:00Z")
    moved = user.create("in Berlin", due_date="2030-01-15T09:00", **berlin)
    day = user.create("all day", due_date="2030-01-14", **berlin)
    far = user.create("in New York", due_date="2030-01-15T09:00", timezone="America/New_York")
    soon = local(4)
    late = user.create("late", due_date=local(-4), **berlin)
    almost = user.create("almost late", due_date=soon, **berlin)
    repeating = user.create("repeats", due_date=soon, recurring_type="daily", **berlin)
    done = user.create("done", due_date="2030-01-15T09:00", status="done", **berlin)
    assert moved["due_date"] == "2030-01-15T09:00:00+01:00"
    sorted_then = ["all day", "before", "in Berlin", "done", "in New York"]
    assert titles(user, sort="due_date", due_after="2030-01-01T00:00Z") == sorted_then
    assert titles(user, overdue="true") == ["late"]
    assert titles(user, due_before="2030-01-15T04:00Z", due_after="2030-01-01T00:00Z") == ["all day"]
    everything = [first, moved, day, far, late, almost, repeating, done]
    was = {task["id"]: (user.get(task)["version"], user.get(task)["updated_at"]) for task in everything}
    events = server.rows("select count(*) from events")
    server.stop()

    shutil.copy(zones / "Asia/Tokyo", zones / "Europe/Berlin")  # eight hours earlier
    server.start()
    user.again()
    eventually(lambda: "Due dates follow the changed rules" in server.output(), 20, "the first sweep")
    assert user.get(moved)["due_date"] == "2030-01-15T09:00:00+09:00"
    assert user.get(day)["due_date"] == "2030-01-14"
    assert user.get(far) == far
    assert titles(user, sort="due_date", due_after="2030-01-01T00:00Z") == [
        "all day", "in Berlin", "done", "before", "in New York"
    ]  # fmt: skip
    assert sorted(titles(user, due_before="2030-01-15T04:00Z", due_after="2030-01-01T00:00Z")) == [
        "all day", "done", "in Berlin"
    ]  # fmt: skip
    assert sorted(titles(user, overdue="true")) == ["almost late", "late", "repeats"]
    for task in everything:
        assert (user.get(task)["version"], user.get(task)["updated_at"]) == was[task["id"]]
    assert server.rows("select count(*) from events") == events
    # The child is due at the same time of day, by today's rules.
    user.toggle(repeating)
    child = user.child(repeating)
    assert child["due_date"][11:] == soon[11:] + "+09:00"
    instants = [stored_instant(server, task) for task in [*everything, child]]

    # Nothing has changed: the next start writes nothing.
    server.stop()
    server.start()
    user.again()
    eventually(lambda: user.client.get("/readyz").status_code == 200)
    assert [stored_instant(server, task) for task in [*everything, child]] == instants
    assert server.output().count("Due dates follow the changed rules") == 1


def local(hours):
    """So many hours from now, on the clocks of Berlin."""
    at = dt.datetime.now(dt.UTC).replace(microsecond=0) + dt.timedelta(hours=hours)
    return at.astimezone(zoneinfo.ZoneInfo("Europe/Berlin")).replace(tzinfo=None).isoformat()


def test_many_tasks_follow_in_batches_beside_other_work(start, zones):
    server = start(TZDIR=zones)
    user = server.register()
    tasks = [user.create(f"{n}", due_date="2030-01-15T09:00", timezone="Europe/Berlin") for n in range(620)]
    before = stored_instant(server, tasks[0])
    server.stop()
    shutil.copy(zones / "Asia/Tokyo", zones / "Europe/Berlin")
    server.start()
    user.again()
    assert user.client.post("/api/tasks", json={"title": "meanwhile"}).status_code == 201
    eventually(lambda: "tasks=620" in server.output(), 30, "the first sweep")
    assert server.rows("select distinct due_at from tasks where due_wall is not null") == [(before - 8 * HOUR_MS,)]
