"""Why a task is there and due when it is: told from the events, and true whatever has become of them since."""

from support import events_of, problem, wait_until_settled


def why(user, task):
    answer = user.client.get(f"/api/tasks/{task['id']}/why")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert set(told) == {
        "made_by",
        "sentence",
        "parent",
        "rule",
        "description",
        "steps",
        "event_id",
        "completed_event_id",
    }
    return told


def completed(user, task, at):
    user.toggle(task, completed_at=at)
    return user.child(task)


def test_a_task_of_the_users_own(server, user):
    told = why(user, user.create(due_date="2026-02-08T09:00", timezone="Europe/Berlin"))
    assert told["made_by"] == "you" and told["sentence"].startswith("You made it on ")
    assert told["parent"] is None and told["completed_event_id"] is None and told["event_id"]
    assert told["steps"] == ["You made it due on Sunday, 8 February 2026 at 09:00."]
    assert told["description"] == "does not repeat" and told["rule"]["recurring_type"] == "none"
    assert why(user, user.create())["steps"] == ["You made it without a due date."]
    child = user.create(parent_task_id=user.create()["id"])
    assert why(user, child)["made_by"] == "you" and why(user, child)["parent"] is None


def test_a_child_tells_the_sum_to_be_checked_with_a_calendar(server, user):
    task = user.create(due_date="2026-02-08T09:00", timezone="Europe/Berlin", recurring_type="daily")
    child = completed(user, task, "2026-02-10T16:30:00Z")
    told = why(user, child)
    assert told["made_by"] == "rondo"
    assert told["sentence"].startswith("Rondo made it on ") and told["sentence"].endswith(
        ", because “Water the plants”, due on Sunday, 8 February 2026 at 09:00, was done on Tuesday, 10 February 2026 at "
        "17:30."
    )
    assert told["parent"] == {
        "id": task["id"],
        "title": "Water the plants",
        "due_date": "2026-02-08T09:00:00+01:00",
        "completed_at": "2026-02-10T16:30:00.000Z",
    }
    assert told["rule"] == {
        "timezone": "Europe/Berlin",
        "recurring_type": "daily",
        "recurring_interval": 1,
        "recurrence_rule": None,
        "repeat_mode": "after_completion",
        "recurring_end_date": None,
    }
    assert told["description"] == "every day at 09:00, counted from the day it is done"
    assert told["steps"][0] == "It was due on Sunday, 8 February 2026 at 09:00."
    assert told["steps"][-1] == "So the next one is due on Wednesday, 11 February 2026 at 09:00."
    assert child["due_date"] == "2026-02-11T09:00:00+01:00"
    (created,) = user.client.get(f"/api/tasks/{child['id']}/history").json()
    completion = user.client.get(f"/api/tasks/{task['id']}/history").json()[-1]
    assert told["event_id"] == created["event_id"] and told["completed_event_id"] == completion["event_id"]


def test_the_answer_stays_when_the_parent_is_changed_or_gone(server, user):
    task = user.create(due_date="2026-01-31", recurring_type="monthly", repeat_mode="on_schedule")
    child = completed(user, task, "2026-01-31T10:00:00Z")
    user.change(child, title="Mine now")
    before = why(user, child)
    assert before["parent"]["title"] == "Water the plants" and before["parent"]["due_date"] == "2026-01-31"
    assert any("February has no 31st" in step for step in before["steps"])
    user.change(task, title="Something else", due_date="2020-01-01", recurring_type="yearly")
    wait_until_settled(server)
    assert why(user, child) == before
    user.client.delete(f"/api/tasks/{task['id']}", params={"scope": "task"})
    assert why(user, child) == before


def test_a_time_that_clocks_leave_out_keeps_its_time_of_day(server, user):
    task = user.create(
        due_date="2026-03-29T02:30", timezone="Europe/Berlin", recurring_type="daily", repeat_mode="on_schedule"
    )
    assert task["due_date"] == "2026-03-29T03:30:00+02:00"
    child = completed(user, task, "2026-03-29T10:00:00Z")
    assert child["due_date"] == "2026-03-30T02:30:00+02:00"
    assert events_of(server, task)[0][1]["series_start"] == "2026-03-29T02:30:00+01:00"
    assert why(user, child)["steps"][-1] == "So the next one is due on Monday, 30 March 2026 at 02:30."


def test_what_was_moved_or_skipped_since_is_told(server, user):
    task = user.create(due_date="2026-02-08", recurring_type="daily", repeat_mode="every_occurrence")
    child = completed(user, task, "2026-02-08T10:00:00Z")
    sum_steps = len(why(user, child)["steps"])
    user.change(child, title="no move")
    user.change(child, due_date="2026-02-12", edit_scope="this")
    assert user.client.post(f"/api/tasks/{child['id']}/skip").status_code == 200
    user.change(child, due_date="2026-02-20T18:00")
    moved, skipped, restarted = why(user, child)["steps"][sum_steps:]
    assert "You moved it on " in moved and "from Monday, 9 February 2026 to Thursday, 12 February 2026" in moved
    assert moved.endswith("The series goes on as before.")
    assert skipped.startswith("You skipped it on ") and "from Thursday, 12 February 2026 to" in skipped
    assert "to Friday, 20 February 2026 at 18:00" in restarted and restarted.endswith("The series goes on from there.")
    # A moved one passes its own place in the series on, and says so.
    grandchild = completed(user, child, "2026-02-20T18:00:00Z")
    assert why(user, grandchild)["steps"][-1].endswith("Saturday, 21 February 2026 at 18:00.")


def test_the_sum_of_a_moved_one_says_where_it_stood(server, user):
    task = user.create(due_date="2026-02-10", recurring_type="weekly", repeat_mode="every_occurrence")
    user.change(task, due_date="2026-02-12", edit_scope="this")
    assert events_of(server, task)[-1][1]["moved_from"] == "2026-02-10"
    child = completed(user, task, "2026-02-12T10:00:00Z")
    steps = why(user, child)["steps"]
    assert steps[0] == (
        "It was due on Tuesday, 10 February 2026, and this one alone was moved to Thursday, 12 February 2026."
    )
    assert steps[-1] == "So the next one is due on Tuesday, 17 February 2026."


def test_a_custom_rule(server, user):
    task = user.create(
        due_date="2026-02-27", recurring_type="custom", recurrence_rule="FREQ=MONTHLY;BYDAY=-1FR", timezone="UTC"
    )
    child = completed(user, task, "2026-02-27T10:00:00Z")
    told = why(user, child)
    assert told["rule"]["recurrence_rule"] == "FREQ=MONTHLY;BYDAY=-1FR"
    assert "last Friday" in told["description"] and told["steps"][-1].endswith("Friday, 27 March 2026.")


def test_takes_no_parameters_and_nothing_from_the_trash(server, user):
    task = user.create()
    problem(user.client.get(f"/api/tasks/{task['id']}/why?x=1"), 422, "?x")
    user.client.delete(f"/api/tasks/{task['id']}")
    problem(user.client.get(f"/api/tasks/{task['id']}/why"), 404)
