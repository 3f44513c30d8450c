-- Instants are milliseconds since 1970, UTC. Enumerations are the numbers of the C++ ones. `..._key` is text folded to lower
-- case by the program (store/fold.hpp); `words` is what a search looks in, made by the program (store/postgres/task_text.hpp).
-- Text that is compared has the collation "C": the order of its bytes, as everywhere else in the program.

CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL,
    email_key text COLLATE "C" NOT NULL UNIQUE,
    name text,
    zone text NOT NULL,
    password_hash text NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    owner uuid NOT NULL REFERENCES users (id),
    created_at bigint NOT NULL,
    revoked_at bigint
);
CREATE INDEX sessions_by_owner ON sessions (owner);
CREATE INDEX sessions_by_age ON sessions (created_at);

CREATE TABLE refresh_tokens (
    hash bytea PRIMARY KEY,
    session uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    expires_at bigint NOT NULL,
    used_at bigint
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session, expires_at);

CREATE TABLE login_throttles (
    key text COLLATE "C" PRIMARY KEY,
    failures integer NOT NULL,
    last_failure_at bigint NOT NULL,
    blocked_until bigint NOT NULL
);
CREATE INDEX login_throttles_by_age ON login_throttles (last_failure_at);

CREATE TABLE answers (
    scope text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    request_hash bytea NOT NULL,
    answer bytea NOT NULL,
    created_at bigint NOT NULL,
    PRIMARY KEY (scope, key)
);
CREATE INDEX answers_by_age ON answers (created_at);

