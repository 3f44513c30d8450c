#!/usr/bin/env python3
"""Searching and sorting by title at many tasks, and how long these get their keys while the server runs: `make bench-text`.

usage: bench/load/text.py [--tasks N] [--requests N] [--against BINARY] [--postgres URL] [--json]

One user has N tasks, whose rows are written past the server. Then the server starts on them, and gives them what titles are
sorted by and what a search looks in; how long that takes is measured, and how long other requests wait meanwhile. When it is
done, the same lists are asked for again and again, in turns. With --against, another binary (an older one) has the same
tasks in a database of its own, and both are asked in turns. SQLite, or PostgreSQL with --postgres, whose role may make
schemas. Needs the release build, and psycopg for --postgres.
"""

import argparse
import contextlib
import json
import random
import re
import shutil
import sqlite3
import statistics
import sys
import time
import urllib.parse
import uuid
from pathlib import Path

from backends import Backend

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "build" / "bench" / "text"
WORDS = """milk bread eggs water plants garden letter invoice Müller Straße Brötchen call dentist report weekly review
    project budget flight hotel Łódź café naïve Äpfel Birnen Zebra kitchen window bicycle e-mail C++ course 牛乳 買う
    東京 出張 README.md https://example.org/a meeting notes birthday present library book return taxes""".split()
RARE = "rhubarb"
EVERY = 200  # a task has the rare word
FILL_MAX_S = 3600
LISTS = {
    "search, a rare word": {"q": RARE},
    "search, a common word": {"q": "garden"},
    "search, two words": {"q": "garden bread"},
    "search, a word cut short": {"q": "rhub"},
    "search, a folded word": {"q": "brotchen"},
    "sort=created_at": {"sort": "created_at"},
    "sort=title": {"sort": "title"},
}


class Server(Backend):
    """A binary of Rondo's on a SQLite file or a schema of its own."""

    def __init__(self, name: str, binary: Path, postgres: str | None):
        super().__init__(FOLDER / name)
        self.name, self.binary = name, binary.resolve()
        self.schema = f"bench_text_{name}"
        self.postgres = postgres
        if postgres:
            join = "&" if "?" in postgres else "?"
            self.env["DATABASE_URL"] = f"{postgres}{join}options=-csearch_path%3D{self.schema}"
            with self.look() as db:
                db.execute(f"drop schema if exists {self.schema} cascade")
                db.execute(f"create schema {self.schema}")

    def commands(self) -> list[tuple[list[str], Path]]:
        return [([str(self.binary), "serve"], self.folder)]

    def look(self):
        import psycopg

        return psycopg.connect(self.postgres, autocommit=True)

    def multiply(self, tasks: int) -> None:
        """Makes of the one task that is there as many as wanted; the server is stopped."""
        dice = random.Random(1)
        now = int(time.time() * 1000)

        def rows():
            for number in range(tasks - 1):
                some = dice.choices(WORDS, k=dice.randint(2, 6))
                if number % EVERY == 0:
                    some.append(RARE)
                more = " ".join(dice.choices(WORDS, k=12)) if number % 3 == 0 else None
                id_ = uuid.UUID(int=(now + number) << 80 | 7 << 76 | 2 << 62 | dice.getrandbits(62))
                yield id_, f"{' '.join(some)} {number % 1000}", more, now + number

        (self.multiply_postgres if self.postgres else self.multiply_sqlite)(rows())

    def multiply_sqlite(self, rows) -> None:
        with contextlib.closing(sqlite3.connect(self.database)) as db:
            names = [row[1] for row in db.execute("pragma table_info (tasks)")]
            template = dict(zip(names, db.execute("select * from tasks").fetchone(), strict=True))
            del template["number"]

            def filled():
                for id_, title, description, at in rows:
                    changed = {"id": id_.bytes, "title": title, "description": description, "created_at": at}
                    if "title_order" in template:
                        changed["title_order"] = b""
                    yield template | changed | {"updated_at": at}

            places = ", ".join(f":{name}" for name in template)
            db.executemany(f"insert into tasks ({', '.join(template)}) values ({places})", filled())
            if "title_order" in template:
                db.execute("delete from task_text")
                db.execute("update text_keys set rules = 0, done_to = 0, gaps = 1")
            else:
                db.execute("insert into task_text (task_text) values ('rebuild')")
            db.commit()

    def multiply_postgres(self, rows) -> None:
        with self.look() as db:
            db.execute(f"set search_path = {self.schema}")
            db.execute("set rondo.\"user\" = '*'")
            db.execute("create temporary table made (id uuid, title text, description text, at bigint)")
            with db.cursor().copy("copy made from stdin") as copy:
                for row in rows:
                    copy.write_row(row)
            names = [
                name
                for (name,) in db.execute(
                    "select column_name from information_schema.columns where table_schema = current_schema()"
                    " and table_name = 'tasks' and is_identity = 'NO' and is_generated = 'NEVER'"
                )
            ]
            own = {"id": "m.id", "title": "m.title", "description": "m.description", "created_at": "m.at"}
            own |= {
                "updated_at": "m.at",
                "words": "to_tsvector('simple', m.title || ' ' || coalesce(m.description, ''))",
            }
            own |= {"title_order": "''", "folded_words": "null"}
            columns = ", ".join(own.get(name, f"t.{name}") for name in names)
            db.execute(f"insert into tasks ({', '.join(names)}) select {columns} from made m cross join tasks t")
            if "folded_words" in names:
                db.execute("update text_keys set rules = 0, done_to = 0, gaps = true")

    def tidy(self) -> None:
        """Makes the tables as if the tasks had been written as they are now."""
        if self.postgres:
            with self.look() as db:
                db.execute(f"set search_path = {self.schema}")
                db.execute("vacuum full analyze tasks")

    def keys_left(self) -> float:
        connection = self.connect()
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
        connection.close()
        found = re.search(r"^rondo_text_keys_left (\S+)", text, re.M)
        return float(found[1]) if found else 0

    def log(self) -> str:
        return (self.folder / "log").read_text()


