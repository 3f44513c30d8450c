"""Events: what is written down, and what the consumer's endpoint makes of what it is sent."""

import base64
import json
import re

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from support import EVENT_TYPES, ROOT, events_of, eventually, problem, wait_until_settled

PATH = "/api/events/task-completed"
CLOUD = {"Content-Type": "application/cloudevents+json"}
EVENT_ID = "0198c0de-0000-7000-8000-00000000000e"
NOBODY = "0198c0de-0000-7000-8000-000000000001"


def data_of(task, **changed):
    return {
        "event_type": "task-completed",
        "task_id": task["id"],
        "user_id": task["user_id"],
        "completed_at": task["completed_at"],
    } | changed


def cloud_event(data, **changed):
    envelope = {
        "specversion": "1.0",
        "id": EVENT_ID,
        "source": "todo-backend",
        "type": "task.completed",
        "datacontenttype": "application/json",
        "data": data,
    } | changed
    return {name: value for name, value in envelope.items() if value is not ...}


@pytest.fixture(scope="module")
def schema():
    document = json.loads((ROOT / "docs/event.schema.json").read_text())
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document, format_checker=FormatChecker())


@pytest.fixture
def done(server, user):
    """A completed daily task whose child is there."""
    task = user.create(due_date="2026-02-08T09:00", recurring_type="daily", tags=["home"])
    completed = user.toggle(task)
    user.child(task)
    wait_until_settled(server)
    return completed