CREATE TABLE tasks (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,  -- what task_tags calls it by
    id uuid NOT NULL UNIQUE,
    owner uuid NOT NULL REFERENCES users (id),
    title text NOT NULL,
    title_key text COLLATE "C" NOT NULL  -- sorted by without regard to the case of ASCII letters
        GENERATED ALWAYS AS (translate(title, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')) STORED,
    description text,
    words tsvector NOT NULL,
    status smallint NOT NULL,
    priority smallint NOT NULL,
    due_wall bigint,  -- seconds on the wall clock of `zone`: the truth
    due_all_day boolean NOT NULL,
    due_at bigint NOT NULL,  -- the instant derived from it, for sorting; the largest integer when there is no due date
    zone text NOT NULL,
    repeat_type smallint NOT NULL,
    repeat_interval integer NOT NULL,
    repeat_rule text NOT NULL,
    repeat_mode smallint NOT NULL,
    repeat_end_day integer,  -- days since 1970, inclusive
    repeat_end_at bigint,
    series_start_wall bigint,
    series_start_all_day boolean NOT NULL,
    moved_from_wall bigint,  -- where an occurrence that was moved alone stood in its series
    moved_from_all_day boolean NOT NULL,
    parent uuid,
    series uuid,  -- null: its own id, the first of its series
    occurrence integer NOT NULL,
    source uuid,
    ended smallint,
    version bigint NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    completed_at bigint,
    deleted_at bigint,  -- set: in the trash
    batch uuid,         -- of the delete that took it
    child_made boolean NOT NULL DEFAULT false  -- completing it made a child, which may have been purged from the trash since
);

-- One per sort order.
CREATE INDEX tasks_by_created ON tasks (owner, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_due ON tasks (owner, due_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_updated ON tasks (owner, updated_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_priority ON tasks (owner, priority, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_title ON tasks (owner, title_key, id) WHERE deleted_at IS NULL;

-- At most one task is made by completing another, whatever happens.
CREATE UNIQUE INDEX tasks_by_source ON tasks (source) WHERE source IS NOT NULL;
CREATE INDEX tasks_by_parent ON tasks (parent) WHERE parent IS NOT NULL;
CREATE INDEX tasks_by_series ON tasks (series) WHERE series IS NOT NULL;
CREATE INDEX tasks_in_trash ON tasks (owner, deleted_at, id) WHERE deleted_at IS NOT NULL;
CREATE INDEX tasks_to_purge ON tasks (deleted_at) WHERE deleted_at IS NOT NULL;
-- Completed, recurring, unended and childless: almost always empty.
CREATE INDEX tasks_missing_child ON tasks (completed_at)
    WHERE status = 2 AND repeat_type <> 0 AND ended IS NULL AND NOT child_made AND deleted_at IS NULL;
CREATE INDEX tasks_by_completion ON tasks (owner, completed_at) WHERE completed_at IS NOT NULL AND deleted_at IS NULL;

-- A child that vanishes without having been in the trash was taken back, or lost: completing its source may make one again.
CREATE FUNCTION rondo_child_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tasks SET child_made = false WHERE id = old.source;
    RETURN NULL;
END $$;
CREATE TRIGGER tasks_child_gone AFTER DELETE ON tasks FOR EACH ROW
    WHEN (old.source IS NOT NULL AND old.deleted_at IS NULL) EXECUTE FUNCTION rondo_child_gone();

CREATE TABLE tags (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    owner uuid NOT NULL REFERENCES users (id),
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    words tsvector NOT NULL,
    color text NOT NULL,
    created_at bigint NOT NULL,
    UNIQUE (owner, name_key)
);

CREATE TABLE task_tags (
    task bigint NOT NULL REFERENCES tasks (number) ON DELETE CASCADE,
    position integer NOT NULL,
    tag bigint NOT NULL REFERENCES tags (number) ON DELETE CASCADE,
    owner uuid NOT NULL,
    PRIMARY KEY (task, position)
);
CREATE UNIQUE INDEX task_tags_by_tag ON task_tags (tag, task);

-- What happened, each owner's in the order of commits; never changed.
CREATE TABLE events (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id uuid NOT NULL,
    type smallint NOT NULL,
    owner uuid NOT NULL,
    subject uuid NOT NULL,
    at bigint NOT NULL,
    traceparent text NOT NULL,
    data text NOT NULL
);

CREATE UNIQUE INDEX events_by_id ON events (id);
CREATE INDEX events_by_owner ON events (owner, sequence);
CREATE INDEX events_by_subject ON events (subject, sequence);
-- 3 is `skipped`: there are few.
CREATE INDEX events_of_skips ON events (owner, at) WHERE type = 3;

-- Which of them are not published yet.
CREATE TABLE outbox (
    sequence bigint PRIMARY KEY,
    owner uuid NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    not_before bigint NOT NULL DEFAULT 0,  -- an instant after a failed attempt
    handled_locally boolean NOT NULL DEFAULT false
);
CREATE INDEX outbox_by_owner ON outbox (owner, sequence);
CREATE INDEX outbox_postponed ON outbox (owner, sequence, not_before) WHERE not_before > 0;

-- Whose events a relay has in hand, and until when at most: each owner's are published by one relay at a time.
CREATE TABLE relay_claims (
    owner uuid PRIMARY KEY,
    holder uuid NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX relay_claims_by_holder ON relay_claims (holder);

CREATE TABLE dead_letters (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at bigint NOT NULL,
    origin text NOT NULL,
    reason text NOT NULL,
    content_type text NOT NULL,
    bytes bytea NOT NULL
);

-- The second wall between users, behind the owner that every query names: a transaction sees the rows of the one user
-- in whose name it runs, set in `rondo.user`, or everyone's if that is '*'. Not set, it sees none. FORCE, because the
-- server's role owns the tables.
CREATE FUNCTION rondo_user() RETURNS uuid LANGUAGE sql STABLE
    AS $$ SELECT nullif(nullif(current_setting('rondo.user', true), ''), '*')::uuid $$;
CREATE FUNCTION rondo_everyone() RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT coalesce(current_setting('rondo.user', true), '') = '*' $$;

ALTER TABLE tasks ENABLE ROW LEVEL SECURITY;
ALTER TABLE tasks FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON tasks USING (owner = (SELECT rondo_user()));
CREATE POLICY everyone ON tasks USING ((SELECT rondo_everyone()));

ALTER TABLE tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE tags FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON tags USING (owner = (SELECT rondo_user()));
CREATE POLICY everyone ON tags USING ((SELECT rondo_everyone()));

ALTER TABLE task_tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE task_tags FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON task_tags USING (owner = (SELECT rondo_user()));
CREATE POLICY everyone ON task_tags USING ((SELECT rondo_everyone()));

ALTER TABLE events ENABLE ROW LEVEL SECURITY;
ALTER TABLE events FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON events USING (owner = (SELECT rondo_user()));
CREATE POLICY everyone ON events USING ((SELECT rondo_everyone()));

ALTER TABLE outbox ENABLE ROW LEVEL SECURITY;
ALTER TABLE outbox FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON outbox USING (owner = (SELECT rondo_user()));
CREATE POLICY everyone ON outbox USING ((SELECT rondo_everyone()));
