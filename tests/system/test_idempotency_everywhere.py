"""Every call of the description that changes something holds to its Idempotency-Key."""

import pytest
import yaml
from support import ROOT, problem

# Made from no state of the user's, told by the broker, or not repeatable because it makes a session from a secret: what
# registering, logging in and renewing do with a key stands in test_idempotency.py and the unit tests.
CHANGE_NOTHING_OF_A_USERS = {
    "previewRecurrence",
    "consumeEvent",
    "keepDeadLetter",
    "register",
    "logIn",
    "refreshSession",
}


def changing_calls():
    document = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text("utf-8"))
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method in ("post", "put", "patch", "delete"):
                yield operation["operationId"], method.upper(), path, operation


CALLS = {name: (method, path) for name, method, path, _ in changing_calls() if name not in CHANGE_NOTHING_OF_A_USERS}
# What each is sent, and, for the refusal, what it is sent the second time with the same key.
BODIES = {
    "createTask": ({"title": "x"}, {"title": "y"}),
    "quickAdd": ({"text": "x tomorrow"}, {"text": "y tomorrow"}),
    "putTask": ({"title": "x"}, {"title": "y"}),
    "changeTask": ({"status": "done"}, {"status": "pending"}),
    "toggleTask": ({}, {"completed_at": "2026-02-08T08:30:00Z"}),
    "createTag": ({"name": "x"}, {"name": "y"}),
    "changeTag": ({"name": "x"}, {"name": "y"}),
    "changeMe": ({"name": "x"}, {"name": "y"}),
}


class House:
    """A user with something for every call to change."""

    def __init__(self, server):
        self.server = server
        self.user = server.register()
        self.task = self.user.create(due_date="2026-02-08", recurring_type="daily")
        self.tag = self.user.client.post("/api/tags", json={"name": "home"}).json()
        self.other = self.user.client.post(
            "/api/auth/login", json={"email": self.user.email, "password": self.user.password}
        ).json()
        self.ids = {
            "{task_id}": self.task["id"],
            "{tag_id}": self.tag["id"],
            "{session_id}": self.session_that_is_not_this_one(),
        }

    def session_that_is_not_this_one(self):
        return next(one["id"] for one in self.user.client.get("/api/auth/sessions").json() if not one["current"])

    def prepare(self, name):
        if name == "restoreTask":
            assert self.user.client.delete(f"/api/tasks/{self.task['id']}").status_code == 204

    def send(self, name, key, body=None, **headers):
        method, path = CALLS[name]
        for placeholder, value in self.ids.items():
            path = path.replace(placeholder, value)
        given = {"json": body} if body is not None else {}
        return self.user.client.request(method, path, headers={"Idempotency-Key": key} | headers, **given)

    def state(self):
        """What a repetition must not touch."""
        with self.server.client(headers={"Authorization": f"Bearer {self.other['access_token']}"}) as client:
            events = [event["id"] for event in client.get("/api/events").json()]
            return events, client.get("/api/tasks").text, client.get("/api/tags").text, client.get("/api/trash").text


@pytest.fixture
def house(server):
    return House(server)


def test_the_description_names_the_header_on_each(server):
    keyed = {
        name
        for name, _, _, operation in changing_calls()
        if {"$ref": "#/components/parameters/IdempotencyKey"} in operation.get("parameters", [])
    }
    assert set(CALLS) <= keyed
    assert len(CALLS) >= 14


@pytest.mark.parametrize("name", CALLS)
def test_the_same_call_again_gives_the_first_answer_and_does_nothing(house, name):
    house.prepare(name)
    body, other = BODIES.get(name, (None, None))
    first = house.send(name, "k", body)
    assert first.status_code in (200, 201, 204), first.text
    if name in ("toggleTask", "changeTask"):
        house.user.child(house.task)  # comes a moment later, and changes the lists
    after = house.state() if name != "endSession" else None
    for _ in range(2):
        again = house.send(name, "k", body)
        assert (again.status_code, again.content) == (first.status_code, first.content)
        for header in ("etag", "location", "content-type"):
            assert again.headers.get(header) == first.headers.get(header)
    if after:
        assert house.state() == after
    if other is not None:
        problem(house.send(name, "k", other), 422)


