"""The rules of a time zone change while tasks in it are open: the wall clock stays, and what is sorted and filtered by follows."""

import datetime as dt
import os
import pathlib
import shutil
import zoneinfo

import pytest
from support import eventually, problem, raw_id

HOUR_MS = 3_600_000
SEEN_WITHIN_S = 60
SYSTEM = pathlib.Path(os.environ.get("TZDIR", "/usr/share/zoneinfo"))
DUE = "2030-01-15T09:00"


def make_zones(folder, version=None, **instead):
    """A tz database of the test's own, with the zones that it needs; `Europe_Berlin="Asia/Tokyo"`: that one's rules by
    another's. `version`: what it says it is, if not what the system's is."""
    for name in ("Europe/Berlin", "Asia/Tokyo", "America/New_York", "Asia/Kathmandu"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(SYSTEM / instead.get(name.replace("/", "_"), name), folder / name)
    text = (SYSTEM / "tzdata.zi").read_text()
    if version:
        text = f"# version {version}\n" + text.split("\n", 1)[1]
    (folder / "tzdata.zi").write_text(text)
    return folder


@pytest.fixture
def zones(tmp_path):
    return make_zones(tmp_path / "zoneinfo")


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


def rename(old, new):
    old.rename(old.with_name("old"))
    new.rename(old)


def rename_files(old, new):
    """As dpkg does it: each file is written beside the old one, then takes its place."""
    for file in [*new.rglob("*/*"), new / "tzdata.zi"]:
        if file.is_file():
            beside = old / f"{file.relative_to(new)}.dpkg-new"
            shutil.copy(file, beside)
            beside.rename(old / file.relative_to(new))


def overwrite_files(old, new):
    shutil.copytree(new, old, dirs_exist_ok=True)


def swap_link(old, new):
    """`old` is a link, as of a mounted volume."""
    beside = old.with_name("link")
    beside.symlink_to(new)
    beside.rename(old)


def vanish(old, new):
    shutil.rmtree(old)


def come_back(old, new):
    new.rename(old)


def tear(old, new):
    """The list and some files are new, another is half a file."""
    shutil.copy(new / "tzdata.zi", old)
    shutil.copy(new / "Europe/Berlin", old / "Europe/Berlin")
    whole = (new / "Asia/Tokyo").read_bytes()
    (old / "Asia/Tokyo").write_bytes(whole[: len(whole) // 2])


def lack_a_file(old, new):
    shutil.copy(new / "tzdata.zi", old)
    (old / "Europe/Berlin").unlink()


# How it changes; or what is done first, what is then said, and how it is made whole.
WAYS = {
    "rename": [rename],
    "one_by_one": [rename_files],
    "overwritten": [overwrite_files],
    "link": [swap_link],
    "away": [vanish, "There is no tz database in", come_back],
    "torn": [tear, "The file of Asia/Tokyo is no whole zone file", overwrite_files],
    "lacking": [lack_a_file, " is missing: time zones stay", rename_files],
}


def tz_database(user):
    return user.client.get("/health").json()["tz_database"]


def test_a_change_under_a_running_server_is_seen_within_a_minute(start, tmp_path):
    """One server for each way, so that they wait for it together."""
    moved = []
    for way, (change, *torn) in WAYS.items():
        folder = tmp_path / way / "zoneinfo"
        if way == "link":
            folder.parent.mkdir()
            folder.symlink_to(make_zones(tmp_path / way / "first", "2026a"))
        else:
            make_zones(folder, "2026a")
        new = make_zones(tmp_path / way / "new", "2026b", Europe_Berlin="Asia/Tokyo")
        server = start(way, TZDIR=folder)
        user = server.register()
        task = user.create("moved", due_date=DUE, timezone="Europe/Berlin")
        before = user.create("before", due_date="2030-01-15T04:00Z")
        etag = user.client.get(f"/api/tasks/{task['id']}").headers["etag"]
        moved.append((way, folder, new, server, user, task, before, torn, etag))
        change(folder, new)
    for way, folder, new, server, user, task, _, torn, _ in moved:
        if torn:
            words, mend = torn
            eventually(lambda server=server, words=words: words in server.output(), SEEN_WITHIN_S, words)
            assert user.get(task) == task, way
            assert tz_database(user)["version"] == "2026a"
            mend(folder, new)
    for way, folder, _, server, user, task, before, torn, etag in moved:
        eventually(lambda server=server: "Time zones changed: tz database 2026b" in server.output(), SEEN_WITHIN_S, way)
        # At once, not with the second pass a minute later.
        eventually(lambda server=server: "Due dates follow" in server.output(), 15, way)
        shown = user.get(task)
        assert shown["due_date"] == DUE + ":00+09:00", way
        assert (shown["version"], shown["updated_at"]) == (task["version"], task["updated_at"])
        assert titles(user, sort="due_date") == ["moved", "before"], way
        known = user.client.get(f"/api/tasks/{task['id']}", headers={"If-None-Match": etag})
        assert known.status_code == 200, "it is shown in another way"
        told = tz_database(user)
        assert (told["version"], told["path"]) == ("2026b", str(folder))
        assert 'rondo_tzdb_info{version="2026b"} 1' in user.client.get("/metrics").text
        # What was never asked for before comes from the same database.
        assert user.create("new", due_date=DUE, timezone="Asia/Kathmandu")["due_date"].endswith("+05:45")
        assert user.create("new", due_date=DUE, timezone="Europe/Berlin")["due_date"].endswith("+09:00")
        assert user.get(before) == before
        assert ("The tz database is whole again" in server.output()) == bool(torn), server.output()
        assert "Sweep failed" not in server.output()


def test_the_start_and_health_say_which_database_it_is(start, tmp_path):
    for version, age, warned in [
        ("2019c", True, True), ("2023c", True, True), ("2025a", True, True),
        ("2099a", True, False), ("unknown", False, False),
    ]:  # fmt: skip
        folder = make_zones(tmp_path / version / "zoneinfo", version)
        server = start(version, TZDIR=folder)
        with server.client() as client:
            told = client.get("/health").json()
            assert told["status"] == "healthy"
            assert told["tz_database"]["version"] == version
            assert told["tz_database"]["path"] == str(folder)
            assert ("age_days" in told["tz_database"]) == age
            assert ("warning" in told["tz_database"]) == warned, told
        line = f"Time zones by tz database {version} of {folder}"
        eventually(lambda server=server, line=line: line in server.output())
        assert ("Update the package tzdata" in server.output()) == warned, server.output()


NO_ZONES = ["Factory", "localtime", "posixrules", "leapseconds", "posix/Europe/Berlin", "right/Europe/Berlin",
            "posix/Factory", "factory", "tzdata.zi", "zone1970.tab", "Europe"]  # fmt: skip


@pytest.mark.parametrize("name", NO_ZONES)
def test_what_is_no_zone_is_refused_everywhere(server, user, name):
    created = problem(user.client.post("/api/tasks", json={"title": "x", "timezone": name}), 422)
    task = user.create("x")
    changed = problem(user.client.patch(f"/api/tasks/{task['id']}", json={"timezone": name}), 422)
    account = problem(user.client.patch("/api/auth/me", json={"timezone": name}), 422)
    for answer in (created, changed, account):
        assert answer["errors"][0]["pointer"] == "/timezone"
        assert "Europe/Berlin" in answer["errors"][0]["message"]
    body = {"email": f"{name.replace('/', '')}@example.com", "password": "correct horse battery", "timezone": name}
    problem(user.client.post("/api/auth/register", json=body), 422)


LOST = ["Factory", "US/Pacific-New", "Mars/Base", "America/Atlantis", "posixrules"]


def test_tasks_in_zones_that_were_lost_go_on(start):
    server = start()
    user = server.register()
    tasks = {}
    for name in LOST:
        tasks[name] = user.create(name, due_date=DUE, recurring_type="daily", timezone="Europe/Berlin")
    day = user.create("all day", due_date="2030-01-15", timezone="Europe/Berlin")
    known = user.create("known", due_date=DUE, timezone="Europe/Berlin")
    server.stop()
    for name, task in tasks.items():
        server.database.execute("update tasks set zone = ? where id = ?", name, raw_id(task))
    server.database.execute("update tasks set zone = ? where id = ?", LOST[0], raw_id(day))
    server.database.execute("update users set zone = ?", LOST[1])
    stored = {name: stored_instant(server, task) for name, task in tasks.items()}
    server.start()
    user.again()

    assert user.client.get("/api/auth/me").json()["timezone"] == LOST[1]
    assert len(user.list()) == len(LOST) + 2
    assert user.get(day)["due_date"] == "2030-01-15"
    assert user.get(known)["due_date"] == DUE + ":00+01:00"
    for name, task in tasks.items():
        shown = user.get(task)
        assert (shown["timezone"], shown["due_date"]) == (name, DUE + ":00+00:00")
        for path in ("history", "why", "occurrences"):
            assert user.client.get(f"/api/tasks/{task['id']}/{path}").status_code in (200, 404)
        assert stored_instant(server, task) == stored[name], "sorted as it was"
        renamed = user.client.patch(f"/api/tasks/{task['id']}", json={"title": "renamed"})
        assert renamed.status_code == 200
        user.toggle(task)
        child = user.child(task)
        assert (child["timezone"], child["due_date"][10:]) == (name, "T09:00:00+00:00")
        assert user.client.delete(f"/api/tasks/{child['id']}").status_code in (200, 204)
        problem(user.client.patch(f"/api/tasks/{task['id']}", json={"timezone": name}), 422)
    for path in ("/api/stats", "/api/trash", "/api/events", "/api/tasks?overdue=true&sort=due_date"):
        assert user.client.get(path).status_code == 200, path
    told = tz_database(user)
    assert told["missing_zones"] == sorted(LOST)
    eventually(lambda: "time zones that the tz database has not" in server.output(), 30)
    # Out of it again.
    one = user.client.patch(f"/api/tasks/{tasks[LOST[2]]['id']}", json={"timezone": "Europe/Berlin"}).json()
    assert one["due_date"] == DUE + ":00+01:00"
