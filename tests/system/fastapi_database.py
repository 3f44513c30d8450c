"""A database of the FastAPI backend, as SQLAlchemy's models make it: the DDL that CREATE TABLE gives on each engine."""

import contextlib
import datetime
import json
import re
import sqlite3
import uuid

USERS = """
CREATE TABLE users (
    id CHAR(32) NOT NULL,
    email VARCHAR(255) NOT NULL,
    name VARCHAR(255) NOT NULL,
    hashed_password VARCHAR NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ix_users_email ON users (email);
"""
TASKS = """
CREATE TABLE tasks (
    title VARCHAR(255) NOT NULL,
    description VARCHAR,
    status VARCHAR(11) NOT NULL,
    priority VARCHAR(6) NOT NULL,
    {tags}due_date DATETIME,
    recurring_type VARCHAR(7) NOT NULL,
    recurring_end_date DATETIME,
    id CHAR(32) NOT NULL,
    user_id CHAR(32) NOT NULL,
    parent_task_id CHAR(32),
    created_at DATETIME NOT NULL,
    updated_at DATETIME NOT NULL,
    completed_at DATETIME,
    PRIMARY KEY (id),
    FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE,
    FOREIGN KEY(parent_task_id) REFERENCES tasks (id) ON DELETE CASCADE
);
CREATE INDEX ix_tasks_user_id ON tasks (user_id);
CREATE INDEX ix_tasks_parent_task_id ON tasks (parent_task_id);
"""
TAGS = """
CREATE TABLE tags (
    id CHAR(32) NOT NULL,
    user_id CHAR(32) NOT NULL,
    name VARCHAR(50) NOT NULL,
    color VARCHAR(20) NOT NULL,
    created_at DATETIME NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(user_id) REFERENCES users (id)
);
CREATE TABLE task_tags (
    task_id CHAR(32),
    tag_id CHAR(32),
    FOREIGN KEY(task_id) REFERENCES tasks (id),
    FOREIGN KEY(tag_id) REFERENCES tags (id)
);
"""
VERSION = """
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
INSERT INTO alembic_version VALUES ('bee5587faeab');
"""
TAGS_AS_JSON = "tags JSON NOT NULL,\n    "


def schema(tags_as_json=False, with_version=True, postgres=False):
    ddl = USERS + TASKS.format(tags=TAGS_AS_JSON if tags_as_json else "")
    ddl += ("" if tags_as_json else TAGS) + (VERSION if with_version else "")
    if postgres:
        ddl = re.sub(r"\bCHAR\(32\)", "UUID", ddl).replace("DATETIME", "TIMESTAMP WITH TIME ZONE")
        for column, size, kind, values in (
            ("status", 11, "taskstatus", "'pending', 'in_progress', 'done'"),
            ("priority", 6, "priority", "'low', 'medium', 'high'"),
            ("recurring_type", 7, "recurringtype", "'none', 'daily', 'weekly', 'monthly'"),
        ):
            ddl = f"CREATE TYPE {kind} AS ENUM ({values});" + ddl.replace(
                f"{column} VARCHAR({size})", f"{column} {kind}"
            )
    return ddl


def stamp(at):
    """As SQLAlchemy writes a time into SQLite."""
    return at.strftime("%Y-%m-%d %H:%M:%S.%f")


def ago(**span):
    return datetime.datetime.now(datetime.UTC) - datetime.timedelta(**span)


class FastapiDatabase:
    """Rows are added as text; `execute` runs what no program would write."""

    def __init__(self, file, **how):
        self.file = file
        self.connection = sqlite3.connect(file)
        self.connection.executescript("PRAGMA journal_mode = WAL;" + schema(**how))

    def execute(self, sql, *values):
        self.connection.execute(sql, values)

    def close(self):
        self.connection.commit()
        self.connection.close()

    def insert(self, table, **row):
        places = ", ".join("?" * len(row))
        self.execute(f"insert into {table} ({', '.join(row)}) values ({places})", *row.values())

    def user(self, email, password_hash, **fields):
        row = {"id": uuid.uuid4().hex, "name": email.split("@")[0], "created_at": stamp(ago(days=400))} | fields
        self.insert("users", email=email, hashed_password=password_hash, **row)
        return row["id"]

    def task(self, user, title="Water the plants", **fields):
        row = {
            "id": uuid.uuid4().hex,
            "description": None,
            "status": "pending",
            "priority": "medium",
            "recurring_type": "none",
            "created_at": stamp(ago(days=300)),
        } | fields
        row.setdefault("updated_at", row["created_at"])
        if isinstance(row.get("tags"), list):
            row["tags"] = json.dumps(row["tags"])
        self.insert("tasks", user_id=user, title=title, **row)
        return row["id"]

    def tag(self, user, name, color="#3B82F6", **fields):
        row = {"id": uuid.uuid4().hex, "created_at": stamp(ago(days=300))} | fields
        self.insert("tags", user_id=user, name=name, color=color, **row)
        return row["id"]

    def tie(self, task, tag):
        self.insert("task_tags", task_id=task, tag_id=tag)


def dashed(id_text):
    return str(uuid.UUID(id_text))


def read_rows(file, sql):
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return connection.execute(sql).fetchall()