@pytest.mark.parametrize("name", CALLS)
def test_a_key_stands_for_one_call_of_one_user(server, house, name):
    if name == "logOut":
        pytest.skip("the session that asks is over after the first call")
    house.prepare(name)
    assert house.send(name, "k", BODIES.get(name, (None,))[0]).status_code in (200, 201, 204)
    problem(house.user.client.post("/api/tasks", json={"title": "z"}, headers={"Idempotency-Key": "k"}), 422)
    problem(house.user.client.delete("/api/tags/" + house.tag["id"] + "?x=1", headers={"Idempotency-Key": "k"}), 422)
    stranger = House(server)
    stranger.prepare(name)
    answer = stranger.send(name, "k", BODIES.get(name, (None,))[0])
    assert answer.status_code in (200, 201, 204)


@pytest.mark.parametrize("name", [name for name in CALLS if name != "logOut"])
def test_a_bad_key_is_refused_before_anything_is_done(house, name):
    house.prepare(name)
    before = house.state()
    problem(house.send(name, "x" * 256, BODIES.get(name, (None,))[0]), 422)
    assert house.state() == before


def test_a_key_comes_before_if_match(house):
    """The first answer is given again though the version that it was for has passed."""
    etag = house.user.client.get(f"/api/tasks/{house.task['id']}").headers["etag"]
    first = house.send("changeTask", "k", {"title": "once"}, **{"If-Match": etag})
    again = house.send("changeTask", "k", {"title": "once"}, **{"If-Match": etag})
    assert first.status_code == again.status_code == 200 and first.content == again.content
    problem(house.send("changeTask", "l", {"title": "twice"}, **{"If-Match": etag}), 412)


def test_a_refusal_is_the_first_answer_too(house):
    refused = house.send("changeTask", "k", {"title": "x"}, **{"If-Match": '"old"'})
    problem(refused, 412)
    again = house.send("changeTask", "k", {"title": "x"})
    assert again.status_code == 412 and again.content == refused.content
    assert house.user.get(house.task)["title"] == house.task["title"]


def test_a_password_that_was_changed_is_told_again_to_the_session_that_it_ended(house):
    body = {"password": "another horse battery", "current_password": house.user.password}
    first = house.send("changeMe", "k", body)
    assert first.status_code == 200 and "access_token" in first.json()
    again = house.send("changeMe", "k", body)
    assert again.status_code == 200 and again.content == first.content
    # Nothing else is told to it.
    problem(house.send("changeMe", "k", {"name": "x"}), 401)
    problem(house.send("changeMe", "l", body), 401)
    problem(house.send("createTask", "m", {"title": "x"}), 401)


def test_a_session_that_ends_itself_is_told_so_again(house):
    house.ids["{session_id}"] = next(
        one["id"] for one in house.user.client.get("/api/auth/sessions").json() if one["current"]
    )
    assert house.send("endSession", "k").status_code == 204
    assert house.send("endSession", "k").status_code == 204
    problem(house.send("endSession", "l"), 401)


@pytest.mark.parametrize("name", ["toggleTask", "skipTask", "putTask", "deleteTask", "createTag"])
def test_of_many_at_once_one_does_the_work(house, name):
    from concurrent.futures import ThreadPoolExecutor

    before = len(house.user.events())
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: house.send(name, "k", BODIES.get(name, (None,))[0]), range(24)))
    assert len({(answer.status_code, answer.content) for answer in answers}) == 1
    assert answers[0].status_code in (200, 201, 204)
    made = [one["type"] for one in house.user.events()[before:]]
    assert len([one for one in made if not one.endswith("created")]) == (0 if name == "createTag" else 1), made


@pytest.mark.parametrize("name", ["toggleTask", "changeTask", "deleteTask", "changeTag", "skipTask"])
def test_a_key_outlives_a_kill(start, name):
    server = start()
    house = House(server)
    body = BODIES.get(name, (None,))[0]
    first = house.send(name, "k", body)
    server.kill()
    server.start()
    house.user.again()
    again = house.send(name, "k", body)
    assert (again.status_code, again.content) == (first.status_code, first.content)
