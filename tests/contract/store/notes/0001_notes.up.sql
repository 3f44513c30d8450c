-- An example of a table: what both engines understand is written once, and each of them has its own name for a number that
-- counts itself.
CREATE TABLE notes (
-- sqlite
    number INTEGER PRIMARY KEY,
-- postgres
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
-- both
    id uuid NOT NULL UNIQUE,
    written_at bigint NOT NULL,
    is_kept boolean NOT NULL DEFAULT false,
    words text NOT NULL
);
CREATE INDEX notes_by_time ON notes (written_at, id) WHERE is_kept;
-- postgres
-- Words are sorted by their bytes, as SQLite does.
ALTER TABLE notes ALTER COLUMN words TYPE text COLLATE "C";
