"""Tasks: every field and its bounds, what a change changes, and its conditions."""

import secrets
from concurrent.futures import ThreadPoolExecutor

import pytest
from support import UUID, events_of, problem, wait_until_settled

NOBODY = "0198c0de-0000-7000-8000-000000000001"


class TestFields:
    def test_a_title_is_enough(self, user):
        task = user.create("x")
        defaults = {
            "description": None,
            "status": "pending",
            "priority": "medium",
            "tags": [],
            "due_date": None,
            "timezone": "UTC",
            "recurring_type": "none",
            "recurring_interval": 1,
            "recurrence_rule": None,
            "repeat_mode": "after_completion",
            "recurring_end_date": None,
            "parent_task_id": None,
            "completed_at": None,
            "occurrence": 1,
            "version": 1,
        }
        assert {name: task[name] for name in defaults} == defaults
        assert task.keys() == defaults.keys() | {"id", "user_id", "title", "series_id", "created_at", "updated_at"}
        assert UUID.fullmatch(task["id"]) and task["user_id"] == user.id
        assert (
            task["created_at"] == task["updated_at"]
            and task["created_at"].endswith("Z")
            and len(task["created_at"]) == 24
        )

    @pytest.mark.parametrize(
        ("fields", "kept"),
        [
            ({"title": "x" * 200}, {"title": "x" * 200}),
            ({"title": "é" * 200}, {"title": "é" * 200}),
            ({"title": "  x \n"}, {"title": "x"}),
            ({"title": " " * 300 + "x" * 200}, {"title": "x" * 200}),
            ({"title": "😀" * 200}, {"title": "😀" * 200}),
            ({"description": ""}, {"description": ""}),
            ({"description": "é" * 10_000}, {"description": "é" * 10_000}),
            ({"description": None}, {"description": None}),
            ({"description": "  kept \n"}, {"description": "  kept \n"}),
            ({"status": "in_progress"}, {"status": "in_progress"}),
            ({"status": "cancelled"}, {"status": "cancelled"}),
            *[({"priority": priority}, {"priority": priority}) for priority in ("low", "medium", "high", "urgent")],
            ({"due_date": "2026-02-08"}, {"due_date": "2026-02-08"}),
            ({"due_date": "2024-02-29"}, {"due_date": "2024-02-29"}),
            ({"due_date": "0001-01-01"}, {"due_date": "0001-01-01"}),
            ({"due_date": "9999-12-31"}, {"due_date": "9999-12-31"}),
            ({"due_date": "2026-02-08T09:00"}, {"due_date": "2026-02-08T09:00:00+00:00"}),
            ({"due_date": "2026-02-08T09:00:01"}, {"due_date": "2026-02-08T09:00:01+00:00"}),
            ({"due_date": "2026-02-08T23:59:59.999"}, {"due_date": "2026-02-08T23:59:59+00:00"}),
            (
                {"due_date": "2026-02-08T09:00:00Z", "timezone": "Europe/Berlin"},
                {"due_date": "2026-02-08T10:00:00+01:00"},
            ),
            (
                {"due_date": "2026-02-08T09:00:00-05:00", "timezone": "Asia/Kolkata"},
                {"due_date": "2026-02-08T19:30:00+05:30"},
            ),
            (
                {"due_date": "2026-07-08T09:00", "timezone": "America/New_York"},
                {"due_date": "2026-07-08T09:00:00-04:00"},
            ),
            ({"due_date": "2026-03-29T02:30", "timezone": "Europe/Berlin"}, {"due_date": "2026-03-29T03:30:00+02:00"}),
            ({"due_date": "2026-10-25T02:30", "timezone": "Europe/Berlin"}, {"due_date": "2026-10-25T02:30:00+02:00"}),
            ({"due_date": None}, {"due_date": None}),
            ({"timezone": "US/Eastern"}, {"timezone": "US/Eastern"}),
            (
                {"recurring_type": "yearly", "recurring_interval": 999},
                {"recurring_type": "yearly", "recurring_interval": 999},
            ),
            ({"recurring_interval": 1}, {"recurring_interval": 1}),
            ({"recurring_interval": 2.0}, {"recurring_interval": 2}),
            ({"repeat_mode": None}, {"repeat_mode": "after_completion"}),
            ({"recurrence_rule": None}, {"recurrence_rule": None}),
            (
                {"due_date": "2026-02-08", "recurring_type": "daily", "repeat_mode": "on_schedule"},
                {"repeat_mode": "on_schedule"},
            ),
            ({"recurring_end_date": "2026-03-01"}, {"recurring_end_date": "2026-03-01"}),
            ({"recurring_end_date": "2026-03-01T12:00:00+02:00"}, {"recurring_end_date": "2026-03-01T10:00:00.000Z"}),
            (
                {"status": "done", "completed_at": "2020-01-01T00:00:00.123Z"},
                {"completed_at": "2020-01-01T00:00:00.123Z"},
            ),
            ({"completed_at": None}, {"completed_at": None}),
        ],
    )
    def test_values_up_to_their_bounds_are_kept(self, user, fields, kept):
        task = user.create(**{"title": "x"} | fields)
        assert {name: task[name] for name in kept} == kept
        assert user.get(task) == task

    def test_every_fault_is_named_at_once(self, user):
        body = {
            "title": "",
            "status": "x",
            "priority": 1,
            "due_date": "x",
            "timezone": "x",
            "recurring_interval": 0,
            "tags": "x",
            "foo": 1,
        }
        told = problem(user.client.post("/api/tasks", json=body), 422)
        assert {fault["pointer"] for fault in told["errors"]} == {f"/{name}" for name in body}

    @pytest.mark.parametrize(
        ("wrong", "meant"),
        [
            ("dueDate", "due_date"),
            ("titel", "title"),
            ("recuring_type", "recurring_type"),
            ("prioritiy", "priority"),
            ("Tags", "tags"),
            ("time_zone", "timezone"),
        ],
    )
    def test_an_unknown_field_is_refused_with_the_name_that_was_meant(self, user, wrong, meant):
        told = problem(user.client.post("/api/tasks", json={"title": "x", wrong: "x"}), 422, f"/{wrong}")
        assert any(meant in fault["message"] for fault in told["errors"] if fault["pointer"] == f"/{wrong}")

    def test_null_clears_what_can_be_empty(self, user):
        task = user.create(
            description="x",
            due_date="2026-02-08",
            recurring_type="daily",
            recurring_end_date="2026-03-01",
            parent_task_id=user.create()["id"],
        )
        for name in ("description", "due_date", "recurring_end_date", "parent_task_id"):
            assert user.change(task, **{name: None})[name] is None

    def test_a_wall_clock_time_is_read_in_the_zone_that_comes_with_it(self, user):
        task = user.create(due_date="2026-02-08T09:00", timezone="Europe/Berlin")
        changed = user.change(task, due_date="2026-02-08T09:00", timezone="Asia/Tokyo")
        assert changed["due_date"] == "2026-02-08T09:00:00+09:00"


