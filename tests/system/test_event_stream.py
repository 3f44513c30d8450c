"""GET /api/events/stream: a user's own events as they happen, as server-sent events."""

import contextlib
import json
import queue
import resource
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from support import SLOWNESS, eventually, problem, raw_id

IDLE_STREAMS = 5_000
IDLE_STREAMS_MAX_KIB = 100 * 1024
STREAMS_PER_USER_MAX = 32
HEARTBEAT_S = 15


class Stream:
    """What a client that follows a user's events hears, read on a thread of its own."""

    def __init__(self, user, last=None, server=None):
        self.heard = queue.Queue()
        headers = {"Authorization": f"Bearer {user.access_token}"} | ({"Last-Event-ID": last} if last else {})
        self.client = httpx.Client(
            base_url=(server or user.server).url, timeout=60 * SLOWNESS, trust_env=False, verify=False
        )
        self.answer = self.client.send(
            self.client.build_request("GET", "/api/events/stream", headers=headers), stream=True
        )
        if self.answer.status_code != 200:
            self.answer.read()
            return
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        block = {}
        with contextlib.suppress(httpx.HTTPError):
            for line in self.answer.iter_lines():
                if line:
                    name, _, value = line.partition(":")
                    block[name] = value.removeprefix(" ")
                elif block:
                    self.heard.put((time.monotonic(), block))
                    block = {}
        self.heard.put(None)

    def next(self, within_s=10.0):
        """The next event; None at the end of the stream."""
        while (one := self.heard.get(timeout=within_s * SLOWNESS)) is not None:
            if "id" in one[1]:
                return one[1]
        return None

    def events(self, count):
        return [self.next() for _ in range(count)]

    def close(self):
        # Shut down first: a close alone waits for the thread that reads.
        if not self.answer.is_closed:
            with contextlib.suppress(OSError):
                self.answer.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self.answer.close()
        self.client.close()


@pytest.fixture
def follow():
    streams = []

    def begin(user, **options):
        streams.append(Stream(user, **options))
        return streams[-1]

    yield begin
    for stream in streams:
        stream.close()


def test_brings_each_event_as_the_feed_has_it(user, follow):
    user.create("before")
    stream = follow(user)
    assert stream.answer.headers["content-type"] == "text/event-stream"
    assert stream.answer.headers["cache-control"] == "no-store"
    task = user.create("Water the plants", due_date="2026-02-08", recurring_type="daily")
    user.toggle(task)
    user.child(task)
    user.change(task, title="Water the cactus")
    heard = stream.events(4)
    assert [json.loads(one["data"]) for one in heard] == user.events()[1:]
    assert [one["event"] for one in heard] == ["task.created", "task.completed", "task.created", "task.updated"]
    assert [one["id"] for one in heard] == [event["id"] for event in user.events()[1:]]


@pytest.mark.speed
def test_brings_it_within_200_ms(user, follow):
    stream = follow(user)
    lags = []
    for number in range(20):
        user.create(str(number))
        answered = time.monotonic()
        while "id" not in (one := stream.heard.get(timeout=10))[1]:
            pass
        lags.append(one[0] - answered)
    print(f"event after its answer: median {sorted(lags)[10] * 1000:.1f} ms, longest {max(lags) * 1000:.1f} ms")
    assert sorted(lags)[10] < 0.2


def test_brings_nobody_elses(server, user, follow):
    stream = follow(user)
    other = server.register()
    other.create("private")
    mine = user.create("mine")
    assert json.loads(stream.next()["data"])["subject"] == mine["id"]


def test_goes_on_after_the_last_event_without_gap_or_repeat(user, follow):
    """Writers go on while the client comes and goes."""
    writing = threading.Event()
    writing.set()

    def write():
        with user.server.client(headers=user.client.headers) as client:
            made = 0
            while writing.is_set():
                assert client.post("/api/tasks", json={"title": str(made)}).status_code == 201
                made += 1
            return made

    first = user.create("first")
    heard = []
    with ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(write) for _ in range(4)]
        last = user.events()[0]["id"]
        for number in range(8):
            stream = follow(user, last=last)
            some = stream.events(7 + 40 * (number % 2))
            stream.close()
            heard += [one["id"] for one in some]
            last = heard[-1]
        writing.clear()
        made = sum(writer.result() for writer in writers)
    stream = follow(user, last=last)
    heard += [one["id"] for one in stream.events(made - len(heard))]
    events = [event["id"] for event in user.events()]
    assert heard == events[1:], "not each event once, in order"
    assert first["id"]


def test_goes_on_over_a_restart(start, follow):
    server = start()
    user = server.register()
    user.create("seen")
    stream = follow(user, last=user.events()[0]["id"])
    user.create("seen too")
    last = stream.next()["id"]
    server.stop()
    assert stream.next() is None, "a server that ends lets its streams go on"
    server.start()
    user.again().create("made meanwhile")
    assert json.loads(follow(user, last=last).next()["data"])["data"]["title"] == "made meanwhile"


