"""The FastAPI backend's tables in a PostgreSQL database are taken over within it. On a cluster of their own, as test_postgres."""

import json
import uuid

from fastapi_database import schema
from support import run
from test_postgres import cluster, count, url  # noqa: F401
from test_taking_over import BCRYPT, log_in


def fill(cluster, url, rows, **how):  # noqa: F811
    name = url.rsplit("%3D", 1)[1]
    cluster.psql(f"set search_path = {name}", schema(postgres=True, **how), *rows)


def rows_of(user, task, tag=None):
    made = "'2026-01-02 03:04:05.678+00'"
    rows = [
        f"insert into users values ('{user}', 'Ann@example.org', 'Ann', '{BCRYPT}', {made})",
        "insert into tasks (id, user_id, title, status, priority, recurring_type, due_date, created_at, updated_at"
        + (", tags" if tag is None else "")
        + f") values ('{task}', '{user}', 'Milk für alle', 'pending', 'high', 'daily', '2026-02-08 10:00+01',"
        f" {made}, {made}" + (""", '["home", "Müsli"]')""" if tag is None else ")"),
    ]
    if tag is not None:
        rows += [
            f"insert into tags values ('{tag}', '{user}', 'home', 'teal', {made})",
            f"insert into task_tags values ('{task}', '{tag}'), ('{task}', '{tag}')",
        ]
    return rows


def test_they_are_taken_over_and_kept_under_other_names(start, cluster, url):  # noqa: F811
    user, task, tag = (str(uuid.uuid4()) for _ in range(3))
    fill(cluster, url, rows_of(user, task, tag))
    refused = run("migrate", "status", env={"DATABASE_URL": url})
    assert refused.returncode == 78 and "FastAPI" in refused.stderr and "hunter2" not in refused.stderr
    ended = run("migrate", "up", "--json", env={"DATABASE_URL": url})
    assert ended.returncode == 0, ended.stderr
    report = json.loads(ended.stdout)["taken_over"]
    assert (report["users"], report["tasks"], report["tags"], report["tags_on_tasks"]) == (1, 1, 1, 1)
    server = start(DATABASE_URL=url)
    ann = log_in(server, "ann@example.org")
    (found,) = ann.list(q="FUR home")
    assert (found["id"], found["due_date"]) == (task, "2026-02-08T09:00:00+00:00")
    assert found["created_at"] == "2026-01-02T03:04:05.678Z"
    assert [(each["id"], each["color"]) for each in found["tags"]] == [(tag, "#008080")]
    ann.toggle(task)
    assert ann.child(task)["title"] == "Milk für alle"
    assert count(cluster, url, "select count(*) from fastapi_tasks") == 1
    assert count(cluster, url, "select count(*) from fastapi_report where line like 'Taken over: 1 users%'") == 1


def test_tags_as_a_json_list_become_tags(start, cluster, url):  # noqa: F811
    user, task = str(uuid.uuid4()), str(uuid.uuid4())
    fill(cluster, url, rows_of(user, task), tags_as_json=True, with_version=False)
    server = start(DATABASE_URL=url)  # takes over by itself
    assert "Taken over: 1 users, 1 tasks, 2 tags" in server.output()
    assert [tag["name"] for tag in log_in(server, "ann@example.org").get(task)["tags"]] == ["home", "Müsli"]


def test_what_cannot_be_understood_is_refused_and_nothing_written(cluster, url):  # noqa: F811
    user, task, tag = (str(uuid.uuid4()) for _ in range(3))
    fill(cluster, url, [*rows_of(user, task, tag), "alter table tasks add column estimate integer"])
    ended = run("migrate", "up", env={"DATABASE_URL": url})
    assert ended.returncode == 78 and "estimate" in ended.stderr and len(ended.stderr.strip().splitlines()) == 1
    assert count(cluster, url, "select count(*) from tasks where title = 'Milk für alle'") == 1
    assert (
        count(
            cluster,
            url,
            "select count(*) from pg_tables where tablename like 'fastapi%' and schemaname = current_schema()",
        )
        == 0
    )
