"""GET /api/events: a user's own events, in order, as CloudEvents."""

import json

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from support import ROOT, eventually, problem, wait_until_settled

NOBODY = "0198c0de-0000-7000-8000-000000000001"


@pytest.fixture(scope="module")
def schema():
    document = json.loads((ROOT / "docs/event.schema.json").read_text())
    return Draft202012Validator(document, format_checker=FormatChecker())


def feed(user, **query):
    answer = user.client.get("/api/events", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def follow(user, **query):
    """Every event from page to page, and how many pages there were."""
    events, pages, answer = [], 0, user.client.get("/api/events", params=query)
    while True:
        assert answer.status_code == 200, answer.text
        events += answer.json()
        pages += 1
        if "link" not in answer.headers:
            return events, pages
        link = answer.headers["link"]
        assert link.endswith('>; rel="next"')
        answer = user.client.get(link[1 : link.index(">")])


def test_holds_every_event_in_order_as_it_is_published(server, user, schema):
    task = user.create(due_date="2026-02-08", recurring_type="daily", tags=["home"])
    user.toggle(task)
    child = user.child(task)
    user.client.post(f"/api/tasks/{child['id']}/skip")
    user.toggle(task)
    user.client.delete(f"/api/tasks/{task['id']}")
    user.client.post(f"/api/tasks/{task['id']}/restore")
    wait_until_settled(server)
    events = feed(user)
    assert [event["type"] for event in events][:5] == [
        "task.created",
        "task.completed",
        "task.created",
        "task.skipped",
        "task.reopened",
    ]
    for event in events:
        schema.validate(event)
        assert event["data"]["user_id"] == user.id and event["subject"] == event["data"]["task_id"]
    assert events[2]["subject"] == child["id"]
    assert len({event["id"] for event in events}) == len(events)
    times = [event["time"] for event in events]
    assert times == sorted(times)
    one_task = [event["data"]["version"] for event in events if event["subject"] == task["id"]]
    assert one_task == list(range(1, len(one_task) + 1))


def test_goes_on_after_an_event(server, user):
    for number in range(5):
        user.create(str(number))
    events = feed(user)
    for place, event in enumerate(events):
        assert feed(user, after=event["id"]) == events[place + 1 :]
    user.create("later")
    (later,) = feed(user, after=events[-1]["id"])
    assert later["data"]["title"] == "later"


def test_comes_in_pages(server, user):
    for number in range(105):
        user.create(str(number))
    assert len(feed(user)) == 100
    whole = feed(user, limit=1000)
    assert [event["data"]["title"] for event in whole] == [str(number) for number in range(105)]
    for limit, pages in ((1, 105), (50, 3), (105, 1), (104, 2)):
        assert follow(user, limit=limit) == (whole, pages), limit
    assert follow(user) == (whole, 2)


def test_outlives_the_task(server, user):
    task = user.create(due_date="2026-02-08", recurring_type="daily")
    user.toggle(task)
    child = user.child(task)
    user.toggle(task)
    eventually(lambda: feed(user)[-1]["type"] == "task.deleted", 10, "the child to be taken back")
    gone = feed(user)[-1]
    assert gone["subject"] == child["id"] and user.client.get(f"/api/tasks/{child['id']}").status_code == 404


def test_names_the_parameters_that_do_not_fit(server, user):
    other = server.register()
    other.create()
    theirs = feed(other)[0]["id"]
    for query, pointer in (
        ({"after": NOBODY}, "?after"),
        ({"after": theirs}, "?after"),
        ({"after": "x"}, "?after"),
        ({"after": ""}, "?after"),
        ({"limit": 0}, "?limit"),
        ({"limit": 1001}, "?limit"),
        ({"limit": "-1"}, "?limit"),
        ({"limit": "1e3"}, "?limit"),
        ({"befor": "x"}, "?befor"),
    ):
        problem(user.client.get("/api/events", params=query), 422, pointer)
    foreign = problem(user.client.get("/api/events", params={"after": theirs}), 422)
    unknown = problem(user.client.get("/api/events", params={"after": NOBODY}), 422)
    assert foreign["errors"] == unknown["errors"], "another's event is like none"


def test_is_nobody_elses(server, user):
    other = server.register()
    user.create("canary")
    assert feed(other) == [] and "canary" not in str(feed(other))
    with server.client() as client:
        problem(client.get("/api/events"), 401)
