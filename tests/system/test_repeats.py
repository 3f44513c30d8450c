"""Custom rules, skipping, and what is shown of what comes: over HTTP, against what then comes."""

import datetime as dt
import json
import zoneinfo

import pytest
from support import ROOT, events_of, identify, problem, wait_until_settled

VECTORS = [json.loads(line) for line in (ROOT / "tests/data/recurrence.jsonl").read_text().splitlines()]
FRIDAYS = {"recurring_type": "custom", "recurrence_rule": "FREQ=MONTHLY;BYDAY=-1FR", "due_date": "2026-01-30T18:00"}


def on_time(task):
    """The instant at which a task is done when it is due (a day: at its beginning); now, if that is yet to come."""
    due = dt.datetime.fromisoformat(task["due_date"])
    if due.tzinfo is None:
        due = due.replace(tzinfo=zoneinfo.ZoneInfo(task["timezone"]))
    return min(due.astimezone(dt.UTC), dt.datetime.now(dt.UTC)).isoformat()


def same_due(a, b):
    return a == b or (a and b and len(a) > 10 and dt.datetime.fromisoformat(a) == dt.datetime.fromisoformat(b))


def moved_by_hand(user, case, task, scope="this"):
    """A few cases lie after the end of their series, or in years to come: such a due date only comes about by hand."""
    assert case["next_due_date"] is None, case
    if user.get(task)["status"] == "done":
        user.toggle(task)
    return user.change(task, due_date=case["due_date"], edit_scope=scope)


def test_the_worked_cases_come_out_over_http(server, user):
    """Each case is led to its due date from the beginning of its series, every occurrence done on time."""
    assert len(VECTORS) == 308
    waiting = []
    for case in VECTORS:
        asked = {k: case[k] for k in ("timezone", "recurring_type", "recurring_interval", "repeat_mode")}
        asked["recurrence_rule"] = case["recurrence_rule"]
        asked["due_date"] = case["due_date"] and (case["series_start"] or case["due_date"])
        task = user.create(case["name"], **asked)
        is_far = case["repeat_mode"] == "after_completion" and (case["due_date"] or "") > dt.date.today().isoformat()
        is_elsewhere = not same_due(task["due_date"], case["due_date"])
        waiting.append((case, moved_by_hand(user, case, task, "series") if is_far and is_elsewhere else task))
    for _ in range(40):
        ahead = [(case, task) for case, task in waiting if not same_due(task["due_date"], case["due_date"])]
        if not ahead:
            break
        for _, task in ahead:
            user.toggle(task, completed_at=on_time(task))
        wait_until_settled(server)
        came = {task["id"]: user.children(task) for _, task in ahead}
        waiting = [
            (
                case,
                task
                if task["id"] not in came
                else came[task["id"]][0]
                if came[task["id"]]
                else moved_by_hand(user, case, task),
            )
            for case, task in waiting
        ]
    for case, task in waiting:
        assert same_due(task["due_date"], case["due_date"]), case
        if case["recurring_end_date"]:
            user.change(task, recurring_end_date=case["recurring_end_date"])
        user.toggle(task, completed_at=case["completed_at"])
    wait_until_settled(server)
    for case, task in waiting:
        children = user.children(task)
        assert [child["due_date"] for child in children] == [d for d in [case["next_due_date"]] if d], case


def test_a_custom_rule_is_kept_and_followed(server, user):
    task = user.create(**FRIDAYS)
    assert (task["recurring_type"], task["recurrence_rule"]) == ("custom", "FREQ=MONTHLY;BYDAY=-1FR")
    assert task["repeat_mode"] == "on_schedule"
    user.toggle(task, completed_at="2026-01-30T18:00:00Z")
    child = user.child(task)
    assert child["due_date"] == "2026-02-27T18:00:00+00:00"
    assert child["recurrence_rule"] == task["recurrence_rule"]