class Asked:
    """Requests of one client over one connection, and how long each took."""

    def __init__(self, server: Server, token: str):
        self.server, self.token = server, token
        self.connection = server.connect()
        self.took: dict[str, list[float]] = {}

    def ask(self, name: str, method: str, target: str, body: object = None) -> object:
        begun = time.perf_counter()
        status, answer = self.server.call(method, target, body, self.token, self.connection)
        self.took.setdefault(name, []).append((time.perf_counter() - begun) * 1000)
        if status not in (200, 201):
            raise SystemExit(f"{self.server.name} answered {method} {target} with {status}: {answer}")
        return answer

    def list(self, name: str, query: dict) -> int:
        answer = self.ask(name, "GET", f"/api/tasks?{urllib.parse.urlencode(query | {'limit': 50})}")
        return len(answer if isinstance(answer, list) else answer["tasks"])


def percentile(took: list[float], part: float) -> float:
    return sorted(took)[min(len(took) - 1, int(len(took) * part))]


def fill(server: Server, token: str, tasks: int) -> dict:
    """Waits until all tasks have their keys; asks and writes meanwhile."""
    begun = time.monotonic()
    client = Asked(server, token)
    while server.keys_left() > 0 or "have their keys" not in server.log():
        client.ask("write", "POST", "/api/tasks", {"title": "meanwhile"})
        client.list("list", {"sort": "created_at"})
        if time.monotonic() - begun > FILL_MAX_S:
            raise SystemExit("The tasks did not get their keys.")
        time.sleep(0.05)
    seconds = time.monotonic() - begun
    figures = {"seconds": round(seconds, 1), "tasks_per_s": round(tasks / seconds)}
    for name, took in client.took.items():
        figures[f"{name}_meanwhile_ms"] = {
            "p50": round(statistics.median(took), 2),
            "p99": round(percentile(took, 0.99), 2),
            "max": round(max(took), 2),
        }
    return figures


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--tasks", type=int, default=100_000)
    options.add_argument("--requests", type=int, default=200, help="of each kind, for each binary")
    options.add_argument("--binary", type=Path, default=ROOT / "build/release/rondo")
    options.add_argument("--against", type=Path, help="another binary of Rondo's, to be asked in turns")
    options.add_argument("--postgres", help="URL of a server whose role may make schemas; without: SQLite")
    options.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    given = options.parse_args()

    shutil.rmtree(FOLDER, ignore_errors=True)
    binaries = {"this": given.binary} | ({"other": given.against} if given.against else {})
    figures: dict = {"tasks": given.tasks, "engine": "postgres" if given.postgres else "sqlite", "p50_ms": {}}
    with contextlib.ExitStack() as stack:
        clients = {}
        for name, binary in binaries.items():
            server = stack.enter_context(Server(name, binary, given.postgres))
            token = server.register("bench@example.org")
            server.call("POST", "/api/tasks", {"title": "the first"}, token)
            server.process.terminate()
            server.process.wait()
            server.multiply(given.tasks)
            server.start()
            if name == "this":
                figures["fill"] = fill(server, token, given.tasks)
            server.tidy()
            clients[name] = Asked(server, token)
        found: dict = {}
        for round_ in range(given.requests + 5):
            if round_ == 5:  # the first ones warm up
                for client in clients.values():
                    client.took.clear()
            for what, query in LISTS.items():
                turns = list(clients.items())
                for name, client in turns if round_ % 2 else reversed(turns):
                    found.setdefault(what, {})[name] = client.list(what, query)
        for what in LISTS:
            p50 = {name: round(statistics.median(client.took[what]), 3) for name, client in clients.items()}
            if "other" in p50:
                p50["ratio"] = round(p50["this"] / p50["other"], 2)
            figures["p50_ms"][what] = p50 | {"found": found[what]["this"]}
        mine = figures["p50_ms"]
        figures["title_to_created_at"] = round(mine["sort=title"]["this"] / mine["sort=created_at"]["this"], 2)
    if given.json:
        print(json.dumps(figures))
        return 0
    print(f"{given.tasks} tasks of one user, {figures['engine']}, {given.requests} requests of each kind in turns")
    print(f"keys for sorting and searching: {json.dumps(figures['fill'])}")
    for what, p50 in figures["p50_ms"].items():
        print(f"{what:28} p50 " + "  ".join(f"{name} {value}" for name, value in p50.items()))
    print(f"sort=title takes {figures['title_to_created_at']} × as long as sort=created_at")
    return 0


if __name__ == "__main__":
    sys.exit(main())
