-- The events of a task, of a user, and one by its id. The rowid, which is the sequence, ends each index.
CREATE INDEX events_by_subject ON events (subject);
CREATE INDEX events_by_owner ON events (owner);
CREATE UNIQUE INDEX events_by_id ON events (id);
-- 3 is `skipped`: there are few.
CREATE INDEX events_of_skips ON events (owner, at) WHERE type = 3;
CREATE INDEX tasks_by_completion ON tasks (owner, completed_at) WHERE completed_at IS NOT NULL AND deleted_at IS NULL;
