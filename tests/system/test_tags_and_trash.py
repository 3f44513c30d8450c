"""Tags, and the way to the trash and back."""

import pytest
from support import events_of, problem, wait_until_settled


class TestTags:
    def test_a_tag_is_made_shown_changed_and_deleted(self, user):
        made = user.client.post("/api/tags", json={"name": " Home "})
        assert made.status_code == 201
        tag = made.json()
        assert tag.keys() == {"id", "user_id", "name", "color", "created_at", "task_count"}
        assert (
            tag["name"] == "Home" and tag["color"] == "#3B82F6" and tag["task_count"] == 0 and tag["user_id"] == user.id
        )
        assert made.headers["location"] == f"/api/tags/{tag['id']}"
        task = user.create(tags=["home"])
        assert task["tags"] == [{name: tag[name] for name in ("id", "user_id", "name", "color", "created_at")}]
        path = f"/api/tags/{tag['id']}"
        assert user.client.get(path).json() == tag | {"task_count": 1}
        changed = user.client.put(path, json={"name": "House", "color": "#abcdef"}).json()
        assert (
            changed == tag | {"name": "House", "color": changed["color"], "task_count": 1}
            and changed["color"].lower() == "#abcdef"
        )
        assert user.get(task)["tags"][0]["name"] == "House"
        assert user.client.put(path, json=changed).json() == changed
        assert user.client.delete(path).status_code == 204
        problem(user.client.get(path), 404)
        problem(user.client.delete(path), 404)
        assert user.get(task)["tags"] == [] and user.client.get("/api/tags").json() == []

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({}, "/name"),
            ({"name": ""}, "/name"),
            ({"name": "  "}, "/name"),
            ({"name": "x" * 51}, "/name"),
            ({"name": 1}, "/name"),
            ({"name": "x", "color": "red"}, "/color"),
            ({"name": "x", "color": "#fff"}, "/color"),
            ({"name": "x", "color": "#12345g"}, "/color"),
            ({"name": "x", "colour": "#123456"}, "/colour"),
        ],
    )
    def test_a_field_that_does_not_fit_is_named(self, user, body, pointer):
        problem(user.client.post("/api/tags", json=body), 422, pointer)

    def test_a_name_is_there_once_without_regard_to_case(self, user):
        first = user.client.post("/api/tags", json={"name": "Home"}).json()
        second = user.client.post("/api/tags", json={"name": "Work"}).json()
        problem(user.client.post("/api/tags", json={"name": "hOME"}), 409)
        problem(user.client.put(f"/api/tags/{second['id']}", json={"name": "HOME"}), 409)
        assert user.client.put(f"/api/tags/{first['id']}", json={"name": "HOME"}).json()["name"] == "HOME"

    def test_tasks_take_names_objects_and_ids(self, user):
        tag = user.create(tags=["a", "A", " a "])["tags"]
        assert len(tag) == 1
        assert user.create(tags=[tag[0]])["tags"] == tag
        assert user.create(tags=[{"id": tag[0]["id"]}])["tags"] == tag
        assert user.create(tags=[{"name": "a"}])["tags"] == tag
        assert user.create(tag_ids=[tag[0]["id"]])["tags"] == tag
        problem(user.client.post("/api/tasks", json={"title": "x", "tags": ["a"], "tag_ids": [tag[0]["id"]]}), 422)
        task = user.create(tags=[f"t{number}" for number in range(20)])
        assert len(task["tags"]) == 20
        assert user.change(task, tags=[])["tags"] == []
        assert user.change(task, tag_ids=[tag[0]["id"]])["tags"] == tag
        assert user.list(tag_id=tag[0]["id"])[0]["id"] == task["id"]

    def test_counts_leave_the_trash_out(self, user):
        task = user.create(tags=["a"])
        user.client.delete(f"/api/tasks/{task['id']}")
        assert user.client.get("/api/tags").json()[0]["task_count"] == 0


