-- Ids are UUIDs, 16 bytes. Instants are milliseconds since 1970, UTC. Enumerations are the numbers of the C++ ones.
-- `..._key` is the text folded to lower case by the program (store/sqlite/fold.hpp).

CREATE TABLE users (
    id BLOB NOT NULL PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT,
    zone TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    user BLOB NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_user ON sessions (user);
CREATE INDEX sessions_by_age ON sessions (created_at);

CREATE TABLE refresh_tokens (
    hash BLOB NOT NULL PRIMARY KEY,
    session BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session, expires_at);

CREATE TABLE login_throttles (
    key TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    last_failure_at INTEGER NOT NULL,
    blocked_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX login_throttles_by_age ON login_throttles (last_failure_at);

CREATE TABLE answers (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    answer BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (scope, key)
) STRICT;
CREATE INDEX answers_by_age ON answers (created_at);

CREATE TABLE tasks (
    number INTEGER PRIMARY KEY,  -- what task_tags and task_text call it by
    id BLOB NOT NULL UNIQUE,
    owner BLOB NOT NULL REFERENCES users (id),
    title TEXT NOT NULL COLLATE NOCASE,  -- compared without regard to the case of ASCII letters
    description TEXT,
    status INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    due_wall INTEGER,  -- seconds on the wall clock of `zone`: the truth
    due_all_day INTEGER NOT NULL,
    due_at INTEGER NOT NULL,  -- the instant derived from it, for sorting; the largest integer when there is no due date
    zone TEXT NOT NULL,
    repeat_type INTEGER NOT NULL,
    repeat_interval INTEGER NOT NULL,
    repeat_rule TEXT NOT NULL,
    repeat_mode INTEGER NOT NULL,
    repeat_end_day INTEGER,  -- days since 1970, inclusive
    repeat_end_at INTEGER,
    series_start_wall INTEGER,
    series_start_all_day INTEGER NOT NULL,
    parent BLOB,
    series BLOB,  -- null: its own id, the first of its series
    occurrence INTEGER NOT NULL,
    source BLOB,
    ended INTEGER,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    completed_at INTEGER,
    deleted_at INTEGER,  -- set: in the trash
    batch BLOB,          -- of the delete that took it
    child_made INTEGER NOT NULL DEFAULT 0  -- 1: completing it made a child, which may have been purged from the trash since
) STRICT;

-- One per sort order. The two that lists use most carry what is filtered by, so that no rows are read in vain.
CREATE INDEX tasks_by_created ON tasks (owner, created_at, id, status, priority, repeat_type) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_due ON tasks (owner, due_at, id, status, priority, repeat_type) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_updated ON tasks (owner, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_priority ON tasks (owner, priority, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_title ON tasks (owner, title, id) WHERE deleted_at IS NULL;

-- At most one task is made by completing another, whatever happens.
CREATE UNIQUE INDEX tasks_by_source ON tasks (source) WHERE source IS NOT NULL;
CREATE INDEX tasks_by_parent ON tasks (parent) WHERE parent IS NOT NULL;
CREATE INDEX tasks_by_series ON tasks (series) WHERE series IS NOT NULL;
CREATE INDEX tasks_in_trash ON tasks (owner, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX tasks_to_purge ON tasks (deleted_at) WHERE deleted_at IS NOT NULL;
-- Completed, recurring, unended and childless: almost always empty.
CREATE INDEX tasks_missing_child ON tasks (completed_at)
    WHERE status = 2 AND repeat_type <> 0 AND ended IS NULL AND child_made = 0 AND deleted_at IS NULL;

-- A child that vanishes without having been in the trash was taken back, or lost: completing its source may make one again.
CREATE TRIGGER tasks_child_gone AFTER DELETE ON tasks WHEN old.source IS NOT NULL AND old.deleted_at IS NULL BEGIN
    UPDATE tasks SET child_made = 0 WHERE id = old.source;
END;

CREATE TABLE tags (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    owner BLOB NOT NULL REFERENCES users (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    color TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (owner, name_key)
) STRICT;

CREATE TABLE task_tags (
    task INTEGER NOT NULL REFERENCES tasks (number) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    tag INTEGER NOT NULL REFERENCES tags (number) ON DELETE CASCADE,
    PRIMARY KEY (task, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX task_tags_by_tag ON task_tags (tag, task);

-- Full text. The owner is a word of each document, so that a search walks that user's entries alone. Tag names are
-- indexed once per tag, not per task: renaming a tag costs the same however many tasks carry it.
CREATE VIEW task_text_source AS SELECT number, lower(hex(owner)) AS owner, title, description FROM tasks;
CREATE VIRTUAL TABLE task_text USING fts5 (
    owner, title, description,
    content = 'task_text_source', content_rowid = 'number', columnsize = 0, tokenize = "unicode61 remove_diacritics 2");
CREATE VIEW tag_text_source AS SELECT number, lower(hex(owner)) AS owner, name FROM tags;
CREATE VIRTUAL TABLE tag_text USING fts5 (
    owner, name,
    content = 'tag_text_source', content_rowid = 'number', columnsize = 0, tokenize = "unicode61 remove_diacritics 2");

-- What happened, in the order of commits; never changed.
CREATE TABLE events (
    sequence INTEGER PRIMARY KEY,
    id BLOB NOT NULL,
    type INTEGER NOT NULL,
    owner BLOB NOT NULL,
    subject BLOB NOT NULL,
    at INTEGER NOT NULL,
    traceparent TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;

-- Which of them are not published yet.
CREATE TABLE outbox (
    sequence INTEGER PRIMARY KEY,
    owner BLOB NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before INTEGER NOT NULL DEFAULT 0,  -- an instant after a failed attempt
    handled_locally INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX outbox_postponed ON outbox (owner, sequence, not_before) WHERE not_before > 0;

CREATE TABLE dead_letters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    origin TEXT NOT NULL,
    reason TEXT NOT NULL,
    content_type TEXT NOT NULL,
    bytes BLOB NOT NULL
) STRICT;
