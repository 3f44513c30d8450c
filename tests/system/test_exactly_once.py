"""However often a task is completed and its event delivered, it has one child."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from support import events_of, eventually, raw_id, wait_until_settled

TIMES = 100
CONNECTIONS = 8


def completion_event(task):
    return {
        "event_type": "task-completed",
        "task_id": task["id"],
        "user_id": task["user_id"],
        "completed_at": task["completed_at"] or "2026-02-08T10:00:00Z",
    }


def post_event(client, task, **envelope):
    body = {
        "specversion": "1.0",
        "source": "todo-backend",
        "type": "task.completed",
        "subject": task["id"],
        "id": "0198c0de-0000-7000-8000-000000000001",
        "data": completion_event(task),
    } | envelope
    return client.post(
        "/api/events/task-completed", content=json.dumps(body), headers={"Content-Type": "application/cloudevents+json"}
    )


def all_at_once(server, count, call):
    """Makes `count` calls over a few connections at once."""

    def work(worker):
        with server.client() as client:
            return [call(client) for _ in range(worker, count, CONNECTIONS)]

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return [answer for answers in pool.map(work, range(CONNECTIONS)) for answer in answers]


def everything_of(server, task):
    """All tasks that name this one as their parent, wherever they are."""
    return server.rows("select id from tasks where parent = ?", raw_id(task))


def test_a_hundred_completions_and_a_hundred_deliveries_make_one_child(server, user):
    task = user.create(due_date="2026-02-08", recurring_type="daily")
    headers = {"Authorization": f"Bearer {user.access_token}"}

    answers = all_at_once(
        server, TIMES, lambda client: client.patch(f"/api/tasks/{task['id']}", json={"status": "done"}, headers=headers)
    )
    assert {answer.status_code for answer in answers} == {200}
    done = user.get(task)
    assert done["version"] == 2, "a completion of a done task is no new completion"

    deliveries = all_at_once(server, TIMES, lambda client: post_event(client, done))
    assert {answer.status_code for answer in deliveries} == {200}
    assert {answer.json()["outcome"] for answer in deliveries} <= {"created", "exists"}
    wait_until_settled(server)

    child = user.child(task)
    assert len(everything_of(server, task)) == 1
    assert [kind for kind, _ in events_of(server, task)] == ["task.created", "task.completed"]
    assert [kind for kind, _ in events_of(server, child)] == ["task.created"]


def test_reopening_takes_an_untouched_child_back_and_completing_again_makes_one(server, user):
    task = user.create(due_date="2026-02-08", recurring_type="daily")
    for _ in range(5):
        user.toggle(task)
        child = user.child(task)
        user.toggle(task)
        eventually(lambda at=task: user.children(at) == [], 10, "the child is taken back")
        assert user.client.get(f"/api/tasks/{child['id']}").status_code == 404
        assert [kind for kind, _ in events_of(server, child)] == ["task.created", "task.deleted"]
    assert [one["id"] for one in user.client.get("/api/trash").json()] == [], "taken back is not thrown away"


@pytest.mark.parametrize("touch", [{"title": "Mine now"}, {"status": "done"}, {"status": "in_progress"}])
def test_reopening_leaves_a_child_that_somebody_touched(server, user, touch):
    task = user.create(due_date="2026-02-08", recurring_type="daily")
    user.toggle(task)
    child = user.child(task)
    user.change(child, **touch)
    user.toggle(task)
    wait_until_settled(server)
    assert [one["id"] for one in user.children(task)] == [child["id"]]
    user.toggle(task)
    wait_until_settled(server)
    assert [one["id"] for one in user.children(task)] == [child["id"]], "it has its child already"


def test_a_storm_of_toggles_ends_with_what_the_last_one_says(server, user):
    task = user.create(due_date="2026-02-08", recurring_type="daily")
    headers = {"Authorization": f"Bearer {user.access_token}"}
    answers = all_at_once(server, 1000, lambda client: client.patch(f"/api/tasks/{task['id']}/toggle", headers=headers))
    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["version"] for answer in answers) == list(range(2, 1002)), "each saw the one before"
    wait_until_settled(server)
    now = user.get(task)
    assert now["status"] == "pending"
    assert user.children(task) == []
    user.toggle(task)
    user.child(task)
    wait_until_settled(server)
    assert len(everything_of(server, task)) == 1


def test_deliveries_that_race_with_reopening_agree_with_the_task_in_the_end(server, user):
    task = user.create(due_date="2026-02-08", recurring_type="daily")
    done = user.toggle(task)
    with ThreadPoolExecutor(2) as pool:
        flood = pool.submit(all_at_once, server, TIMES, lambda client: post_event(client, done))
        for _ in range(20):
            last = user.toggle(task)
        assert {answer.status_code for answer in flood.result()} == {200}
    wait_until_settled(server)
    post_event(user.client, done)
    assert last["status"] == "done"
    assert len(user.children(task)) == 1 and len(everything_of(server, task)) == 1


def test_an_old_event_of_a_reopened_task_makes_no_child(server, user):
    task = user.create(due_date="2026-02-08", recurring_type="daily")
    done = user.toggle(task)
    user.child(task)
    user.toggle(task)
    wait_until_settled(server)
    assert post_event(user.client, done).json()["outcome"] in ("retracted", "ignored")
    assert user.children(task) == []


def test_a_child_that_was_deleted_does_not_come_back(server, user):
    task = user.create(due_date="2026-02-08", recurring_type="daily")
    done = user.toggle(task)
    child = user.child(task)
    assert user.client.delete(f"/api/tasks/{child['id']}").status_code == 204
    assert post_event(user.client, done).json()["outcome"] == "exists"
    wait_until_settled(server)
    assert user.children(task) == []