class TestChanges:
    @pytest.mark.parametrize(
        "fields",
        [
            {},
            {"tags": ["home", "garden"]},
            {"due_date": "2026-02-08"},
            {"due_date": "2026-02-08T09:00", "timezone": "Europe/Berlin"},
            {"due_date": "2026-03-29T02:30", "timezone": "Europe/Berlin", "recurring_type": "daily"},
            {"due_date": "2026-10-25T02:30", "timezone": "Europe/Berlin", "recurring_type": "daily"},
            {"due_date": "1900-01-01T12:00", "timezone": "Europe/Amsterdam"},
            {
                "recurring_type": "monthly",
                "recurring_end_date": "2026-12-31T00:00:00.5Z",
                "due_date": "2026-01-31",
                "repeat_mode": "on_schedule",
            },
            {"status": "done", "completed_at": "2026-02-08T09:00:00Z"},
            {"status": "cancelled"},
            {"description": ""},
        ],
    )
    @pytest.mark.parametrize("method", ["PUT", "PATCH"])
    def test_a_task_sent_back_as_it_was_fetched_changes_nothing(self, server, user, method, fields):
        task = user.create(**fields)
        before = events_of(server, task)
        answer = user.client.request(method, f"/api/tasks/{task['id']}", json=task)
        assert answer.status_code == 200, answer.text
        assert answer.json() == task
        assert user.get(task) == task
        assert events_of(server, task) == before

    @pytest.mark.parametrize("method", ["PUT", "PATCH"])
    def test_only_what_is_given_changes_and_the_version_rises_by_one(self, server, user, method):
        task = user.create(description="kept", priority="high", tags=["kept"])
        answer = user.client.request(method, f"/api/tasks/{task['id']}", json={"title": "new"})
        changed = answer.json()
        assert changed == task | {"title": "new", "version": 2, "updated_at": changed["updated_at"]}
        assert changed["updated_at"] >= task["updated_at"]
        assert [kind for kind, _ in events_of(server, task)] == ["task.created", "task.updated"]
        user.client.request(method, f"/api/tasks/{task['id']}", json={})
        assert user.get(task) == changed

    def test_done_sets_and_leaving_it_clears_the_time_of_completion(self, user):
        task = user.create()
        done = user.change(task, status="done")
        assert done["completed_at"] >= task["created_at"]
        assert user.change(task, status="done", title="y")["completed_at"] == done["completed_at"]
        assert user.change(task, status="cancelled")["completed_at"] is None

    def test_a_parent_may_make_no_circle(self, user):
        top = user.create("top")
        middle = user.create("middle", parent_task_id=top["id"])
        bottom = user.create("bottom", parent_task_id=middle["id"])
        for above, below in ((top, top), (top, middle), (top, bottom), (middle, bottom)):
            problem(
                user.client.patch(f"/api/tasks/{above['id']}", json={"parent_task_id": below["id"]}),
                422,
                "/parent_task_id",
            )
        assert user.change(bottom, parent_task_id=top["id"])["parent_task_id"] == top["id"]

    def test_moving_one_occurrence_leaves_the_series_where_it_was(self, user):
        fields = {"due_date": "2026-02-09", "recurring_type": "weekly", "repeat_mode": "every_occurrence"}
        moved = user.create(**fields)
        user.change(moved, due_date="2026-02-11", edit_scope="this")
        user.toggle(moved)
        assert user.child(moved)["due_date"] == "2026-02-16"
        restarted = user.create(**fields)
        user.change(restarted, due_date="2026-02-11")
        user.toggle(restarted)
        assert user.child(restarted)["due_date"] == "2026-02-18"

    @pytest.mark.parametrize("missing", [NOBODY, "1", "x" * 36, "0198c0de00007000800000000000000a", "%20", "{id}"])
    def test_what_does_not_exist_is_404(self, user, missing):
        for method, suffix in (
            ("GET", ""),
            ("PUT", ""),
            ("PATCH", ""),
            ("DELETE", ""),
            ("PATCH", "/toggle"),
            ("POST", "/restore"),
        ):
            body = {"title": "x"} if method in ("PUT", "PATCH") and not suffix else None
            problem(user.client.request(method, f"/api/tasks/{missing}{suffix}", json=body), 404)

    def test_toggle_takes_a_time_only_with_completing(self, user):
        task = user.create()
        problem(
            user.client.patch(f"/api/tasks/{task['id']}/toggle", json={"completed_at": "2199-01-01T00:00:00Z"}),
            422,
            "/completed_at",
        )
        problem(user.client.patch(f"/api/tasks/{task['id']}/toggle", json={"completed": True}), 422, "/completed")
        assert user.toggle(task, completed_at="2026-02-08T09:00:00+01:00")["completed_at"] == "2026-02-08T08:00:00.000Z"
        assert user.toggle(task)["status"] == "pending"
        assert user.client.patch(f"/api/tasks/{task['id']}/toggle", json={}).json()["status"] == "done"