@pytest.mark.parametrize(
    "rule, part",
    [
        ("FREQ=HOURLY", "FREQ"),
        ("FREQ=DAILY;BYHOUR=9", "BYHOUR"),
        ("FREQ=DAILY;BYMINUTE=9", "BYMINUTE"),
        ("FREQ=DAILY;BYSECOND=9", "BYSECOND"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "COUNT"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "never"),
        ("FREQ=DAILY;BYMONTHDAY=" + ",".join(["1"] * 300), "512"),
        ("", "required"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_the_reason(user, rule, part):
    answer = user.client.post("/api/tasks", json={"title": "x"} | FRIDAYS | {"recurrence_rule": rule})
    told = problem(answer, 422, "/recurrence_rule")
    assert part in next(fault["message"] for fault in told["errors"] if fault["pointer"] == "/recurrence_rule")


def test_skipping_moves_the_task_and_makes_no_other(server, user):
    task = user.create(
        due_date="2026-01-31", recurring_type="monthly", repeat_mode="every_occurrence", status="in_progress"
    )
    answer = user.client.post(f"/api/tasks/{task['id']}/skip")
    assert answer.status_code == 200
    skipped = answer.json()
    assert (skipped["id"], skipped["due_date"], skipped["occurrence"]) == (task["id"], "2026-02-28", 2)
    assert (skipped["status"], skipped["version"]) == ("in_progress", task["version"] + 1)
    assert answer.headers["ETag"] != user.client.get("/api/tasks", params={"limit": 1}).headers.get("ETag")
    again = user.client.post(f"/api/tasks/{task['id']}/skip").json()
    assert again["due_date"] == "2026-03-31"  # the 31st again
    wait_until_settled(server)
    assert user.children(task) == []
    assert [kind for kind, _ in events_of(server, task)] == ["task.created", "task.skipped", "task.skipped"]


def test_skipping_an_overdue_task_goes_past_what_was_missed(user):
    task = user.create(due_date="2026-01-05", recurring_type="weekly", repeat_mode="on_schedule")
    skipped = user.client.post(f"/api/tasks/{task['id']}/skip").json()
    assert dt.date.fromisoformat(skipped["due_date"]) > dt.date.today()
    assert dt.date.fromisoformat(skipped["due_date"]).weekday() == 0


def test_skipping_is_refused_where_nothing_comes(user):
    once = user.create()
    assert "does not repeat" in problem(user.client.post(f"/api/tasks/{once['id']}/skip"), 409)["detail"]
    last = user.create(due_date="2026-01-05", recurring_type="custom", recurrence_rule="FREQ=DAILY;COUNT=1")
    assert "no more" in problem(user.client.post(f"/api/tasks/{last['id']}/skip"), 409)["detail"]
    done = user.create(due_date="2026-01-05", recurring_type="daily")
    user.toggle(done)
    assert "is done" in problem(user.client.post(f"/api/tasks/{done['id']}/skip"), 409)["detail"]
    problem(user.client.post("/api/tasks/0198c0de-0000-7000-8000-000000000001/skip"), 404)
    problem(user.client.post(f"/api/tasks/{done['id']}/skip", json={"to": "2026-01-01"}), 422, "/to")


def test_skipping_twice_by_one_click_skips_once(user):
    task = user.create(due_date="2030-01-05", recurring_type="daily")
    key = {"Idempotency-Key": "one click"}
    first = user.client.post(f"/api/tasks/{task['id']}/skip", headers=key)
    again = user.client.post(f"/api/tasks/{task['id']}/skip", headers=key)
    assert first.json() == again.json() and first.json()["due_date"] == "2030-01-06"
    stale = user.client.post(f"/api/tasks/{task['id']}/skip", headers={"If-Match": '"1"'})
    problem(stale, 412)
    assert user.get(task)["due_date"] == "2030-01-06"


def test_an_occurrence_moved_alone_leaves_the_series_as_it_was(server, user):
    task = user.create(due_date="2026-02-10T09:00", recurring_type="weekly", repeat_mode="on_schedule")
    for moved_to in ("2026-02-12T10:00", "2026-02-09T10:00"):
        user.change(task, due_date=moved_to, edit_scope="this")
        user.toggle(task, completed_at="2026-02-09T08:00:00Z")
        assert user.child(task)["due_date"] == "2026-02-17T09:00:00+00:00"
        user.toggle(task)
        wait_until_settled(server)
        assert user.children(task) == []
    user.change(task, due_date="2026-02-12T10:00")  # the series from now on
    user.toggle(task, completed_at="2026-02-12T12:00:00Z")
    assert user.child(task)["due_date"] == "2026-02-19T10:00:00+00:00"


def occurrences(user, task, **query):
    answer = user.client.get(f"/api/tasks/{task['id']}/occurrences", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_occurrences_tell_what_is_out_of_the_ordinary(user):
    monthly = user.create(due_date="2030-01-31", recurring_type="monthly", repeat_mode="on_schedule")
    shown = occurrences(user, monthly, count=2)
    assert [one["due_date"] for one in shown["occurrences"]] == ["2030-02-28", "2030-03-31"]
    assert "no 31st" in shown["occurrences"][0]["note"] and "note" not in shown["occurrences"][1]
    assert shown["ends"] is None
    assert shown["description"] == "every month on the 31st (or the last day of the month), skipping missed ones"
    clocks = user.create(due_date="2027-03-27T02:30", timezone="Europe/Berlin", recurring_type="daily")
    first = occurrences(user, clocks, count=1)["occurrences"][0]
    assert first["due_date"] == "2027-03-28T03:30:00+02:00" and "forward" in first["note"]
    ending = user.create(due_date="2030-01-05", recurring_type="custom", recurrence_rule="FREQ=DAILY;COUNT=3")
    shown = occurrences(user, ending)
    assert [one.get("note") for one in shown["occurrences"]] == [None, "This is the last one."]
    assert shown["ends"] == "The rule gives no more occurrences."
    assert occurrences(user, user.create())["ends"] == "The task does not repeat."


def test_occurrences_take_a_count_up_to_a_hundred(user):
    task = user.create(due_date="2030-01-05", recurring_type="daily")
    assert len(occurrences(user, task)["occurrences"]) == 10
    assert len(occurrences(user, task, count=100)["occurrences"]) == 100
    for wrong in ("0", "101", "-1", "ten", "", "1e1"):
        problem(user.client.get(f"/api/tasks/{task['id']}/occurrences", params={"count": wrong}), 422, "?count")
    problem(user.client.get(f"/api/tasks/{task['id']}/occurrences?count=1&count=2"), 422, "?count")
    problem(user.client.get(f"/api/tasks/{task['id']}/occurrences?limit=1"), 422, "?limit")


@pytest.mark.parametrize(
    "rule",
    [
        {"due_date": "2026-01-31T02:30", "timezone": "Europe/Berlin", "recurring_type": "monthly"},
        {"due_date": "2026-01-31", "recurring_type": "monthly", "repeat_mode": "every_occurrence"},
        {"due_date": "2025-12-28T02:30", "timezone": "America/New_York", "recurring_type": "custom",
         "recurrence_rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO", "repeat_mode": "every_occurrence"},
    ],
)  # fmt: skip
def test_what_is_shown_is_what_comes(server, user, rule):
    task = user.create(**rule)
    preview = user.client.post("/api/recurrence/preview", json=rule | {"count": 12}).json()
    shown = [one["due_date"] for one in occurrences(user, task, count=12)["occurrences"]]
    assert [one["due_date"] for one in preview["occurrences"]] == shown
    if rule.get("repeat_mode") != "every_occurrence":
        # Overdue: what is shown counts from now, so it is done now. The 31st is over, so another day takes its place.
        user.toggle(task)
        assert user.child(task)["due_date"] == shown[0]
        return
    came = []
    for _ in range(8):
        user.toggle(task, completed_at=on_time(task))
        task = user.child(task)
        came.append(task["due_date"])
    assert came == shown[:8]


def test_a_preview_describes_a_rule_that_is_not_saved(server, user):
    rule = {"due_date": "2027-01-05", "recurring_type": "weekly", "recurring_interval": 2, "repeat_mode": "on_schedule"}
    answer = user.client.post("/api/recurrence/preview", json=rule | {"count": 3})
    assert answer.status_code == 200
    assert answer.json() == {
        "description": "every second Tuesday, skipping missed ones",
        "occurrences": [{"due_date": "2027-01-19"}, {"due_date": "2027-02-02"}, {"due_date": "2027-02-16"}],
        "ends": None,
    }
    assert user.list() == []
    draft = {"title": "", "priority": "high", "tags": ["new"], "recurring_type": "none"}
    assert user.client.post("/api/recurrence/preview", json=draft).json() == {
        "description": "does not repeat",
        "occurrences": [],
        "ends": "The task does not repeat.",
    }
    assert user.client.get("/api/tags").json() == []


def test_a_preview_names_every_fault_at_once(user):
    wrong = {
        "count": 0,
        "due_date": "2027-02-30",
        "recurring_type": "custom",
        "recurrence_rule": "FREQ=DAILY",
        "recuring_end": 1,
    }
    told = problem(user.client.post("/api/recurrence/preview", json=wrong), 422)
    assert {"/count", "/due_date", "/recuring_end"} <= {fault["pointer"] for fault in told["errors"]}
    told = problem(user.client.post("/api/recurrence/preview", json={"recurring_type": "custom"}), 422)
    assert {fault["pointer"] for fault in told["errors"]} == {"/due_date", "/recurrence_rule"}


def test_a_new_zone_of_the_user_leaves_tasks_as_they_were(user):
    before = user.create(due_date="2027-01-05T09:00", recurring_type="daily")
    assert user.client.patch("/api/auth/me", json={"timezone": "Asia/Tokyo"}).json()["timezone"] == "Asia/Tokyo"
    assert user.get(before) == before
    after = user.create(due_date="2027-01-05T09:00")
    assert after["due_date"] == "2027-01-05T09:00:00+09:00"
    assert identify(before) != identify(after)
