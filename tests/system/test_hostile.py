"""Broken, oversized and malicious requests: refused with a reason, without effect on anyone else."""

import json
import statistics
import threading
import time

import pytest
from hostile_http import FRAMING, METHODS, PATHS, SYNTAX, TOO_MUCH, get
from hostile_json import INVALID, MALFORMED, QUERIES, TEXTS, UNREADABLE
from support import problem, raw_id

SECOND = b"GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
JSON = {"Content-Type": "application/json"}
REFUSED = {name: (data, {400}) for name, data in (FRAMING | SYNTAX).items()} | TOO_MUCH
TOLD_BY_STATUS = METHODS | PATHS
WARM_UP_ROUNDS, ATTACK_ROUNDS = 3, 24


def statuses(received):
    return [int(part[1:4]) for part in received.split(b"HTTP/1.1")[1:] if part[:1] == b" " and part[1:4].isdigit()]


def test_the_corpus_has_no_fewer_than_two_hundred_requests():
    assert len(REFUSED) + len(TOLD_BY_STATUS) + len(MALFORMED) + len(INVALID) + len(QUERIES) >= 200


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_proper_http_is_refused_and_ends_the_connection(server, name):
    data, expected = REFUSED[name]
    received, closed = server.raw(data + SECOND)
    assert closed, f"the connection stays open: {received[:200]!r}"
    assert len(statuses(received)) == 1, f"{name}: something was read as the next request: {received[:400]!r}"
    assert statuses(received)[0] in expected, received[:400]
    assert b"application/problem+json" in received
    assert b"\r\nConnection: close\r\n" in received


@pytest.mark.parametrize("name", TOLD_BY_STATUS)
def test_strange_methods_and_paths_lead_nowhere(server, name):
    data, expected = TOLD_BY_STATUS[name]
    received, _ = server.raw(data.replace(b"Host: a\r\n", b"Host: a\r\nConnection: close\r\n"))
    assert statuses(received), f"no answer to {name!r}"
    assert statuses(received)[0] in expected, received[:400]
    assert b"root:" not in received
    if 405 in statuses(received):
        assert b"\r\nAllow: " in received


def test_a_request_that_arrives_byte_by_byte_is_understood(server):
    import socket

    with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in (
            b"POST /api/events/task-completed HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"
        ):
            connection.sendall(bytes([byte]))
        received = b""
        while chunk := connection.recv(4096):
            received += chunk
    assert statuses(received) == [200] and b'"DROP"' in received


