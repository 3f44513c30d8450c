"""A server on PostgreSQL: the whole of it, several replicas, and a database that goes away and comes back. These tests have a
cluster of their own; with RONDO_TEST_DATABASE=postgres, all the others run on PostgreSQL as well."""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

import pytest

from support import ROOT, SLOWNESS, eventually, problem, run

TOOL = ROOT / "tools" / "dev-services"


class Cluster:
    """A PostgreSQL server that can be stopped and started again."""

    def __init__(self, folder):
        self.folder = folder

    def do(self, action):
        ended = subprocess.run(
            [sys.executable, TOOL, action, "postgres", "--dir", self.folder],
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def start(self):
        self.url = self.do("start").strip().split("=", 1)[1]
        return self

    def stop(self):
        self.do("stop")

    def psql(self, *statements):
        ended = subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", *[f"-c{sql}" for sql in statements], self.url],
            capture_output=True,
            text=True,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.split()

    def schema(self, name):
        """The URL of a new schema, with a password that nobody asks for."""
        self.psql(f"create schema {name}")
        return self.url.replace("rondo@", "rondo:hunter2@") + f"?options=-csearch_path%3D{name}"


@pytest.fixture(scope="module")
def cluster():
    with tempfile.TemporaryDirectory(prefix="rondo-postgres-") as folder:
        os.chmod(folder, 0o755)  # for the user that PostgreSQL runs as
        one = Cluster(folder).start()
        yield one
        one.stop()


@pytest.fixture
def url(cluster, request):
    return cluster.schema("t" + hashlib.sha256(request.node.name.encode()).hexdigest()[:20])


def count(cluster, schema_url, sql):
    schema = schema_url.rsplit("%3D", 1)[1]
    return int(cluster.psql(f"set search_path = {schema}", "set rondo.\"user\" = '*'", sql)[-1])


def test_a_completed_task_comes_back_and_all_is_there_after_a_restart(start, url):
    server = start(DATABASE_URL=url)
    user = server.register()
    task = user.create(due_date="2026-02-08", recurring_type="daily", tags=["home"], description="Müsli für morgen")
    user.toggle(task)
    child = user.child(task)
    assert child["due_date"] > task["due_date"]
    server.stop()
    server.start()
    user.again()
    assert user.get(child) == child
    assert [found["id"] for found in user.list(q="MUSLI", status="done")] == [task["id"]]


def test_the_password_is_shown_nowhere(start, url):
    server = start(DATABASE_URL=url)
    user = server.register()
    user.create()
    told = run("migrate", "status", env=server.env)
    assert told.returncode == 0
    assert "postgresql://rondo@127.0.0.1" in server.output()
    with server.client() as client:
        shown = client.get("/health").text + client.get("/metrics").text
    assert "hunter2" not in server.output() + told.stdout + told.stderr + shown


def test_a_server_that_is_not_there_or_refuses_is_told_in_one_line(cluster, tmp_path):
    for url, said in (
        ("postgresql://rondo:hunter2@127.0.0.1:1/rondo", "cannot be reached"),
        (cluster.url.rsplit("/", 1)[0] + "/nowhere", "nowhere"),
        (cluster.url.replace("rondo@", "stranger:hunter2@"), "stranger"),
    ):
        ended = run("serve", folder=tmp_path, env={"DATABASE_URL": url})
        assert ended.returncode == 69 and len(ended.stderr.strip().splitlines()) == 1, ended.stderr
        assert said in ended.stderr and "hunter2" not in ended.stderr


def test_migrations_go_up_down_and_up_and_leave_others_alone(cluster, url):
    def migrate(*arguments):
        return run("migrate", *arguments, env={"DATABASE_URL": url})

    before = json.loads(migrate("status", "--json").stdout)["migrations"]
    assert before and all(each["state"] == "pending" for each in before)
    assert migrate("up").returncode == 0
    refused = migrate("down", "--steps", "2")  # the newest loses nothing that cannot be made again
    assert refused.returncode == 64 and "--yes" in refused.stderr and "pg_dump" in refused.stderr
    assert migrate("down", "--yes", "--steps", "99").returncode == 0
    assert count(cluster, url, "select count(*) from pg_tables where schemaname = current_schema()") == 1
    assert migrate("up").returncode == 0

    theirs = cluster.schema("theirs")
    cluster.psql("create table theirs.theirs (id integer)")
    for arguments in (("up",), ("down", "--yes"), ("status",)):
        ended = run("migrate", *arguments, env={"DATABASE_URL": theirs})
        assert ended.returncode == 78 and "another program" in ended.stderr


def test_dead_letters_are_looked_after(start, url):
    server = start(DATABASE_URL=url)
    user = server.register()
    user.client.post("/api/events/task-completed", content=b"{", headers={"Content-Type": "application/json"})
    listed = run("events", "dead-letters", "list", "--json", env={"DATABASE_URL": url})
    letters = json.loads(listed.stdout)
    assert len(letters) == 1
    for letter in letters:
        assert run("events", "dead-letters", "drop", letter["id"], env={"DATABASE_URL": url}).returncode == 0
    assert json.loads(run("events", "dead-letters", "list", "--json", env={"DATABASE_URL": url}).stdout) == []


def test_an_outage_is_told_as_such_and_ends_within_two_seconds_of_the_databases_return(start, cluster, url):
    server = start(DATABASE_URL=url)
    user = server.register()
    task = user.create()
    cluster.stop()
    try:
        for _ in range(3):
            problem(user.client.post("/api/tasks", json={"title": "lost"}), 503)
        problem(user.client.get(f"/api/tasks/{task['id']}"), 503)
        eventually(lambda: user.client.get("/readyz").status_code == 503, what="unreadiness")
        assert user.client.get("/livez").status_code == 200
    finally:
        cluster.start()
    began = time.monotonic()
    eventually(lambda: user.client.get("/readyz").status_code == 200, what="readiness")
    assert time.monotonic() - began < 2 * SLOWNESS
    user.create("kept")
    assert sorted(each["title"] for each in user.list()) == ["Water the plants", "kept"]


def test_a_restart_of_the_database_under_load_loses_nothing_that_was_answered(start, cluster, url):
    server = start(DATABASE_URL=url)
    user = server.register()
    answered, stop = [], threading.Event()

    def write():
        with server.client(headers=dict(user.client.headers)) as client:
            while not stop.is_set():
                title = f"task-{threading.get_ident()}-{time.monotonic_ns()}"
                if client.post("/api/tasks", json={"title": title}).status_code == 201:
                    answered.append(title)

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    for _ in range(2):
        have = len(answered)
        eventually(lambda have=have: len(answered) > have + 20, 30, "writes")
        cluster.stop()
        cluster.start()
    have = len(answered)
    eventually(lambda: len(answered) > have + 20, 30, "writes after the restart")
    stop.set()
    for writer in writers:
        writer.join()
    schema = url.rsplit("%3D", 1)[1]
    stored = cluster.psql(f"set search_path = {schema}", "set rondo.\"user\" = '*'", "select title from tasks")
    assert set(answered) <= set(stored)
    assert len(stored) == len(set(stored)), "a request was carried out twice"


def test_two_replicas_share_users_and_make_one_child_of_each_completed_task(start, cluster, url):
    one, two = start("one", DATABASE_URL=url), start("two", DATABASE_URL=url)
    user = one.register()
    other = user.at(two)
    tasks = [user.create(f"task {i}", due_date="2026-02-08", recurring_type="daily") for i in range(20)]

    def toggle(client, some):
        for task in some:
            client.toggle(task)

    halves = [
        threading.Thread(target=toggle, args=(user, tasks[:10])),
        threading.Thread(target=toggle, args=(other, tasks[10:])),
    ]
    for half in halves:
        half.start()
    for half in halves:
        half.join()
    for task in tasks:
        assert user.child(task)["id"] == other.child(task)["id"]
    eventually(lambda: count(cluster, url, "select count(*) from outbox") == 0, 30, "an empty outbox")
    assert count(cluster, url, "select count(*) from tasks where source is not null") == 20


def test_what_a_killed_replica_had_in_hand_another_takes_over(start, cluster, url):
    """A claim of a relay that is no more, made as a relay makes it, keeps the others out for its time only."""
    server = start(DATABASE_URL=url)
    user = server.register()
    task = user.create(due_date="2026-02-08", recurring_type="daily")
    eventually(lambda: count(cluster, url, "select count(*) from outbox") == 0, 30, "an empty outbox")
    schema = url.rsplit("%3D", 1)[1]
    cluster.psql(
        f"set search_path = {schema}",
        f"insert into relay_claims values ('{user.id}', gen_random_uuid(), clock_timestamp() + interval '3 seconds')",
    )
    began = time.monotonic()
    user.toggle(task)
    user.child(task, within_s=15)
    assert time.monotonic() - began > 1, "the claim held"
