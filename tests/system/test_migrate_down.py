"""`rondo migrate down` says what it deletes, row by row counted, before it asks."""

import json
import os
import pty
import select
import subprocess

import pytest

from fastapi_database import read_rows
from support import BINARY, SLOWNESS, Server, environment, run
from test_postgres import cluster, url  # noqa: F401

ALL = ("down", "--steps", "99")


@pytest.fixture
def server(tmp_path):
    """Stopped, with a task that was moved alone and one that was not."""
    one = Server(tmp_path)
    with one:
        user = one.register()
        user.create("stays")
        task = user.create("moved", due_date="2026-02-08", recurring_type="daily", tags=["home"])
        user.change(task, due_date="2026-02-09", edit_scope="this")
    return one


def down(server, *arguments):
    return run("migrate", "down", *arguments, env=server.env)


def to(server, migration):
    """The steps that take everything back from this migration on."""
    states = json.loads(run("migrate", "status", "--json", env=server.env).stdout)["migrations"]
    return sum(each["name"] >= migration for each in states)


def on_terminal(server, answer):
    """`down` of everything on a terminal, where someone types an answer; gives the exit code and all that is shown."""
    leader, follower = pty.openpty()
    command = [BINARY, "migrate", *ALL]
    with subprocess.Popen(
        command, stdin=follower, stdout=follower, stderr=follower, env=environment(**server.env), start_new_session=True
    ) as process:
        os.close(follower)
        shown, has_answered = "", False
        while True:
            assert select.select([leader], [], [], 30 * SLOWNESS)[0], shown
            try:
                read = os.read(leader, 4096)
            except OSError:  # the other end is closed
                break
            if not read:
                break
            shown += read.decode()
            if "Type yes" in shown and not has_answered:
                has_answered = True
                os.write(leader, answer.encode() + b"\n")
        os.close(leader)
        return process.wait(), shown


@pytest.mark.sqlite
class TestOfAFile:
    def test_a_column_is_named_with_the_rows_that_have_something_in_it(self, server):
        steps = to(server, "0002_moved_occurrences")
        refused = down(server, "--steps", steps)
        assert refused.returncode == 64 and refused.stdout == ""
        assert "column tasks.moved_from_wall: 1 rows have something in it" in refused.stderr
        assert "column tasks.moved_from_all_day: 1 rows" in refused.stderr
        assert "table" not in refused.stderr and "--yes" in refused.stderr and "copy" in refused.stderr
        assert not [each for each in server.folder.iterdir() if "before" in each.name]
        done = json.loads(down(server, "--steps", steps, "--yes", "--json").stdout)
        assert {"table": "tasks", "column": "moved_from_wall", "rows": 1} in done["lost"]
        assert len(done["reverted"]) == steps

    def test_tables_are_counted_and_a_copy_is_there_before_they_go(self, server):
        refused = down(server, "--steps", 99)
        assert refused.returncode == 64
        for line in ("table tasks: 2 rows", "table users: 1 rows", "table tags: 1 rows", "table dead_letters: 0 rows"):
            assert line in refused.stderr, refused.stderr
        assert "task_text" not in refused.stderr, "what a search looks in is no data"
        assert down(server, "--steps", 99, "--yes").returncode == 0
        (copy,) = [each for each in server.folder.iterdir() if ".before-down-" in each.name]
        assert read_rows(copy, "select count(*) from tasks") == [(2,)]
        assert read_rows(server.file, "select count(*) from sqlite_schema where name = 'tasks'") == [(0,)]

    def test_what_loses_nothing_does_not_ask(self, server):
        above = to(server, "0003_event_lookups") - 1
        if above:
            assert down(server, "--steps", above, "--yes").returncode == 0
        ended = down(server)
        assert ended.returncode == 0 and ended.stderr == "" and "0003_event_lookups" in ended.stdout

    def test_a_dry_run_says_the_same_and_changes_nothing(self, server):
        states = run("migrate", "status", env=server.env).stdout
        refused, asked = down(server, "--steps", 99), down(server, "--steps", 99, "--dry-run")
        assert asked.returncode == refused.returncode == 64
        assert asked.stderr and asked.stderr in refused.stderr
        assert asked.stdout.splitlines()[-1] == "would revert 0001_initial"
        told = down(server, "--steps", 99, "--dry-run", "--yes", "--json")
        assert run("migrate", "status", env=server.env).stdout == states
        assert not [each for each in server.folder.iterdir() if "before" in each.name]
        done = json.loads(down(server, "--steps", 99, "--yes", "--json").stdout)
        assert told.returncode == 0
        assert json.loads(told.stdout) == {"would_revert": done["reverted"], "lost": done["lost"]}

    @pytest.mark.parametrize("answer", ["no", "y", ""])
    def test_on_a_terminal_it_asks_and_takes_only_yes_for_a_yes(self, server, answer):
        code, shown = on_terminal(server, answer)
        assert code == 64 and "table tasks: 2 rows" in shown and "Nothing was changed" in shown
        assert read_rows(server.file, "select count(*) from tasks") == [(2,)]

    def test_a_yes_on_a_terminal_is_enough(self, server):
        code, shown = on_terminal(server, "yes")
        assert code == 0 and "reverted 0001_initial" in shown
        assert read_rows(server.file, "select count(*) from sqlite_schema where name = 'tasks'") == [(0,)]


def test_of_a_schema_it_counts_everyones_rows(start, url):  # noqa: F811
    server = start(DATABASE_URL=url)
    user = server.register()
    user.create(), user.create()
    server.stop()
    refused = run("migrate", *ALL, env={"DATABASE_URL": url})
    assert refused.returncode == 64 and "table tasks: 2 rows" in refused.stderr and "pg_dump" in refused.stderr
    server.start()
    assert len(user.again().list()) == 2, "nothing was changed"
    server.stop()
    done = json.loads(run("migrate", *ALL, "--yes", "--json", env={"DATABASE_URL": url}).stdout)
    assert {"table": "users", "column": None, "rows": 1} in done["lost"]