def test_a_hundred_pipelined_requests_are_answered_in_order(server):
    requests = b"".join(b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-ID: n%d\r\n\r\n" % i for i in range(99))
    received, _ = server.raw(
        requests + b"GET /livez HTTP/1.1\r\nHost: a\r\nX-Request-ID: n99\r\nConnection: close\r\n\r\n"
    )
    assert statuses(received) == [200] * 100
    lines = [line for line in received.split(b"\r\n") if line.lower().startswith(b"x-request-id:")]
    assert [line.split()[1] for line in lines] == [b"n%d" % i for i in range(100)]


@pytest.mark.parametrize("name", MALFORMED)
def test_what_is_not_json_is_400(user, name):
    told = problem(user.client.post("/api/tasks", content=MALFORMED[name], headers=JSON), 400)
    assert told["detail"]
    assert user.list() == []


@pytest.mark.parametrize("name", INVALID)
def test_what_is_no_task_is_422_and_names_the_field(user, name):
    body, pointer = INVALID[name]
    began = time.monotonic()
    answer = user.client.post("/api/tasks", content=body, headers=JSON)
    took = time.monotonic() - began
    if pointer is None and answer.status_code == 400:
        problem(answer, 400)
    else:
        problem(answer, 422, pointer)
    assert took < 2
    assert user.list() == []


@pytest.mark.parametrize("name", TEXTS)
def test_any_text_comes_back_as_it_was(user, name):
    text = TEXTS[name]
    line = text.replace("\r", " ").replace("\n", " ")
    task = user.create(f"x{line}x", description=text, tags=[f"x{line[:40]}x"])
    again = user.get(task)
    assert again["title"] == f"x{line}x" and again["description"] == text
    assert again["tags"][0]["name"] == f"x{line[:40]}x"
    for query in ({"q": text}, {"tag": text[:40]}):
        answer = user.client.get("/api/tasks", params=query)
        assert answer.status_code in (200, 422), answer.text
    assert [one["id"] for one in user.client.get("/api/tasks", params={"tag": f"x{line[:40]}x"}).json()] == [task["id"]]


@pytest.mark.parametrize("name", UNREADABLE)
def test_text_that_nobody_could_read_is_refused_by_the_name_of_its_character(user, name):
    text, character, also_in_lines = UNREADABLE[name]
    client = user.client
    task = user.create("plain", tags=["plain"])
    tag = task["tags"][0]["id"]
    refused = [
        (client.post("/api/tasks", json={"title": text}), "/title"),
        (client.patch(f"/api/tasks/{task['id']}", json={"title": text}), "/title"),
        (client.put(f"/api/tasks/{task['id']}", json={"tags": [text]}), "/tags/0"),
        (client.post("/api/tasks", json={"title": "x", "tags": ["y", {"name": text}]}), "/tags/1"),
        (client.post("/api/tags", json={"name": text}), "/name"),
        (client.put(f"/api/tags/{tag}", json={"name": text}), "/name"),
        (client.patch("/api/auth/me", json={"name": text}), "/name"),
    ]
    if also_in_lines:
        refused.append((client.post("/api/tasks", json={"title": "x", "description": text}), "/description"))
        refused.append((client.post("/api/tasks/quick", json={"text": text}), "/text"))
    for answer, pointer in refused:
        told = problem(answer, 422, pointer)
        assert any(character in fault["message"] for fault in told["errors"]), told
    assert user.get(task) == task and len(user.list()) == 1
    if not also_in_lines:
        assert user.create("x", description=text)["description"] == text


def test_text_that_was_stored_before_stays_readable_and_does_not_hinder_other_changes(server, user):
    task = user.create("old title", tags=["old tag"])
    for sql in ("update tasks set title = ? where id = ?", "update tags set name = ? where id = ?"):
        server.database.execute(sql, "a\u200b\x07", raw_id(task if "tasks" in sql else task["tags"][0]))
    stored = user.get(task)
    assert stored["title"] == "a\u200b\x07" and stored["tags"][0]["name"] == "a\u200b\x07"
    assert user.client.put(f"/api/tasks/{task['id']}", json=stored | {"priority": "high"}).status_code == 200
    assert user.change(task, status="done")["title"] == stored["title"]
    tag = user.client.get(f"/api/tags/{stored['tags'][0]['id']}").json()
    assert user.client.put(f"/api/tags/{tag['id']}", json=tag | {"color": "#000000"}).status_code == 200
    problem(user.client.patch(f"/api/tasks/{task['id']}", json={"title": "b\x07"}), 422, "/title")


@pytest.mark.parametrize(
    ("body", "headers", "title"),
    [
        (b"", {}, "no body"),
        (b"{", {}, "JSON"),
        (b'{"title":"\\ud800"}', {}, "JSON"),
        (b"\xff\xfe{\x00}\x00", {}, "JSON"),
        (b"username=%zz", {"Content-Type": "application/x-www-form-urlencoded"}, "form"),
        (b"username=a&username=b", {"Content-Type": "application/x-www-form-urlencoded"}, "form"),
    ],
)
def test_the_title_of_a_400_says_what_is_wrong(server, body, headers, title):
    with server.client() as client:
        path = "/api/auth/login" if headers else "/api/auth/register"
        told = problem(client.post(path, content=body, headers={"Content-Type": "application/json"} | headers), 400)
    assert title in told["title"], told


@pytest.mark.parametrize(
    ("request_", "kind", "title"),
    [
        (b"nonsense\r\n\r\n", "malformed-request", "The request line cannot be read"),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", "malformed-request", "The request line cannot be read"),
        (b"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "malformed-request", "The request line cannot be read"),
        (b"GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", "malformed-request", "The request line cannot be read"),
        (b"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "malformed-header", "A header field cannot be read"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", "malformed-header", "A header field cannot be read"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: \x01\r\n\r\n", "malformed-header", "A header field cannot be read"),
        (b"GET / HTTP/1.1\r\n\r\n", "host-missing", "The Host header is missing"),
        (b"GET / HTTP/1.2\r\n\r\n", "host-missing", "The Host header is missing"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "malformed-host", "The Host header is not one host"),
        (b"GET / HTTP/1.0\r\nHost: a b\r\n\r\n", "malformed-host", "The Host header is not one host"),
        (get(b"GET / HTTP/1.1", b"Content-Length: x"), "malformed-length", "The length of the body cannot be told"),
        (
            get(b"GET / HTTP/1.1", b"Content-Length: 1", b"Transfer-Encoding: chunked"),
            "malformed-length",
            "The length of the body cannot be told",
        ),
        (
            get(b"POST /api/auth/login HTTP/1.1", b"Transfer-Encoding: chunked") + b"zz\r\n",
            "malformed-chunks",
            "The chunks of the body cannot be read",
        ),
    ],
)
def test_the_title_of_a_400_of_the_engine_does_too(server, request_, kind, title):
    """Each type has one title (RFC 9457, section 3.1.3)."""
    answer, closed = server.raw(request_)
    head, _, body = answer.partition(b"\r\n\r\n")
    told = json.loads(body)
    assert head.startswith(b"HTTP/1.1 400 ") and closed
    assert (told["type"], told["title"]) == (f"urn:rondo:problem:{kind}", title)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json;charset=utf8",
        "application/json; charset=UTF-8",
        'application/json; charset="utf-8"',
        "application/json; Charset=Utf8",
        'application/json; a="x;charset=latin1"; charset=utf-8',
        "application/merge-patch+json; charset=utf8",
    ],
)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_json_is_taken_as_utf8_by_any_of_its_names_and_with_a_byte_order_mark(user, content_type, mark):
    answer = user.client.post("/api/tasks", content=mark + b'{"title":"x"}', headers={"Content-Type": content_type})
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("charset", ["latin1", "utf-16", "UTF-7", '"windows-1252"', "utf-8x", "us-ascii", ""])
def test_another_charset_is_refused_by_its_name(user, charset):
    headers = {"Content-Type": f"application/json; charset={charset}"}
    told = problem(user.client.post("/api/tasks", content=b'{"title":"x"}', headers=headers), 415)
    assert charset.strip('"').lower() in told["detail"], told


def test_null_is_as_good_as_absent_in_a_post(server, user):
    new_task = {
        name: None
        for name in (
            "description", "status", "priority", "tags", "tag_ids", "due_date", "timezone", "recurring_type",
            "recurring_interval", "recurrence_rule", "repeat_mode", "recurring_end_date", "parent_task_id", "completed_at",
        )
    }  # fmt: skip
    task = user.client.post("/api/tasks", json={"title": "x"} | new_task)
    assert task.status_code == 201, task.text
    assert (task.json()["status"], task.json()["priority"], task.json()["tags"]) == ("pending", "medium", [])
    for path, body in (
        ("/api/tasks", {"title": "x", "tags": [{"name": "a", "id": None}]}),
        ("/api/tasks/quick", {"text": "x", "timezone": None, "dry_run": None}),
        ("/api/tags", {"name": "b", "color": None}),
        ("/api/recurrence/preview", {"title": None, "count": None} | new_task),
    ):
        answer = user.client.post(path, json=body)
        assert answer.status_code in (200, 201), answer.text
    with server.client() as client:
        body = {"email": f"{user.id}@example.com", "password": "correct horse battery"}
        body |= {"name": None, "timezone": None, "confirmPassword": None}
        assert client.post("/api/auth/register", json=body).status_code == 201
    problem(user.client.post("/api/tasks", json={"title": None}), 422, "/title")
    problem(user.client.post("/api/tasks", json={"title": "x", "titel": None}), 422, "/titel")
    problem(user.client.patch(f"/api/tasks/{task.json()['id']}", json={"status": None}), 422, "/status")


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_that_does_not_fit_is_refused_and_named(user, query):
    answer = user.client.get(f"/api/tasks?{query}")
    if "%00" in query:
        problem(answer, 400)
    else:
        problem(answer, 422, f"?{QUERIES[query]}")


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "text/html",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/jsonx",
        "json",
        "",
        "application/octet-stream",
    ],
)
def test_another_content_type_is_415(user, content_type):
    headers = {} if content_type is None else {"Content-Type": content_type}
    problem(user.client.post("/api/tasks", content=b'{"title":"x"}', headers=headers), 415)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        "APPLICATION/JSON;charset=UTF-8",
        'application/json; charset="utf-8"',
    ],
)
def test_json_is_json_however_it_is_written(user, content_type):
    answer = user.client.post("/api/tasks", content=b'{"title":"x"}', headers={"Content-Type": content_type})
    assert answer.status_code == 201, answer.text