class TestTrash:
    def family(self, user):
        top = user.create("top")
        middle = user.create("middle", parent_task_id=top["id"])
        return top, middle, user.create("bottom", parent_task_id=middle["id"])

    def trash(self, user):
        return {task["title"]: task for task in user.client.get("/api/trash").json()}

    def test_takes_a_task_with_every_descendant_and_gives_all_back(self, server, user):
        top, middle, bottom = self.family(user)
        assert user.client.delete(f"/api/tasks/{top['id']}").status_code == 204
        problem(user.client.delete(f"/api/tasks/{top['id']}"), 404)
        assert user.list() == []
        trashed = self.trash(user)
        assert trashed.keys() == {"top", "middle", "bottom"}
        assert all(task["deleted_at"] and task["version"] == 2 for task in trashed.values())
        restored = user.client.post(f"/api/tasks/{top['id']}/restore")
        assert restored.status_code == 200 and restored.json()["id"] == top["id"] and restored.json()["version"] == 3
        assert "deleted_at" not in restored.json()
        assert {task["id"] for task in user.list()} == {top["id"], middle["id"], bottom["id"]}
        assert user.get(bottom)["parent_task_id"] == middle["id"]
        assert self.trash(user) == {}
        for task in (top, middle, bottom):
            assert [kind for kind, _ in events_of(server, task)] == ["task.created", "task.deleted", "task.restored"]
        problem(user.client.post(f"/api/tasks/{top['id']}/restore"), 404)

    def test_takes_one_task_alone_when_asked(self, server, user):
        top, middle, bottom = self.family(user)
        assert user.client.delete(f"/api/tasks/{middle['id']}", params={"scope": "task"}).status_code == 204
        assert user.get(bottom)["parent_task_id"] is None and user.get(bottom)["version"] == 2
        assert self.trash(user).keys() == {"middle"}
        assert [kind for kind, _ in events_of(server, bottom)] == ["task.created", "task.updated"]
        assert user.client.post(f"/api/tasks/{middle['id']}/restore").json()["parent_task_id"] == top["id"]

    def test_is_not_taken_by_a_mistyped_scope(self, user):
        task = user.create()
        problem(user.client.delete(f"/api/tasks/{task['id']}", params={"scope": "tsak"}), 422, "?scope")
        problem(user.client.delete(f"/api/tasks/{task['id']}", params={"scop": "task"}), 422, "?scop")
        assert user.get(task)

    def test_gives_back_only_what_the_same_delete_took(self, user):
        top, _, bottom = self.family(user)
        user.client.delete(f"/api/tasks/{bottom['id']}")
        user.client.delete(f"/api/tasks/{top['id']}")
        user.client.post(f"/api/tasks/{top['id']}/restore")
        assert {task["title"] for task in user.list()} == {"top", "middle"}
        assert self.trash(user).keys() == {"bottom"}

    def test_does_not_answer_for_what_is_in_it(self, user):
        task = user.create(tags=["a"])
        user.client.delete(f"/api/tasks/{task['id']}")
        for method, suffix, body in (
            ("GET", "", None),
            ("PUT", "", {"title": "x"}),
            ("PATCH", "", {"title": "x"}),
            ("PATCH", "/toggle", None),
        ):
            problem(user.client.request(method, f"/api/tasks/{task['id']}{suffix}", json=body), 404)
        assert user.list(tag="a") == [] and user.list(q="Water") == []
        problem(
            user.client.post("/api/tasks", json={"title": "x", "parent_task_id": task["id"]}), 422, "/parent_task_id"
        )

    def test_holds_a_deleted_completed_task_back_from_repeating_until_it_is_restored(self, server, user):
        task = user.create(due_date="2026-02-08", recurring_type="daily")
        user.toggle(task)
        child = user.child(task)
        user.client.delete(f"/api/tasks/{child['id']}", params={"scope": "task"})
        user.client.delete(f"/api/tasks/{task['id']}", params={"scope": "task"})
        user.client.post(f"/api/tasks/{task['id']}/restore")
        wait_until_settled(server)
        assert user.children(task) == [], "its child is in the trash: it has one"
        user.client.post(f"/api/tasks/{child['id']}/restore")
        assert len(user.children(task)) <= 1
