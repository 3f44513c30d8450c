"""The promise in a nutshell: a repeating task that is completed comes back once."""

import time

from support import UUID, eventually


def test_a_completed_daily_task_comes_back_tomorrow_within_a_second(user):
    made = user.client.post(
        "/api/tasks",
        json={
            "title": "Water the plants",
            "description": "All of them",
            "priority": "high",
            "due_date": "2026-02-08T09:00",
            "recurring_type": "daily",
            "tags": ["home", "garden"],
        },
    )
    assert made.status_code == 201
    task = made.json()
    assert UUID.fullmatch(task["id"])
    assert made.headers["location"] == f"/api/tasks/{task['id']}"
    assert made.headers["etag"]
    assert task["status"] == "pending" and task["version"] == 1 and task["occurrence"] == 1
    assert task["series_id"] == task["id"] and task["parent_task_id"] is None
    assert task["due_date"] == "2026-02-08T09:00:00+00:00" and task["timezone"] == "UTC"
    assert sorted(tag["name"] for tag in task["tags"]) == ["garden", "home"]

    done = user.toggle(task, completed_at="2026-02-08T17:30:00Z")
    assert done["status"] == "done" and done["completed_at"] == "2026-02-08T17:30:00.000Z" and done["version"] == 2

    child = user.child(task, within_s=1)
    assert child["due_date"] == "2026-02-09T09:00:00+00:00"
    assert child["parent_task_id"] == task["id"] and child["series_id"] == task["id"] and child["occurrence"] == 2
    assert child["status"] == "pending" and child["completed_at"] is None and child["version"] == 1
    inherited = (
        "title",
        "description",
        "priority",
        "tags",
        "timezone",
        "recurring_type",
        "recurring_interval",
        "repeat_mode",
        "recurring_end_date",
    )
    assert {name: child[name] for name in inherited} == {name: task[name] for name in inherited}


def test_the_child_keeps_the_wall_clock_of_its_zone_over_a_change_of_clocks(user):
    task = user.create(due_date="2026-03-28T09:00", timezone="Europe/Berlin", recurring_type="daily")
    assert task["due_date"] == "2026-03-28T09:00:00+01:00"
    user.toggle(task, completed_at="2026-03-28T12:00:00Z")
    assert user.child(task)["due_date"] == "2026-03-29T09:00:00+02:00"


def test_thirty_completions_make_a_chain_of_thirty_one(user):
    task = user.create(due_date="2026-01-01", recurring_type="daily", repeat_mode="every_occurrence")
    first = task
    for day in range(2, 32):
        user.toggle(task)
        task = user.child(task)
        assert task["due_date"] == f"2026-01-{day:02}"
    chain = sorted(user.list(series_id=first["id"]), key=lambda one: one["occurrence"])
    assert [one["occurrence"] for one in chain] == list(range(1, 32))
    assert [one["parent_task_id"] for one in chain] == [None] + [one["id"] for one in chain[:-1]]
    assert [one["status"] for one in chain] == ["done"] * 30 + ["pending"]


def test_a_task_born_done_repeats_as_well(user):
    task = user.create(
        status="done", due_date="2026-02-08", recurring_type="weekly", completed_at="2026-02-08T10:00:00Z"
    )
    assert task["status"] == "done" and task["version"] == 2 and task["completed_at"] == "2026-02-08T10:00:00.000Z"
    assert user.child(task)["due_date"] == "2026-02-15"


def test_a_series_ends_at_its_end_date(user):
    task = user.create(due_date="2026-02-08", recurring_type="daily", recurring_end_date="2026-02-09")
    user.toggle(task, completed_at="2026-02-08T10:00:00Z")
    last = user.child(task)
    assert last["due_date"] == "2026-02-09"
    user.toggle(last, completed_at="2026-02-09T10:00:00Z")
    follower = user.create(
        due_date="2026-02-08", recurring_type="daily"
    )  # its child shows that the events before it were handled
    user.toggle(follower)
    user.child(follower)
    assert user.children(last) == []


def test_completing_is_answered_before_the_child_is_made_and_the_child_is_quick(user):
    took = []
    for _ in range(20):
        task = user.create(due_date="2026-02-08", recurring_type="daily")
        user.toggle(task)
        began = time.monotonic()
        eventually(lambda at=task: user.children(at), 5)
        took.append(time.monotonic() - began)
    assert sorted(took)[10] < 1