def test_identity_headers_of_a_proxy_are_not_believed(server, user):
    spoofed = {
        "X-User-ID": user.id,
        "X-Forwarded-User": user.id,
        "X-Forwarded-For": "127.0.0.1",
        "X-HTTP-Method-Override": "DELETE",
        "X-Original-URL": "/api/tasks",
        "X-Rewrite-URL": "/api/tasks",
    }
    with server.client(headers=spoofed) as client:
        problem(client.get("/api/tasks"), 401)
    task = user.create()
    assert user.client.get(f"/api/tasks/{task['id']}", headers=spoofed).status_code == 200
    assert user.get(task)


def test_read_only_fields_in_a_new_task_have_no_effect(server, user):
    other = server.register()
    task = user.create(
        id=other.id,
        user_id=other.id,
        series_id=other.id,
        occurrence=7,
        version=99,
        created_at="2001-01-01T00:00:00Z",
        updated_at="2001-01-01T00:00:00Z",
    )
    assert task["user_id"] == user.id and task["id"] != other.id and task["series_id"] == task["id"]
    assert task["occurrence"] == 1 and task["version"] == 1 and task["created_at"] > "2025"
    assert other.list() == []


def test_head_is_get_without_the_body(server):
    with server.client() as client:
        for path in ("/", "/livez", "/openapi.json", "/docs", "/nowhere"):
            got, head = client.get(path), client.head(path)
            assert head.status_code == got.status_code and head.content == b""
            assert head.headers["content-length"] == str(len(got.content)) or got.status_code == 404
            assert head.headers["content-type"] == got.headers["content-type"]


