"""What was done to a task, and the tasks of its series."""

import pytest
from support import UUID, identify, problem, wait_until_settled

NOBODY = "0198c0de-0000-7000-8000-000000000001"


def history(user, task, **query):
    answer = user.client.get(f"/api/tasks/{identify(task)}/history", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def series(user, task, **query):
    answer = user.client.get(f"/api/tasks/{identify(task)}/series", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def changes(entry):
    return {change["field"]: (change["from"], change["to"]) for change in entry["changes"]}


def next_page(answer):
    link = answer.headers["link"]
    assert link.endswith('>; rel="next"')
    return link[1 : link.index(">")]


class TestHistory:
    def test_tells_who_did_what_and_when(self, server, user):
        task = user.create(due_date="2026-02-08T09:00", timezone="Europe/Berlin", tags=["home"], recurring_type="daily")
        changed = user.change(task, title="Water them", description="x", tags=["home", "garden"])
        done = user.toggle(task, completed_at="2026-02-08T10:00:00Z")
        user.child(task)
        back = user.toggle(task)
        told = history(user, task)
        assert [entry["type"] for entry in told] == ["task.created", "task.updated", "task.completed", "task.reopened"]
        assert [entry["version"] for entry in told] == [1, 2, 3, 4]
        assert [entry["at"] for entry in told] == [version["updated_at"] for version in (task, changed, done, back)]
        assert {entry["by"] for entry in told} == {"you"}
        assert all(UUID.fullmatch(entry["event_id"]) for entry in told) and not any("note" in entry for entry in told)
        assert changes(told[0]) == {
            "title": (None, "Water the plants"),
            "tags": (None, ["home"]),
            "due_date": (None, "2026-02-08T09:00:00+01:00"),
            "timezone": (None, "Europe/Berlin"),
            "recurring_type": (None, "daily"),
        }
        assert changes(told[1]) == {
            "title": ("Water the plants", "Water them"),
            "description": (None, "x"),
            "tags": (["home"], ["home", "garden"]),
        }
        assert changes(told[2]) == {"status": ("pending", "done"), "completed_at": (None, "2026-02-08T10:00:00.000Z")}
        assert changes(told[3]) == {"status": ("done", "pending"), "completed_at": ("2026-02-08T10:00:00.000Z", None)}

    def test_follows_the_values_of_the_task_itself(self, server, user):
        task = user.create()
        for fields in (
            {"due_date": "2026-03-29T02:30", "timezone": "Europe/Berlin", "recurring_type": "weekly"},
            {"recurring_type": "custom", "recurrence_rule": "FREQ=DAILY", "recurring_end_date": "2027-01-01"},
            {"priority": "urgent", "recurring_end_date": "2027-01-01T00:00:00Z", "parent_task_id": user.create()["id"]},
            {"due_date": None, "recurring_type": "none", "recurring_end_date": None, "repeat_mode": "after_completion"},
        ):
            before = user.get(task)
            after = user.change(task, **fields)
            told = changes(history(user, task)[-1])
            names = {field for field in before if before[field] != after[field]} - {"version", "updated_at"}
            assert told == {field: (before[field], after[field]) for field in names}

    def test_says_that_rondo_made_the_child(self, server, user):
        task = user.create(due_date="2026-02-08", recurring_type="daily")
        user.toggle(task)
        child = user.child(task)
        (made,) = history(user, child)
        assert made["by"] == "rondo" and made["type"] == "task.created"
        assert changes(made)["occurrence"] == (None, 2) and changes(made)["parent_task_id"] == (None, task["id"])
        user.change(child, title="mine now")
        assert [entry["by"] for entry in history(user, child)] == ["rondo", "you"]

    @pytest.mark.parametrize(
        ("fields", "why"),
        [
            ({"recurring_end_date": "2026-02-08"}, "after the end of the series"),
            (
                {"recurring_type": "custom", "recurrence_rule": "FREQ=DAILY;COUNT=1"},
                "the rule gives no more occurrences",
            ),
        ],
    )
    def test_says_why_a_series_stopped_with_the_last_completion(self, server, user, fields, why):
        task = user.create(**({"due_date": "2026-02-08", "recurring_type": "daily"} | fields))
        user.toggle(task, completed_at="2026-02-08T10:00:00Z")
        user.toggle(task)
        user.toggle(task, completed_at="2026-02-08T11:00:00Z")
        wait_until_settled(server)
        told = history(user, task)
        assert [entry["type"] for entry in told] == [
            "task.created",
            "task.completed",
            "task.reopened",
            "task.completed",
        ]
        assert why in told[3]["note"] and told[3]["note"].startswith("The series stopped here: ")
        assert [("note" in entry) for entry in told] == [False, False, False, True]
        user.toggle(task)
        assert not any("note" in entry for entry in history(user, task)), "it goes on"

    def test_notes_an_occurrence_that_was_moved_alone_and_one_that_was_skipped(self, server, user):
        task = user.create(due_date="2026-02-09", recurring_type="weekly", repeat_mode="every_occurrence")
        user.change(task, due_date="2026-02-10", edit_scope="this")
        skipped = user.client.post(f"/api/tasks/{task['id']}/skip").json()
        told = history(user, task)
        assert "This occurrence alone was moved" in told[1]["note"]
        assert told[2]["type"] == "task.skipped" and told[2]["by"] == "you"
        assert changes(told[2]) == {"due_date": ("2026-02-10", skipped["due_date"]), "occurrence": (1, 2)}

    def test_is_there_while_the_task_is_in_the_trash(self, server, user):
        task = user.create()
        user.client.delete(f"/api/tasks/{task['id']}")
        assert [entry["type"] for entry in history(user, task)] == ["task.created", "task.deleted"]
        user.client.post(f"/api/tasks/{task['id']}/restore")
        assert [entry["type"] for entry in history(user, task)][-1] == "task.restored"

    def test_of_a_child_that_was_taken_back_is_gone(self, server, user):
        task = user.create(due_date="2026-02-08", recurring_type="daily")
        user.toggle(task)
        child = user.child(task)
        user.toggle(task)
        wait_until_settled(server)
        problem(user.client.get(f"/api/tasks/{child['id']}/history"), 404)

    def test_comes_in_pages(self, server, user):
        task = user.create()
        for number in range(6):
            user.change(task, title=str(number))
        whole = history(user, task)
        pages, path = [], f"/api/tasks/{task['id']}/history?limit=3"
        while path:
            answer = user.client.get(path)
            pages.append(answer.json())
            path = next_page(answer) if "link" in answer.headers else None
        assert [len(page) for page in pages] == [3, 3, 1]
        assert sum(pages, []) == whole, "each entry tells from what its field changed, also at the head of a page"

    def test_names_the_parameters_that_do_not_fit(self, server, user):
        task, other = user.create(), user.create()
        path = f"/api/tasks/{task['id']}/history"
        theirs = history(user, other)[0]["event_id"]
        for query, pointer in (
            ("limit=0", "?limit"),
            ("limit=1001", "?limit"),
            ("limit=x", "?limit"),
            ("limit=1&limit=2", "?limit"),
            ("after=1", "?after"),
            (f"after={NOBODY}", "?after"),
            (f"after={theirs}", "?after"),
            ("aftre=1", "?aftre"),
        ):
            problem(user.client.get(f"{path}?{query}"), 422, pointer)
        both = problem(user.client.get(f"{path}?limit=0&after=x&more=1"), 422)
        assert {fault["pointer"] for fault in both["errors"]} == {"?limit", "?after", "?more"}

    def test_of_nothing_is_404(self, server, user):
        other = server.register()
        task = user.create()
        for who, thing in ((user, NOBODY), (user, "x"), (other, task["id"])):
            for what in ("history", "series", "why"):
                problem(who.client.get(f"/api/tasks/{thing}/{what}"), 404)


class TestSeries:
    def test_is_the_chain_whichever_member_is_asked_for(self, server, user):
        task = user.create(due_date="2026-02-08", recurring_type="daily")
        user.toggle(task, completed_at="2026-02-08T10:00:00Z")
        second = user.child(task)
        user.toggle(second, completed_at="2026-02-09T10:00:00Z")
        third = user.child(second)
        user.create("not of the series", parent_task_id=task["id"])
        chain = [user.get(one) for one in (task, second, third)]
        assert [one["occurrence"] for one in chain] == [1, 2, 3]
        for member in chain:
            assert series(user, member) == chain
        assert series(user, user.create("alone"))[0]["title"] == "alone"

    def test_leaves_out_what_is_in_the_trash(self, server, user):
        task = user.create(due_date="2026-02-08", recurring_type="daily")
        user.toggle(task)
        child = user.child(task)
        user.client.delete(f"/api/tasks/{task['id']}", params={"scope": "task"})
        assert [one["id"] for one in series(user, child)] == [child["id"]]
        problem(user.client.get(f"/api/tasks/{task['id']}/series"), 404)

    def test_comes_in_pages(self, server, user):
        task = user.create(due_date="2026-02-01", recurring_type="daily")
        last = task
        for day in range(1, 5):
            user.toggle(last, completed_at=f"2026-02-0{day}T10:00:00Z")
            last = user.child(last)
        whole = series(user, last)
        assert len(whole) == 5
        pages, path = [], f"/api/tasks/{last['id']}/series?limit=2"
        while path:
            answer = user.client.get(path)
            pages.append(answer.json())
            path = next_page(answer) if "link" in answer.headers else None
        assert [len(page) for page in pages] == [2, 2, 1] and sum(pages, []) == whole

    def test_names_the_parameters_that_do_not_fit(self, server, user):
        path = f"/api/tasks/{user.create()['id']}/series"
        for query, pointer in (
            ("limit=0", "?limit"),
            ("cursor=x", "?cursor"),
            ("cursor=", "?cursor"),
            ("sort=title", "?sort"),
        ):
            problem(user.client.get(f"{path}?{query}"), 422, pointer)