def test_ends_with_its_session(user, follow):
    stream = follow(user)
    assert user.client.post("/api/auth/logout", json={"refresh_token": user.refresh_token}).status_code in (200, 204)
    assert stream.next(within_s=HEARTBEAT_S + 10) is None


UNKNOWN = [
    "0198c0de-0000-7000-8000-000000000001",
    "7",
    "'; DROP TABLE events; --",
    "0198C0DE-0000-7000-8000-00000000000",
    "x" * 4000,
]


@pytest.mark.parametrize("last", UNKNOWN)
def test_begins_anew_after_an_event_that_is_not_known(user, follow, last):
    user.create("before")
    stream = follow(user, last=last)
    assert stream.answer.status_code == 200
    reset = stream.next()
    assert reset["event"] == "reset" and reset["id"] == user.events()[-1]["id"]
    assert json.loads(reset["data"])["reason"]
    user.create("after")
    assert json.loads(stream.next()["data"])["data"]["title"] == "after"


def test_a_reset_is_gone_on_from(user, follow):
    user.create("before")
    reset = follow(user, last="7").next()
    user.create("meanwhile")
    first = follow(user, last=reset["id"]).next()
    assert first["event"] == "task.created" and json.loads(first["data"])["data"]["title"] == "meanwhile"


def test_a_reset_of_a_user_without_events_makes_the_client_forget_its_id(user, follow):
    stream = follow(user, last="7")
    reset = stream.next()
    assert reset["event"] == "reset" and reset["id"] == ""
    user.create("first")
    assert json.loads(stream.next()["data"])["data"]["title"] == "first"


def test_begins_anew_after_another_users_event_and_tells_nothing_of_it(server, user, follow):
    user.create("mine")
    other = server.register()
    other.create("private")
    stream = follow(user, last=other.events()[0]["id"])
    assert stream.next() == follow(user, last="0198c0de-0000-7000-8000-000000000001").next()
    user.create("next")
    assert json.loads(stream.next()["data"])["data"]["title"] == "next"


def test_begins_anew_after_an_event_that_is_no_longer_kept(server, user, follow):
    user.create("old")
    gone = user.events()[0]["id"]
    user.create("new")
    eventually(lambda: not server.rows("select 1 from outbox limit 1"), 30, "an empty outbox")
    server.database.execute("delete from events where id = ?", raw_id(gone))
    reset = follow(user, last=gone).next()
    assert reset["event"] == "reset" and reset["id"] == user.events()[-1]["id"]


def test_begins_now_without_a_reset_when_no_event_is_named(user, follow):
    user.create("before")
    stream = follow(user)
    user.create("after")
    assert json.loads(stream.next()["data"])["data"]["title"] == "after"


def test_needs_a_token(server):
    with server.client() as client:
        problem(client.get("/api/events/stream"), 401)


def test_refuses_parameters(user):
    problem(user.client.get("/api/events/stream", params={"after": "x"}), 422, "?after")


def test_is_for_so_many_windows(user, follow):
    streams = [follow(user) for _ in range(STREAMS_PER_USER_MAX)]
    refused = follow(user).answer
    problem(refused, 429)
    assert int(refused.headers["retry-after"]) > 0
    streams[0].close()
    eventually(lambda: follow(user).answer.status_code == 200, 30, "room for another stream")


def test_has_a_heartbeat(user):
    with socket.create_connection(("127.0.0.1", user.server.port), timeout=(HEARTBEAT_S + 10) * SLOWNESS) as raw:
        raw.sendall(
            f"GET /api/events/stream HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {user.access_token}\r\n\r\n".encode()
        )
        received = b""
        while not received.endswith(b"\n\n:\n\n"):
            chunk = raw.recv(65536)
            assert chunk, received
            received += chunk


@pytest.mark.speed
def test_thousands_of_idle_streams_are_light(start):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < IDLE_STREAMS + 500:
        pytest.skip(f"only {hard} files may be open here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        server = start()
        users = [server.register() for _ in range(IDLE_STREAMS // STREAMS_PER_USER_MAX + 1)]
        before = server.rss_kib()
        streams = []
        for number in range(IDLE_STREAMS):
            user = users[number % len(users)]
            one = socket.create_connection(("127.0.0.1", server.port), timeout=30 * SLOWNESS)
            one.sendall(
                f"GET /api/events/stream HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {user.access_token}\r\n\r\n".encode()
            )
            streams.append(one)
        for one in streams:
            received = b""
            while b"retry:" not in received:
                received += one.recv(4096)
        grown = server.rss_kib() - before
        print(f"{IDLE_STREAMS} idle streams: {grown} KiB")
        users[0].create("wake up")
        for one in streams[:: len(users)]:
            assert b"wake up" in one.recv(65536)
        for one in streams:
            one.close()
        assert grown < IDLE_STREAMS_MAX_KIB
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