def test_expect_100_continue_is_answered_before_the_body_is_sent(server):
    import socket

    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(
            b"POST /api/events/task-completed HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n"
            b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")
        connection.sendall(b"{}")
        received = b""
        while chunk := connection.recv(4096):
            received += chunk
        assert statuses(received) == [200]


def test_an_answer_that_nobody_reads_to_the_end_hurts_nobody(server, user):
    import socket
    import struct

    user.create(description="x" * 10_000)
    for _ in range(50):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(
                f"GET /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {user.access_token}\r\n\r\n".encode() * 20
            )
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # closes with a reset
    assert user.client.get("/livez").status_code == 200


def attack(server, token, rounds, sent):
    """Sends the whole corpus so many times."""
    with server.client(headers={"Authorization": f"Bearer {token}"}) as client:
        for _ in range(rounds):
            for data, _ in REFUSED.values():
                _, closed = server.raw(data + SECOND)
                assert closed
            for body in [*MALFORMED.values(), *[body for body, _ in INVALID.values()]]:
                assert client.post("/api/tasks", content=body, headers=JSON).status_code in (400, 422)
            sent[0] += len(REFUSED) + len(MALFORMED) + len(INVALID)


def honest_work(user, task, until):
    """Reads and changes a task until then; gives how long each request took. It adds no rows, which would add memory."""
    took = []
    while not until():
        began = time.perf_counter()
        user.get(task)
        took.append(time.perf_counter() - began)
        began = time.perf_counter()
        user.change(task, title=f"n{len(took)}")
        took.append(time.perf_counter() - began)
    return took


@pytest.mark.speed
def test_under_attack_memory_stays_flat_and_an_honest_client_stays_quick(start, record_property):
    server = start()
    user, attacker = server.register(), server.register()
    task, sent = user.create(), [0]
    # A few rounds first: every buffer and cache has been filled once.
    base = 0
    for _ in range(WARM_UP_ROUNDS):
        attack(server, attacker.access_token, 1, sent)
        base = max(base, server.rss_kib())
    files = server.open_files()

    thread = threading.Thread(target=attack, args=(server, attacker.access_token, ATTACK_ROUNDS, sent))
    thread.start()
    took = honest_work(user, task, until=lambda: not thread.is_alive())
    thread.join()
    assert sent[0] == (WARM_UP_ROUNDS + ATTACK_ROUNDS) * (len(REFUSED) + len(MALFORMED) + len(INVALID)), (
        "the attack was cut short"
    )

    p50, p99 = statistics.median(took), statistics.quantiles(took, n=100)[98]
    grown = (server.rss_kib() - base) / base
    record_property("honest_p50_ms", round(p50 * 1000, 2))
    record_property("honest_p99_ms", round(p99 * 1000, 2))
    print(
        f"{sent[0]} hostile requests, {len(took)} honest ones: p50 {p50 * 1000:.1f} ms, p99 {p99 * 1000:.1f} ms; memory {grown:+.1%}"
    )
    assert p99 < 0.5
    assert server.open_files() <= files + 4
    assert grown < 0.2, f"{base} KiB grew to {server.rss_kib()} KiB"
