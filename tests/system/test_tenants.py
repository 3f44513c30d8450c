"""What is one user's is no other's."""

import httpx
import pytest
from support import identify, problem


class TestTenants:
    """Every call of the description × {no token, a bad one, another user's}."""

    def calls(self, server):
        document = httpx.get(server.url + "/openapi.json", trust_env=False).json()
        for path, item in document["paths"].items():
            for method, operation in item.items():
                if method != "parameters" and operation.get("security", document["security"]) == document["security"]:
                    yield method, path, operation

    def test_every_call_needs_a_token_in_force(self, server, user):
        task, tag = user.create(tags=["home"]), user.client.get("/api/tags").json()[0]
        calls = list(self.calls(server))
        assert len(calls) >= 17
        for method, path, _ in calls:
            target = path.replace("{task_id}", task["id"]).replace("{tag_id}", tag["id"])
            for authorization in (None, "Bearer x", f"Bearer {user.access_token[:-2]}AA", "Basic YTpi"):
                headers = {"Authorization": authorization} if authorization else {}
                with server.client(headers=headers) as client:
                    problem(client.request(method, target, json={} if method != "get" else None), 401)

    def test_what_is_another_users_is_answered_like_what_does_not_exist(self, server, user):
        other = server.register()
        task, trashed = user.create(tags=["home"]), user.create("Trashed")
        user.client.delete(f"/api/tasks/{trashed['id']}")
        tag = user.client.get("/api/tags").json()[0]
        before = user.get(task)
        nothing = "0198c0de-0000-7000-8000-000000000001"
        bodies = {"put": {"title": "Mine", "name": "mine"}, "patch": {"title": "Mine"}}
        tried = 0
        for method, path, _ in self.calls(server):
            if "{" not in path:
                continue
            body = {} if "toggle" in path else bodies.get(method)
            if body and "tag_id" in path:
                body = {"name": "mine"}
            elif body:
                body = {"title": "Mine"}
            answers = []
            for thing in (trashed if "restore" in path else task, nothing):
                tag_thing = tag if thing is not nothing else nothing
                target = path.replace("{task_id}", identify(thing)).replace("{tag_id}", identify(tag_thing))
                answers.append(other.client.request(method, target, json=body))
            told, missing = (problem(answer, 404) for answer in answers)
            assert {name: told[name] for name in told if name != "error_id"} == {
                name: missing[name] for name in missing if name != "error_id"
            }
            assert len(answers[0].content) == len(answers[1].content)
            tried += 1
        assert tried >= 8
        assert user.get(task) == before and user.client.get("/api/tags").json()[0]["name"] == "home"

    def test_lists_hold_nothing_of_others(self, server, user):
        other = server.register()
        task = user.create("canary", tags=["canary"], due_date="2026-02-08", recurring_type="daily")
        user.toggle(task)
        user.child(task)
        tag = user.client.get("/api/tags").json()[0]
        thrown = user.create("canary")
        user.client.delete(f"/api/tasks/{thrown['id']}")
        for query in (
            {},
            {"q": "canary"},
            {"tag": "canary"},
            {"tag_id": tag["id"]},
            {"series_id": task["id"]},
            {"parent_task_id": task["id"]},
            {"status": "done"},
            {"recurring": "true"},
            {"sort": "due_date"},
        ):
            assert other.list(**query) == [], query
        assert other.client.get("/api/tags").json() == [] and other.client.get("/api/trash").json() == []

    @pytest.mark.parametrize("fields", ["parent_task_id", "tag_ids", "tags"])
    def test_nothing_of_another_user_can_be_put_into_a_task(self, server, user, fields):
        other = server.register()
        task = other.create(tags=["theirs"])
        body = {
            "parent_task_id": {"parent_task_id": task["id"]},
            "tag_ids": {"tag_ids": [task["tags"][0]["id"]]},
            "tags": {"tags": [task["tags"][0]]},
        }[fields]
        mine = user.create()
        answers = [
            user.client.post("/api/tasks", json={"title": "x"} | body),
            user.client.patch(f"/api/tasks/{mine['id']}", json=body),
        ]
        for answer in answers:
            if fields == "tags" and answer.status_code in (200, 201):  # taken by its name, as a tag of one's own
                assert (
                    answer.json()["tags"][0]["id"] != task["tags"][0]["id"]
                    and answer.json()["tags"][0]["user_id"] == user.id
                )
            else:
                problem(answer, 422)

    def test_user_id_in_a_body_changes_no_owner(self, server, user):
        other = server.register()
        task = user.create(user_id=other.id)
        changed = user.change(task, user_id=other.id, title="y")
        assert task["user_id"] == changed["user_id"] == user.id and other.list() == []
