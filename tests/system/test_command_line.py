"""The binary's other commands, beside the server's database and its running server."""

import base64
import contextlib
import json
import sqlite3

import pytest

from support import Server, run, wait_until_settled
from test_events import PATH, data_of


@pytest.mark.sqlite
class TestMigrate:
    def command(self, server, *arguments):
        return run("migrate", *arguments, env=server.env)

    def schema(self, file):
        with contextlib.closing(sqlite3.connect(file)) as connection:
            return connection.execute(
                "select type, name, sql from sqlite_schema where name not like 'sqlite_%' order by type, name"
            ).fetchall()

    def test_up_down_and_up_again_gives_the_same_schema(self, tmp_path):
        server = Server(tmp_path)
        before = json.loads(self.command(server, "status", "--json").stdout)
        assert before and not server.file.exists()
        assert self.command(server, "up").returncode == 0
        first = self.schema(server.file)
        status = json.loads(self.command(server, "status", "--json").stdout)
        assert len(status) == len(before)
        assert self.command(server, "status").returncode == 0
        all_the_way = ("down", "--steps", 9999)
        refused = self.command(server, *all_the_way)
        assert refused.returncode != 0 and "--yes" in refused.stdout + refused.stderr
        assert self.schema(server.file) == first
        assert self.command(server, *all_the_way, "--yes").returncode == 0
        assert "tasks" not in [row[1] for row in self.schema(server.file)]
        assert self.command(server, "up").returncode == 0
        assert self.schema(server.file) == first
        with server:
            server.register().create()

    def test_down_leaves_a_copy_of_what_was_there(self, tmp_path):
        server = Server(tmp_path)
        with server:
            server.register().create("precious")
        assert self.command(server, "down", "--yes").returncode == 0
        copies = [file for file in tmp_path.iterdir() if ".before-" in file.name and file.suffix not in (".log",)]
        assert copies
        with contextlib.closing(sqlite3.connect(copies[0])) as connection:
            assert connection.execute("select title from tasks").fetchall() == [("precious",)]

    def test_refuses_another_programs_file(self, tmp_path):
        with contextlib.closing(sqlite3.connect(tmp_path / "todo.db")) as connection:
            connection.execute("create table theirs (id text)")
            connection.commit()
        before = (tmp_path / "todo.db").read_bytes()
        for arguments in (("up",), ("down", "--yes"), ("status",)):
            ended = self.command(Server(tmp_path), *arguments)
            assert ended.returncode not in (0, 70), arguments
        assert (tmp_path / "todo.db").read_bytes() == before


class TestDeadLetters:
    def command(self, server, *arguments):
        return run("events", "dead-letters", *arguments, folder=server.folder, env=server.env)

    def test_are_listed_shown_replayed_and_dropped_while_the_server_runs(self, start):
        server = start()
        user = server.register()
        assert json.loads(self.command(server, "list", "--json").stdout) == []
        task = user.create(due_date="2026-02-08", recurring_type="daily")
        done = user.toggle(task)
        user.child(task)
        # What was sent as text in a form that is refused, and one that never can be read.
        for body, content_type in (
            (json.dumps(data_of(done)).encode(), "text/plain"),
            (b"\xff\x00{", "application/json"),
        ):
            assert (
                user.client.post(PATH, content=body, headers={"Content-Type": content_type}).json()["status"] == "DROP"
            )
        listed = self.command(server, "list", "--json")
        assert listed.returncode == 0
        letters = json.loads(listed.stdout)
        assert [letter["origin"] for letter in letters] == ["endpoint", "endpoint"] and all(
            letter["reason"] for letter in letters
        )
        first, second = (str(letter["id"]) for letter in letters)
        assert first in self.command(server, "list").stdout

        shown = json.loads(self.command(server, "show", first, "--json").stdout)
        assert json.loads(shown["bytes"])["task_id"] == task["id"] and shown["content_type"] == "text/plain"
        raw = json.loads(self.command(server, "show", second, "--json").stdout)
        assert base64.b64decode(raw["bytes_base64"]) == b"\xff\x00{"
        assert "\x00" not in self.command(server, "show", second).stdout

        replayed = self.command(server, "replay", second, "--json")
        assert replayed.returncode == 1 and json.loads(replayed.stdout)[0]["done"] is False
        assert [str(letter["id"]) for letter in json.loads(self.command(server, "list", "--json").stdout)] == [
            first,
            second,
        ]

        dropped = self.command(server, "drop", second)
        assert dropped.returncode == 0
        assert self.command(server, "drop", second).returncode == 1
        assert self.command(server, "show", "999").returncode == 1
        assert [str(letter["id"]) for letter in json.loads(self.command(server, "list", "--json").stdout)] == [first]
        assert user.get(task), "the server goes on"

    def test_replaying_makes_what_was_missing(self, start):
        """A letter whose content type was wrong is replayed after it has been mended in the database."""
        server = start()
        user = server.register()
        task = user.create(due_date="2026-02-08", recurring_type="daily")
        done = user.toggle(task)
        child = user.child(task)
        user.client.post(PATH, content=json.dumps(data_of(done)), headers={"Content-Type": "text/plain"})
        wait_until_settled(server)
        server.database.execute("update dead_letters set content_type = 'application/json'")
        (letter,) = json.loads(self.command(server, "list", "--json").stdout)
        replayed = self.command(server, "replay", letter["id"], "--json")
        assert replayed.returncode == 0
        assert json.loads(replayed.stdout) == [
            {"id": letter["id"], "done": True, "outcome": "exists", "task_id": child["id"]}
        ]
        assert json.loads(self.command(server, "list", "--json").stdout) == []

    def test_of_no_database_say_so(self, tmp_path):
        for name in ("list", "drop 1", "replay 1", "show 1"):
            told = run(
                "events",
                "dead-letters",
                *name.split(),
                folder=tmp_path,
                env={"DATABASE_URL": f"sqlite:///{tmp_path}/none.db"},
            )
            assert (
                told.returncode not in (0, 1)
                and len(told.stderr.strip().splitlines()) == 1
                and "none.db" in told.stderr
            )
        assert list(tmp_path.iterdir()) == []

    def test_help_has_an_example(self):
        told = run("events", "dead-letters", "replay", "--help")
        assert told.returncode == 0 and "rondo events dead-letters replay" in told.stdout


def test_next_agrees_with_the_server(start):
    server = start()
    user = server.register()
    task = user.create(
        due_date="2026-01-31T23:30", timezone="America/New_York", recurring_type="monthly", repeat_mode="on_schedule"
    )
    user.toggle(task, completed_at="2026-02-05T12:00:00Z")
    told = run(
        "next",
        "--json",
        "--due",
        "2026-01-31T23:30",
        "--done",
        "2026-02-05T12:00Z",
        "--type",
        "monthly",
        "--mode",
        "on_schedule",
        "--timezone",
        "America/New_York",
    )
    assert json.loads(told.stdout)["next_due_date"] == user.child(task)["due_date"]
