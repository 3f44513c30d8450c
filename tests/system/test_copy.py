"""`rondo copy`: a whole database moves to the other engine and back, however often it is killed on the way. The PostgreSQL
servers are on a cluster of their own, as in test_postgres."""

import json
import subprocess

import pytest

from databases import SqliteFile
from support import BINARY, Server, environment, eventually, raw_id, run, wait_until_settled
from test_postgres import cluster, count, url  # noqa: F401

pytestmark = pytest.mark.sqlite

MANY = 12_000
TABLES = [
    "users",
    "sessions",
    "refresh_tokens",
    "login_throttles",
    "answers",
    "tags",
    "tasks",
    "task_tags",
    "events",
    "outbox",
    "dead_letters",
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A stopped server whose database has something in each table, and its user."""
    server = Server(tmp_path_factory.mktemp("filled"))
    server.start()
    user = server.register(name="Ann")
    user.repeating = user.create(
        "Repeats", due_date="2026-02-08T09:00", timezone="Europe/Berlin", recurring_type="daily", tags=["Home", "Müsli"]
    )
    user.toggle(user.create("Done", due_date="2026-02-08", recurring_type="weekly"))
    user.client.delete(f"/api/tasks/{user.create('thrown away')['id']}")
    user.client.post("/api/tasks", json={"title": "once"}, headers={"Idempotency-Key": "key-1"})
    user.client.post("/api/auth/login", json={"email": user.email, "password": "wrong password"})
    user.client.post("/api/events/task-completed", content=b"\xff\x00{", headers={"Content-Type": "application/json"})
    wait_until_settled(server)
    server.stop()
    # An unpublished event, and more tasks than one batch.
    server.database.execute("insert into outbox (sequence, owner) select sequence, owner from events limit 1")
    columns = ", ".join(
        row[0]
        for row in server.rows("select name from pragma_table_info('tasks')")
        if row[0] not in ("number", "id", "title", "source", "series", "parent")
    )
    server.database.execute(
        f"with recursive n (i) as (select 1 union all select i + 1 from n where i < {MANY})"
        f" insert into tasks (id, title, {columns}) select randomblob(16), 'copied ' || i, {columns}"
        " from n, (select * from tasks where id = ?)",
        raw_id(user.repeating),
    )
    user.server = server
    return user


def copy(source, target, *arguments):
    return run("copy", "--from", source, "--to", target, *arguments)


def tables(ended):
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)["tables"]


def kill_after(source, target, rows):
    """Starts a copy, and kills it as soon as it says that so many rows are there: far from the end."""
    with subprocess.Popen(
        [BINARY, "copy", "--from", source, "--to", target], stderr=subprocess.PIPE, text=True, env=environment()
    ) as process:
        for line in process.stderr:
            if line.startswith("copying") and int(line.split()[1]) >= rows:
                break
        else:
            raise AssertionError("it ended too soon")
        process.kill()


def goes_on(start, folder, database_url, user):
    """Holds a server on the copy to being the one that was copied."""
    server = start(folder, DATABASE_URL=database_url)
    again = type(user).__new__(type(user))
    again.server = server
    again.client = server.client(headers={"Authorization": f"Bearer {user.access_token}"})
    assert again.get(user.repeating) == user.repeating, "the session and the task came along"
    assert [tag["name"] for tag in again.get(user.repeating)["tags"]] == ["Home", "Müsli"]
    assert [each["title"] for each in again.list(q="MUSLI")] == ["Repeats"]
    assert len(again.list(q="copied 777")) == 11, "the words of a search came along"
    first = again.client.post("/api/tasks", json={"title": "once"}, headers={"Idempotency-Key": "key-1"})
    assert first.status_code == 201 and len(again.list(q="once")) == 1
    assert [
        each["task"]["title"] if "task" in each else each["title"] for each in again.client.get("/api/trash").json()
    ] == ["thrown away"]
    again.toggle(user.repeating)
    child = again.child(user.repeating)
    assert child["occurrence"] == 2
    feed = again.client.get("/api/events").json()
    assert feed[-1]["subject"] in (child["id"], user.repeating["id"]), "the newest come last"
    eventually(lambda: server.rows("select 1 from outbox limit 1") == [] if server.file.exists() else True)
    server.stop()


def test_killed_twice_it_goes_on_and_the_server_goes_on_with_it(start, filled, cluster, url, tmp_path):  # noqa: F811
    source = filled.server.database.url
    kill_after(source, url, MANY // 10)
    first = count(cluster, url, "select count(*) from tasks")
    assert 0 < first < MANY
    refused = run("serve", env={"DATABASE_URL": url})
    assert refused.returncode == 78 and "unfinished copy" in refused.stderr and "hunter2" not in refused.stderr
    kill_after(source, url, MANY // 3)
    assert first < count(cluster, url, "select count(*) from tasks") < MANY
    copied = tables(copy(source, url, "--json"))
    assert [each["table"] for each in copied] == TABLES
    assert all(each["rows"] > 0 for each in copied), copied
    assert count(cluster, url, "select count(*) from pg_tables where tablename = 'unfinished_copy'") == 0

    # Back again, and on to a third: every value is the same.
    there = f"sqlite:///{tmp_path}/there.db"
    kill_after(url, there, MANY // 10)
    assert tables(copy(url, there, "--json")) == copied
    third = f"sqlite:///{tmp_path}/third.db"
    assert tables(copy(there, third, "--json")) == copied

    goes_on(start, "on-postgres", url, filled)
    goes_on(start, "on-sqlite", third, filled)


def test_what_is_in_the_way_is_told_in_one_line(start, filled, tmp_path):
    source = filled.server.database.url
    target = f"sqlite:///{tmp_path}/new.db"

    def refused(code, said, given_source=source, given_target=target):
        ended = copy(given_source, given_target)
        assert ended.returncode == code and said in ended.stderr, ended.stderr
        assert len(ended.stderr.strip().splitlines()) == 1

    refused(66, "there is none", given_source=f"sqlite:///{tmp_path}/none.db")
    refused(78, "--to=nonsense", given_target="nonsense")
    refused(78, "that --from names", given_target=source)
    with Server(tmp_path / "other") as other:
        other.register()
        refused(75, "has it open", given_source=other.database.url)
    refused(78, "holds data already", given_target=other.database.url)
    kill_after(source, target, MANY // 10)
    refused(78, "unfinished copy of another", given_source=other.database.url)
    refused(78, "unfinished copy", given_source=target, given_target=f"sqlite:///{tmp_path}/newer.db")
    assert not (tmp_path / "newer.db").exists()


def test_a_source_that_changes_meanwhile_is_found_out(filled, tmp_path):
    source, target = SqliteFile(tmp_path / "from.db"), f"sqlite:///{tmp_path}/to.db"
    assert copy(filled.server.database.url, source.url).returncode == 0
    kill_after(source.url, target, MANY // 10)
    source.execute("update users set name = 'Zoe'")
    ended = copy(source.url, target)
    assert ended.returncode == 65 and "users" in ended.stderr and "has changed" in ended.stderr
    assert run("serve", env={"DATABASE_URL": target}).returncode == 78


def test_help_has_an_example():
    told = run("copy", "--help")
    assert told.returncode == 0 and "rondo copy --from sqlite:" in told.stdout
