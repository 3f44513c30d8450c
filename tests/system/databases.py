"""The database behind a server: a SQLite file, or, with RONDO_TEST_DATABASE=postgres, a schema on the PostgreSQL server that
RONDO_TEST_POSTGRES names (tools/dev-services start postgres prints it)."""

import contextlib
import functools
import hashlib
import json
import os
import re
import secrets
import sqlite3
import threading

import psycopg

ON_POSTGRES = os.environ.get("RONDO_TEST_DATABASE", "sqlite") == "postgres"
POSTGRES = os.environ.get("RONDO_TEST_POSTGRES", "")
RUN = secrets.token_hex(4)  # folders of an earlier run may have had the same names
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class SqliteFile:
    def __init__(self, file):
        self.file = file
        self.url = self.shown = f"sqlite:///{file}"

    def rows(self, sql, *values):
        """Reading does not disturb the server."""
        with contextlib.closing(sqlite3.connect(f"file:{self.file}?mode=ro", uri=True, timeout=10)) as connection:
            return connection.execute(sql, values).fetchall()

    def execute(self, sql, *values):
        """Changes rows past the server."""
        with contextlib.closing(sqlite3.connect(self.file, timeout=10)) as connection:
            connection.execute(sql, values)
            connection.commit()


class PostgresSchema:
    """A schema that is looked at as the server's own role; what is read looks as SQLite gives it."""

    def __init__(self, folder):
        self.name = "s" + hashlib.sha256(f"{RUN} {folder}".encode()).hexdigest()[:20]
        join = "&" if "?" in POSTGRES else "?"
        self.url = f"{POSTGRES}{join}options=-csearch_path%3D{self.name}"
        self.shown = POSTGRES.split("?")[0]
        self.run("set client_min_messages = error", f"create schema if not exists {self.name}")

    def run(self, *statements):
        """The rows of the last statement. Each connection costs PostgreSQL a process, so all schemas share one."""
        with one_at_a_time:
            for sql in statements:
                cursor = connection().execute(sql)
            return cursor.fetchall() if cursor.description else []

    def rows(self, sql, *values):
        sql = re.sub(r"\bhex\((\w+)\)", r"coalesce(upper(replace(\1::text, '-', '')), '')", with_values(sql, values))
        found = self.run(*self.as_everyone(), f"select row_to_json(found)::text from ({sql}) found")
        return [tuple(as_sqlite(value) for _, value in json.loads(row, object_pairs_hook=list)) for (row,) in found]

    def execute(self, sql, *values):
        self.run(*self.as_everyone(), with_values(sql, values))

    def as_everyone(self):
        return f"set search_path = {self.name}", "set rondo.\"user\" = '*'"


one_at_a_time = threading.Lock()


@functools.cache
def connection():
    return psycopg.connect(POSTGRES, autocommit=True)


def with_values(sql, values):
    for value in values:
        sql = sql.replace("?", literal(value), 1)
    return sql


def literal(value):
    if isinstance(value, bytes):
        return f"'{value.hex()}'"  # of a uuid
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def as_sqlite(value):
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and UUID.fullmatch(value):
        return bytes.fromhex(value.replace("-", ""))
    if isinstance(value, str) and value.startswith("\\x"):
        return bytes.fromhex(value[2:])
    return value
