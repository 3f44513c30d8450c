"""COUNT counts the first due date, whether the rule names it or not; a series begun before it did ends after the number of tasks
that it would have had, wherever its database goes."""

import pytest
from databases import ON_POSTGRES
from support import Server, run
from test_postgres import cluster, url  # noqa: F401
from test_upgrades import VERSIONS, go_down_to, log_in, schema

BEFORE = VERSIONS[VERSIONS.index("0003" if ON_POSTGRES else "0005") - 1]
THURSDAY = "2026-02-05"
# A rule, the dates that RFC 5545 gives with COUNT=3 from that Thursday, and the one more that there was.
RULES = [
    ("FREQ=WEEKLY;BYDAY=MO", ["2026-02-09", "2026-02-16"], "2026-02-23"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2026-02-28", "2026-03-31"], "2026-04-30"),
    ("FREQ=MONTHLY;BYDAY=1MO", ["2026-03-02", "2026-04-06"], "2026-05-04"),
    ("FREQ=DAILY;BYDAY=SA,SU", ["2026-02-07", "2026-02-08"], "2026-02-14"),
    ("FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", ["2026-11-26", "2027-11-25"], "2028-11-23"),
    ("FREQ=WEEKLY;BYDAY=TH", ["2026-02-12", "2026-02-19"], None),
]


def counted(user, rule, **fields):
    return user.create(
        rule,
        due_date=THURSDAY,
        recurring_type="custom",
        recurrence_rule=f"{rule};COUNT=3",
        repeat_mode="every_occurrence",
        **fields,
    )


def promised(user, task):
    return [one["due_date"] for one in user.client.get(f"/api/tasks/{task['id']}/occurrences").json()["occurrences"]]


def chain(user, task, dates):
    """Completes one after the other; the last has none after it."""
    for date in dates:
        user.toggle(task)
        task = user.child(task)
        assert task["due_date"] == date
        why = user.client.get(f"/api/tasks/{task['id']}/why").json()
        assert "cannot be shown" not in " ".join(why["steps"]), why
    assert promised(user, task) == []
    return task


def again(server, user):
    """The same user on a server that was started since."""
    user.server = server
    user.client = server.client()
    user.use(log_in(server, user).json())
    return user


@pytest.mark.parametrize("rule, dates, _", RULES)
def test_the_first_is_counted(user, rule, dates, _):
    task = counted(user, rule)
    body = {"due_date": THURSDAY, "recurring_type": "custom", "recurrence_rule": f"{rule};COUNT=3"}
    body["repeat_mode"] = "every_occurrence"
    preview = user.client.post("/api/recurrence/preview", json=body).json()
    assert [one["due_date"] for one in preview["occurrences"]] == dates == promised(user, task)
    assert preview["occurrences"][-1]["note"].endswith("This is the last one.") and preview["ends"]
    assert ", 3 times" in preview["description"] and "after the first" not in preview["description"]
    chain(user, task, dates)


def test_once_is_one_task(user):
    task = user.create(due_date=THURSDAY, recurring_type="custom", recurrence_rule="FREQ=WEEKLY;BYDAY=MO;COUNT=1")
    assert promised(user, task) == []


def test_a_series_under_way_keeps_its_number_and_a_new_one_counts(tmp_path):
    server = Server(tmp_path / "one")
    with server:
        user = server.register()
        older = [(counted(user, rule), dates + [more] * (more is not None)) for rule, dates, more in RULES]
        half_way = counted(user, RULES[0][0])
        user.toggle(half_way)
        half_way = user.child(half_way)
    # As a program from before has left it.
    go_down_to(server, BEFORE)
    with server:
        assert schema(server) == VERSIONS[-1]
        user = again(server, user)
        for task, dates in older:
            assert promised(user, task) == dates
            user.change(task, title="of another name")
            chain(user, task, dates)
        chain(user, half_way, [*RULES[0][1], RULES[0][2]][1:])
        rule, dates, more = RULES[0]
        chain(user, counted(user, rule), dates)
        # Begun anew, it counts as a new one does.
        moved = counted(user, rule)
        chain(user, user.change(moved, due_date="2026-02-12"), ["2026-02-16", "2026-02-23"])
        assert more not in dates


def test_going_down_says_what_is_lost(tmp_path):
    server = Server(tmp_path / "one")
    with server:
        user = server.register()
        counted(user, RULES[0][0])
        user.create(due_date="2026-10-25T01:30:00Z", timezone="Europe/Berlin")
        user.create(due_date=THURSDAY, recurring_type="daily")
    steps = sum(one > BEFORE for one in VERSIONS)
    refused = run("migrate", "down", "--steps", steps, folder=server.folder, env=server.env)
    assert refused.returncode == 64
    assert "column tasks.repeat_counts_start: 1 rows have something in it" in refused.stderr, refused.stderr
    assert "column tasks.due_second: 1 rows" in refused.stderr
    assert schema(server) == VERSIONS[-1]


@pytest.mark.sqlite
def test_a_copy_keeps_which_series_counts_how(start, tmp_path, url):  # noqa: F811
    server = Server(tmp_path / "one")
    rule, dates, more = RULES[0]
    with server:
        user = server.register()
        older = counted(user, rule)
    go_down_to(server, BEFORE)
    with server:
        user = again(server, user)
        newer = counted(user, rule)
        second = user.create(due_date="2026-10-25T01:30:00Z", timezone="Europe/Berlin")
    for target in (url, f"sqlite:///{tmp_path}/copy.db"):
        copied = run("copy", "--from", server.database.url, "--to", target)
        assert copied.returncode == 0, copied.stderr
        there = again(start(target[:6].strip(":/"), DATABASE_URL=target), user)
        assert promised(there, older) == [*dates, more]
        assert promised(there, newer) == dates
        assert there.get(second)["due_date"] == "2026-10-25T02:30:00+01:00"