class TestConditions:
    def test_if_match_stops_a_change_of_what_has_changed(self, user):
        task = user.create()
        path = f"/api/tasks/{task['id']}"
        etag = user.client.get(path).headers["etag"]
        first = user.client.put(path, json={"title": "a"}, headers={"If-Match": etag})
        assert first.status_code == 200 and first.headers["etag"] != etag
        for method, target, body in (
            ("PUT", path, {"title": "b"}),
            ("PATCH", path, {"title": "b"}),
            ("PATCH", path + "/toggle", None),
            ("DELETE", path, None),
        ):
            problem(user.client.request(method, target, json=body, headers={"If-Match": etag}), 412)
        assert user.get(task)["title"] == "a"
        now = first.headers["etag"]
        for form in ("*", '"x", {}', '"x",{}', "{}"):
            condition = {"If-Match": form.replace("{}", now)}
            answer = user.client.patch(path, json={"title": secrets.token_hex(4)}, headers=condition)
            assert answer.status_code == 200, (condition, answer.text)
            now = answer.headers["etag"]
        told = problem(user.client.patch(path, json={"title": "c"}, headers={"If-Match": f"W/{now}"}), 412)
        assert f"weak tag W/{now}" in told["detail"] and f"send {now}." in told["detail"]
        for malformed in ("3", '"3', "W/3", "", f"{now} {now}", f"*, {now}"):
            told = problem(user.client.patch(path, json={"title": "c"}, headers={"If-Match": malformed}), 400)
            assert "If-Match" in told["detail"], malformed
        assert user.client.delete(path, headers={"If-Match": now}).status_code == 204

    def test_if_none_match_saves_the_answer(self, user):
        path = f"/api/tasks/{user.create(tags=['a'])['id']}"
        etag = user.client.get(path).headers["etag"]
        for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
            answer = user.client.get(path, headers={"If-None-Match": known})
            assert answer.status_code == 304 and answer.content == b"" and answer.headers["etag"] == etag, known
        for unknown in ('"x"', "", "W/", "etag"):
            assert user.client.get(path, headers={"If-None-Match": unknown}).status_code == 200
        assert user.client.head(path, headers={"If-None-Match": etag}).status_code == 304

    def test_the_etag_changes_when_a_tag_is_renamed(self, user):
        path = f"/api/tasks/{user.create(tags=['a'])['id']}"
        before = user.client.get(path).headers["etag"]
        tag = user.client.get("/api/tags").json()[0]
        user.client.put(f"/api/tags/{tag['id']}", json={"name": "b"})
        after = user.client.get(path, headers={"If-None-Match": before})
        assert after.status_code == 200 and after.json()["tags"][0]["name"] == "b"


