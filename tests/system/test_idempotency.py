"""The same POST sent again with its Idempotency-Key."""

import secrets

import pytest
from support import problem


class TestIdempotency:
    def post(self, user, key, path="/api/tasks", **body):
        return user.client.post(path, json=body or {"title": "x"}, headers={"Idempotency-Key": key})

    def test_the_same_key_gives_the_first_answer_and_makes_nothing_new(self, user):
        first = self.post(user, "a")
        user.change(first.json(), title="changed since")
        again = self.post(user, "a")
        assert again.status_code == 201 and again.content == first.content
        for name in ("etag", "location", "content-type"):
            assert again.headers[name] == first.headers[name]
        assert len(user.list()) == 1

    def test_another_body_with_the_key_is_422_and_another_key_is_another_task(self, user):
        self.post(user, "a")
        problem(self.post(user, "a", title="y"), 422)
        assert self.post(user, "b").status_code == 201
        assert len(user.list()) == 2

    def test_a_refusal_is_remembered_as_well(self, user):
        first, again = (self.post(user, "a", title="") for _ in range(2))
        assert first.status_code == again.status_code == 422

    def test_a_key_belongs_to_its_user_and_stands_for_one_request(self, server, user):
        other = server.register()
        assert self.post(user, "a").status_code == self.post(other, "a").status_code == 201
        problem(self.post(user, "a", path="/api/tags", name="x"), 422)
        assert len(other.list()) == len(user.list()) == 1

    @pytest.mark.parametrize("key", ["", "x" * 256, "é".encode()])
    def test_a_key_that_is_none_is_refused(self, user, key):
        answer = user.client.post("/api/tasks", json={"title": "x"}, headers={"Idempotency-Key": key})
        problem(answer, 422 if answer.status_code == 422 else 400)
        assert user.list() == []

    def test_a_key_of_255_characters_is_taken(self, user):
        assert self.post(user, "x" * 255).status_code == 201

    def test_restoring_and_making_a_tag_take_keys_too(self, user):
        task = user.create()
        user.client.delete(f"/api/tasks/{task['id']}")
        path = f"/api/tasks/{task['id']}/restore"
        first, again = (user.client.post(path, headers={"Idempotency-Key": "r"}) for _ in range(2))
        assert first.status_code == again.status_code == 200 and first.content == again.content
        first, again = (self.post(user, "t", path="/api/tags", name="home") for _ in range(2))
        assert first.status_code == again.status_code == 201 and first.content == again.content

    def test_registering_and_logging_in_take_keys_too(self, server):
        body = {"email": f"{secrets.token_hex(8)}@example.com", "password": "correct horse battery"}
        with server.client(headers={"Idempotency-Key": secrets.token_hex(8)}) as client:
            first, again = (client.post("/api/auth/register", json=body) for _ in range(2))
            assert first.status_code == again.status_code == 201 and first.json() == again.json()
            first, again = (client.post("/api/auth/login", json=body) for _ in range(2))
            assert first.status_code == again.status_code == 200 and first.json() == again.json()

    def test_of_many_at_once_one_makes_the_task_and_all_get_its_answer(self, server, user):
        from concurrent.futures import ThreadPoolExecutor

        def post(_):
            with server.client(
                headers={"Authorization": f"Bearer {user.access_token}", "Idempotency-Key": "k"}
            ) as client:
                return client.post("/api/tasks", json={"title": "x"})

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(post, range(40)))
        assert {answer.status_code for answer in answers} == {201} and len(
            {answer.json()["id"] for answer in answers}
        ) == 1
        assert len(user.list()) == 1

    def test_a_key_outlives_a_kill(self, start):
        server = start()
        user = server.register()
        first = self.post(user, "a")
        server.kill()
        server.start()
        again = self.post(user.again(), "a")
        assert again.status_code == 201 and again.content == first.content
        assert len(user.list()) == 1