class TestLog:
    def stored(self, server):
        return server.rows("select id, type, owner, subject, at, traceparent, data from events order by sequence")

    def as_cloud_event(self, row):
        """The envelope as the contract has it, around what is stored."""
        from datetime import UTC, datetime
        from uuid import UUID

        event_id, kind, _, subject, at, traceparent, data = row
        time = datetime.fromtimestamp(at / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event = {
            "specversion": "1.0",
            "id": str(UUID(bytes=event_id)),
            "source": "todo-backend",
            "type": EVENT_TYPES[kind],
            "subject": str(UUID(bytes=subject)),
            "time": time,
            "datacontenttype": "application/json",
            "data": json.loads(data),
        }
        return event | ({"traceparent": traceparent} if traceparent else {})

    def test_every_kind_of_event_fits_the_schema(self, server, user, schema):
        task = user.create(
            '"quoted" \\ é',
            description="x\n\ty",
            due_date="2026-02-08T09:00",
            timezone="Europe/Berlin",
            recurring_type="monthly",
            recurring_end_date="2027-01-01",
            tags=["home"],
            priority="urgent",
        )
        user.change(
            task, title="changed", due_date="2026-02-08", recurring_end_date="2027-01-01T00:00:00Z", description=None
        )
        user.toggle(task)
        user.child(task)
        user.toggle(task)
        user.client.delete(f"/api/tasks/{task['id']}")
        user.client.post(f"/api/tasks/{task['id']}/restore")
        user.create(status="done", parent_task_id=task["id"])
        wait_until_settled(server)
        kinds = set()
        for row in self.stored(server):
            event = self.as_cloud_event(row)
            schema.validate(event)
            kinds.add(event["type"])
            assert event["subject"] == event["data"]["task_id"]
            assert event["data"]["event_type"] == (
                "task-completed" if event["type"] == "task.completed" else event["type"]
            )
        assert kinds == set(EVENT_TYPES) - {"task.skipped"}

    def test_the_schema_refuses_what_is_no_event(self, server, user, schema):
        user.create()
        good = self.as_cloud_event(self.stored(server)[-1])
        schema.validate(good)
        bad = [
            good | {"specversion": "0.3"},
            good | {"type": "task.exploded"},
            good | {"id": "1"},
            good | {"data": {}},
            good | {"data": good["data"] | {"status": "x"}},
            good | {"data": good["data"] | {"task_id": "1"}},
        ]
        bad += [
            {name: value for name, value in good.items() if name != gone}
            for gone in ("id", "source", "type", "subject", "time", "data")
        ]
        for event in bad:
            assert not schema.is_valid(event), event

    def test_one_change_makes_one_event_with_its_version(self, server, user):
        task = user.create(due_date="2026-02-08")
        user.change(task, title="a")
        user.change(task, title="a")
        user.change(task, status="done")
        user.change(task, status="in_progress", title="b")
        told = events_of(server, task)
        assert [kind for kind, _ in told] == ["task.created", "task.updated", "task.completed", "task.reopened"]
        assert [data["version"] for _, data in told] == [1, 2, 3, 4] and user.get(task)["version"] == 4

    def test_a_task_born_done_is_created_pending_and_completed(self, server, user):
        task = user.create(status="done")
        assert [(kind, data["status"], data["version"]) for kind, data in events_of(server, task)] == [
            ("task.created", "pending", 1),
            ("task.completed", "done", 2),
        ]

    def test_a_refused_change_makes_no_event(self, server, user):
        task = user.create()
        before = len(self.stored(server))
        user.client.patch(f"/api/tasks/{task['id']}", json={"title": ""})
        user.client.patch(f"/api/tasks/{task['id']}", json={"title": "y"}, headers={"If-Match": '"9"'})
        user.client.post("/api/tasks", json={"title": "x", "parent_task_id": NOBODY})
        assert len(self.stored(server)) == before

    def test_the_trace_of_the_request_goes_with_its_event(self, server, user):
        trace = "0af7651916cd43dd8448eb211c80319c"
        answer = user.client.post(
            "/api/tasks", json={"title": "x"}, headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
        )
        (stored,) = server.rows(
            "select traceparent from events where subject = ?", bytes.fromhex(answer.json()["id"].replace("-", ""))
        )
        assert re.fullmatch(rf"00-{trace}-[0-9a-f]{{16}}-[0-9a-f]{{2}}", stored[0])
        for bad in ("00-" + "0" * 32 + "-" + "0" * 16 + "-00", "x", "ff-" + trace + "-b7ad6b7169203331-01"):
            made = user.client.post("/api/tasks", json={"title": "x"}, headers={"traceparent": bad}).json()
            (stored,) = server.rows(
                "select traceparent from events where subject = ?", bytes.fromhex(made["id"].replace("-", ""))
            )
            assert trace not in stored[0] and "0" * 32 not in stored[0]


class TestEndpoint:
    def send(self, user, body, **headers):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return user.client.post(
            PATH, content=content, headers=CLOUD | {name.replace("_", "-"): value for name, value in headers.items()}
        )

    def test_takes_every_form_of_the_message(self, server, user, done):
        data = data_of(done)
        encoded = base64.b64encode(json.dumps(data).encode()).decode()
        forms = {
            "structured": (cloud_event(data), CLOUD),
            "structured with a charset": (
                cloud_event(data),
                {"Content-Type": "application/cloudevents+json; charset=UTF-8"},
            ),
            "structured as JSON": (cloud_event(data), {"Content-Type": "application/json"}),
            "base64": (cloud_event(..., data_base64=encoded), CLOUD),
            "bare": (data, {"Content-Type": "application/json"}),
            "binary": (
                data,
                {
                    "Content-Type": "application/json",
                    "ce-specversion": "1.0",
                    "ce-type": "task.completed",
                    "ce-source": "x",
                    "ce-id": "1",
                },
            ),
            "of the FastAPI backend": (
                cloud_event(
                    data | {"completed_at": "2026-02-08T17:30:00.123456", "recurring_type": "daily"},
                    type="com.dapr.event.sent",
                    source="todo",
                    topic="task-events",
                    pubsubname="kafka-pubsub",
                    traceid="00-" + "0" * 32 + "-" + "0" * 16 + "-00",
                ),
                CLOUD,
            ),
            "with extensions": (
                cloud_event(data, comexampleextension="x", traceparent="00-" + "0" * 32 + "-" + "0" * 16 + "-00"),
                CLOUD,
            ),
            "with more data than it needs": (cloud_event(data | {"title": "x", "unknown": [1, {"a": None}]}), CLOUD),
        }
        child = user.child(done)
        for name, (body, headers) in forms.items():
            answer = user.client.post(PATH, content=json.dumps(body), headers=headers)
            assert answer.status_code == 200, name
            assert answer.json() == {"status": "SUCCESS", "outcome": "exists", "task_id": child["id"]}, name
        assert server.rows("select count(*) from dead_letters") == [(0,)]

    def test_says_what_came_of_it(self, server, user, done):
        plain = user.toggle(user.create())
        pending = user.create(due_date="2026-02-08", recurring_type="daily")
        ended = user.toggle(user.create(due_date="2026-02-08", recurring_type="daily", recurring_end_date="2026-02-08"))
        wait_until_settled(server)
        expected = [
            (data_of(done), "exists"),
            (data_of(pending, completed_at=None), "retracted"),
            (data_of(plain), "ended"),
            (data_of(ended), "ended"),
            (data_of(done, task_id=NOBODY), "ignored"),
            (data_of(done, user_id=NOBODY), "ignored"),
            (data_of(done, event_type="task.created"), "ignored"),
            (data_of(done, event_type="task.of.the.future"), "ignored"),
        ]
        for data, outcome in expected:
            answer = self.send(user, cloud_event(data)).json()
            assert answer["status"] == "SUCCESS", data
            allowed = {outcome, "ignored"} if outcome in ("ended", "retracted") else {outcome}
            assert answer["outcome"] in allowed, (data, answer)
        assert server.rows("select count(*) from dead_letters") == [(0,)]

    def test_makes_the_child_that_is_missing(self, start):
        server = start()
        user = server.register()
        task = user.create(due_date="2026-02-08", recurring_type="daily")
        done = user.toggle(task)
        child = user.child(task)
        wait_until_settled(server)
        server.stop()
        # As after a restore from a backup that lacked it.
        server.database.execute("delete from tasks where source is not null")
        server.database.execute("update tasks set child_made = false")
        server.start()
        user.again()
        answer = self.send(user, cloud_event(data_of(done))).json()
        assert answer["outcome"] in ("created", "exists")  # the sweep may have been quicker
        again = user.child(task)
        assert again["id"] != child["id"] and again["due_date"] == child["due_date"]

    POISON = {
        "empty": b"",
        "not JSON": b"{",
        "array": b"[]",
        "string": b'"x"',
        "number": b"1",
        "null": b"null",
        "empty object": b"{}",
        "NUL": b"\x00",
        "bytes": bytes(range(256)),
        "bad UTF-8": b'{"specversion":"1.0","id":"\xff"}',
        "deep": b"[" * 5000,
        "no data": cloud_event(...),
        "data null": cloud_event(None),
        "data text": cloud_event("x"),
        "data list": cloud_event([]),
        "no task": cloud_event({"event_type": "task-completed", "user_id": NOBODY}),
        "no user": cloud_event({"event_type": "task-completed", "task_id": NOBODY}),
        "task no id": cloud_event({"event_type": "task-completed", "task_id": "1", "user_id": NOBODY}),
        "task a number": cloud_event({"event_type": "task-completed", "task_id": 1, "user_id": NOBODY}),
        "task SQL": cloud_event({"event_type": "task-completed", "task_id": "' or 1=1 --", "user_id": NOBODY}),
        "no type": cloud_event({"task_id": NOBODY, "user_id": NOBODY}, type=...),
        "type a number": cloud_event({"event_type": 1, "task_id": NOBODY, "user_id": NOBODY}),
        "time no time": cloud_event(
            {"event_type": "task-completed", "task_id": NOBODY, "user_id": NOBODY, "completed_at": "yesterday"}
        ),
        "unknown version": cloud_event(
            {"event_type": "task-completed", "task_id": NOBODY, "user_id": NOBODY}, specversion="0.3"
        ),
        "no version": cloud_event(
            {"event_type": "task-completed", "task_id": NOBODY, "user_id": NOBODY}, specversion=...
        ),
        "no envelope id": cloud_event({"event_type": "task-completed", "task_id": NOBODY, "user_id": NOBODY}, id=...),
        "bad base64": cloud_event(..., data_base64="%%%"),
        "base64 of no JSON": cloud_event(..., data_base64="eA=="),
        "both data": cloud_event({}, data_base64="e30="),
        "large": cloud_event({"x": "y" * 900_000}),
    }

    @pytest.mark.parametrize("name", POISON)
    def test_drops_poison_into_the_dead_letters_once_with_its_bytes(self, server, user, name):
        body = self.POISON[name]
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        (before,) = server.rows("select coalesce(max(id), 0) from dead_letters")
        answer = self.send(user, content)
        assert answer.status_code == 200 and answer.json() == {"status": "DROP"}
        (row,) = server.rows("select origin, reason, content_type, bytes from dead_letters where id > ?", before[0])
        assert row[0] == "endpoint" and row[1] and row[2] == CLOUD["Content-Type"] and row[3] == content

    @pytest.mark.parametrize(
        "content_type", [None, "text/plain", "application/xml", "", "application/x-www-form-urlencoded", "x"]
    )
    def test_drops_another_content_type_too(self, server, user, done, content_type):
        headers = {} if content_type is None else {"Content-Type": content_type}
        answer = user.client.post(PATH, content=json.dumps(data_of(done)), headers=headers)
        assert answer.status_code == 200 and answer.json() == {"status": "DROP"}

    def test_counts_and_logs(self, server, user, done):
        def metric(name):
            text = user.client.get("/metrics").text
            return sum(float(line.rsplit(" ", 1)[1]) for line in text.splitlines() if line.startswith(name))

        exists, dead = (
            metric('rondo_events_consumed_total{outcome="exists"}'),
            metric("rondo_events_dead_lettered_total"),
        )
        self.send(user, cloud_event(data_of(done)))
        self.send(user, b"{")
        assert metric('rondo_events_consumed_total{outcome="exists"}') == exists + 1
        assert metric("rondo_events_dead_lettered_total") == dead + 1
        assert (
            metric('rondo_tasks_created_total{origin="recurrence"}') >= 1
            and metric("rondo_completion_to_child_seconds_count") >= 1
        )
        assert metric("rondo_recurrence_missing") == 0 and metric("rondo_outbox_pending") == 0


class TestDoor:
    def test_with_a_token_set_it_must_match(self, start):
        server = start(APP_API_TOKEN="the-token-of-the-sidecar")
        user = server.register()
        body = json.dumps(cloud_event(data_of(user.create(), completed_at=None)))
        for token in (
            None,
            "",
            "x",
            "the-token-of-the-sideca",
            "the-token-of-the-sidecarx",
            "THE-TOKEN-OF-THE-SIDECAR",
        ):
            headers = CLOUD | ({} if token is None else {"dapr-api-token": token})
            assert user.client.post(PATH, content=body, headers=headers).status_code == 401, token
        assert user.client.post(PATH, content=b"{", headers=CLOUD).status_code == 401
        assert server.rows("select count(*) from dead_letters") == [(0,)], "a stranger fills no dead letters"
        answer = user.client.post(PATH, content=body, headers=CLOUD | {"dapr-api-token": "the-token-of-the-sidecar"})
        assert answer.status_code == 200 and answer.json()["status"] == "SUCCESS"

    def test_without_a_token_only_this_machine_is_heard(self, start):
        import socket

        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect(("192.0.2.1", 9))  # sends nothing: tells which address this machine would use
                outside = probe.getsockname()[0]
            except OSError:
                pytest.skip("this machine has no address but loopback")
        if outside.startswith("127."):
            pytest.skip("this machine has no address but loopback")
        server = start(HOST="0.0.0.0")
        user = server.register()
        body = json.dumps(cloud_event(data_of(user.create(), completed_at=None)))
        assert user.client.post(PATH, content=body, headers=CLOUD).status_code == 200
        import httpx

        for spoofed in ({}, {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1"}):
            with httpx.Client(base_url=f"http://{outside}:{server.port}", trust_env=False, verify=False) as client:
                problem(client.post(PATH, content=body, headers=CLOUD | spoofed), 403)

    def test_needs_no_login(self, server, done):
        with server.client() as client:
            assert (
                client.post(
                    PATH, content=json.dumps(data_of(done)), headers={"Content-Type": "application/json"}
                ).status_code
                == 200
            )


def test_the_lines_that_operators_look_for(start):
    server = start(ENVIRONMENT="production", SECRET_KEY="a-secret-of-the-tests-0123456789abcdef")
    user = server.register()
    task = user.create(due_date="2026-02-08", recurring_type="daily")
    user.toggle(task)
    child = user.child(task)

    def lines():
        return [json.loads(line) for line in server.log_file.read_text().splitlines() if line.endswith("}")]

    def named(message):
        return [line for line in lines() if line["message"] == message]

    eventually(lambda: named("Created recurring task"), 5, "the line of the child")
    (completed,), (created,) = named("Task completed, publishing event"), named("Created recurring task")
    assert completed["task_id"] == task["id"] and created["task_id"] == child["id"]
    for line in (completed, created):
        assert line["user_id"] == user.id and line["event_id"] and re.fullmatch("[0-9a-f]{32}", line["trace_id"])
    assert completed["trace_id"] == created["trace_id"], "one trace from the request to the child"