class TestToggleSentAgain:
    """With `completed_at`, a toggle that is sent again is one completion."""

    DONE = {"completed_at": "2026-02-08T17:30:00Z"}

    def toggle(self, user, task, body=DONE, **headers):
        return user.client.patch(f"/api/tasks/{task['id']}/toggle", json=body, headers=headers)

    @pytest.fixture
    def done(self, server, user):
        task = user.create(due_date="2026-02-08", recurring_type="daily")
        assert self.toggle(user, task).status_code == 200
        user.child(task)
        wait_until_settled(server)
        return user.get(task)

    @pytest.mark.parametrize(
        "completed_at",
        [
            "2026-02-08T17:30:00Z",
            "2026-02-08T18:30:00.000+01:00",
            "2026-02-08T12:00:00-05:30",
            "2026-02-08T17:31:00Z",
            "2020-01-01T00:00:00Z",
        ],
    )
    def test_is_one_completion(self, server, user, done, completed_at):
        events = user.events()
        for _ in range(3):
            again = self.toggle(user, done, {"completed_at": completed_at})
            assert again.status_code == 200 and again.json() == done, again.text
        wait_until_settled(server)
        assert user.events() == events
        assert user.get(done) == done and len(user.children(done)) == 1

    def test_asks_for_no_version_when_it_is_the_same_completion(self, user):
        task = user.create()
        etag = user.client.get(f"/api/tasks/{task['id']}").headers["etag"]
        first = self.toggle(user, task, **{"If-Match": etag})
        again = self.toggle(user, task, **{"If-Match": etag})
        assert first.status_code == again.status_code == 200 and again.content == first.content
        assert again.headers["etag"] == first.headers["etag"]
        problem(self.toggle(user, task, {"completed_at": "2026-02-08T17:31:00Z"}, **{"If-Match": etag}), 412)
        problem(self.toggle(user, task, {}, **{"If-Match": etag}), 412)

    def test_is_refused_where_the_time_does_not_fit(self, user, done):
        problem(self.toggle(user, done, {"completed_at": "2199-01-01T00:00:00Z"}), 422, "/completed_at")
        assert user.get(done) == done

    def test_reopens_without_it_and_can_be_completed_anew(self, user, done):
        assert self.toggle(user, done, {}).json()["status"] == "pending"
        assert self.toggle(user, done).json()["status"] == "done"
        assert self.toggle(user, done, {"completed_at": None}).json()["status"] == "pending"

    def test_completes_a_cancelled_task_once(self, user):
        task = user.create(status="cancelled")
        first, again = self.toggle(user, task).json(), self.toggle(user, task).json()
        assert first == again and first["status"] == "done" and first["version"] == 2

    def test_of_many_at_once_one_completes(self, server, user):
        task = user.create(due_date="2026-02-08", recurring_type="daily")
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.toggle(user, task), range(24)))
        assert {answer.status_code for answer in answers} == {200}
        assert {(answer.json()["status"], answer.json()["version"]) for answer in answers} == {("done", 2)}
        user.child(task)
        wait_until_settled(server)
        assert [event["type"] for event in user.events()].count("task.completed") == 1
        assert len(user.children(task)) == 1
