"""A database of every schema there has been is brought up by the servers that start on it, under load, and taken back again."""

import itertools
import json
import threading
import time

import httpx
import pytest
from databases import ON_POSTGRES
from support import PASSWORD, ROOT, SLOWNESS, Server, eventually, run, wait_until_settled

ENGINE = "postgres" if ON_POSTGRES else "sqlite"
MIGRATIONS = ROOT / "src/store/migrations"
VERSIONS = sorted(path.name[:4] for folder in (MIGRATIONS, MIGRATIONS / ENGINE) for path in folder.glob("*.up.sql"))
SERVERS = 2 if ON_POSTGRES else 1  # one SQLite file has one server
CLIENTS = 4
PAUSE_S = 0.02
ENOUGH = 10  # changes of each client, before the next thing happens


class Client(threading.Thread):
    """Adds repeating tasks and completes them, at whichever server answers, and keeps what was answered. Of a server that
    is not there, or whose schema is on its way, it takes no answer or a 503; anything else is a fault."""

    def __init__(self, servers, token, name):
        super().__init__(daemon=True)
        self.turn = itertools.cycle(servers)
        self.at = next(self.turn)
        self.token, self.name = token, name
        self.completed, self.faults, self.over = [], [], threading.Event()

    def run(self):
        for number in itertools.count():
            body = {"title": f"{self.name} {number}", "due_date": "2026-02-08", "recurring_type": "daily"}
            made = self.ask("POST", "/api/tasks", body, key=f"{self.name}-{number}")
            if made is None:
                return
            if self.ask("PATCH", f"/api/tasks/{made['id']}", {"status": "done"}) is None:
                return
            self.completed.append(made["id"])
            time.sleep(PAUSE_S)

    def ask(self, method, target, body, key=None):
        headers = {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})
        while not self.over.is_set():
            try:
                answer = httpx.request(
                    method,
                    self.at.url + target,
                    json=body,
                    headers=headers,
                    timeout=20 * SLOWNESS,
                    trust_env=False,
                    verify=False,
                )
            except httpx.HTTPError:
                answer = None
            if answer is not None and answer.status_code in (200, 201):
                return answer.json()
            if answer is not None and answer.status_code != 503:
                self.faults.append(f"{method} {target}: {answer.status_code} {answer.text}")
                return None
            time.sleep(0.02)
            self.at = next(self.turn)
        return None


def migrate(server, *words):
    ended = run("migrate", *words, "--json", folder=server.folder, env=server.env)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return json.loads(ended.stdout)


def schema(server):
    applied = [one["name"][:4] for one in migrate(server, "status")["migrations"] if one["state"] == "applied"]
    return applied[-1]


def go_down_to(server, version):
    steps = sum(one > version for one in VERSIONS)
    if steps:
        migrate(server, "down", "--steps", steps, "--yes")
    assert schema(server) == version


def log_in(server, user):
    with server.client() as client:
        return client.post("/api/auth/login", json={"email": user.email, "password": PASSWORD})


def start_all(servers):
    """At the same moment."""
    starting = [threading.Thread(target=one.start) for one in servers]
    for one in starting:
        one.start()
    for one in starting:
        one.join()
    assert all(one.process for one in servers)


@pytest.mark.parametrize("version", VERSIONS)
def test_an_older_schema_is_brought_up_under_load_and_taken_back_without_a_loss(tmp_path, version):
    first = Server(tmp_path / "1")
    servers = [first] + [Server(tmp_path / str(n), **first.env) for n in range(2, SERVERS + 1)]
    for one in servers:
        one.database = first.database
    with first:
        user = first.register()
        old = [
            user.create(
                f"old {n}", due_date="2026-02-08", recurring_type="daily", tags=["kept"], description="as it was"
            )
            for n in range(10)
        ]
    go_down_to(first, version)

    # Up: two servers find the old schema at the same time, while clients knock.
    clients = []
    try:
        start_all(servers)
        assert schema(first) == VERSIONS[-1]
        clients = [Client(servers, user.access_token, f"client {n}") for n in range(CLIENTS)]
        for one in clients:
            one.start()

        def went_on(since):
            each = zip(clients, since, strict=True)
            return any(one.faults for one in clients) or all(len(one.completed) >= n + ENOUGH for one, n in each)

        eventually(lambda: went_on([0] * CLIENTS), 60, "the clients' first changes")

        # Back: one server is left, which says 503 to what the older schema has no place for.
        for one in servers[1:] if ON_POSTGRES else servers:
            one.stop()
        go_down_to(first, version)
        if ON_POSTGRES:
            assert log_in(first, user).status_code in (200, 503)
            first.stop()

        # And up again.
        before = [len(one.completed) for one in clients]
        start_all(servers)
        eventually(lambda: went_on(before), 60, "the clients' changes after the way back")
    finally:
        for one in clients:
            one.over.set()
        for one in clients:
            one.join(60 * SLOWNESS)
    assert [one.faults for one in clients] == [[]] * CLIENTS
    wait_until_settled(first)
    user = user.at(servers[-1])
    for task in old:
        assert user.get(task) == task
    for one in clients:
        assert len(one.completed) >= 2 * ENOUGH
        for task in one.completed:
            assert len(user.children(task)) == 1, task
    assert log_in(first, user).status_code == 200
    for one in servers:
        one.stop()
