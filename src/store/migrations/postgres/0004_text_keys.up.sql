-- What titles are sorted by and what a search looks in is made by the program (text/keys.hpp, text/words.hpp), by rules that
-- are of a version. The tasks that are there get theirs in batches while the servers run.
ALTER TABLE tasks
    DROP COLUMN title_key,
    DROP COLUMN words,
    ADD COLUMN title_order bytea NOT NULL DEFAULT '',  -- empty: not made yet
    ADD COLUMN folded_words text COLLATE "C",          -- words and signs with blanks between them; null: not made yet
    ADD COLUMN keys_stale boolean NOT NULL DEFAULT false;  -- written by a server whose rules are others than those below
CREATE INDEX tasks_by_title ON tasks (owner, title_order, id) WHERE deleted_at IS NULL;
-- Almost always empty.
CREATE INDEX tasks_with_stale_keys ON tasks (number) WHERE keys_stale;

ALTER TABLE tags
    DROP COLUMN words,
    ADD COLUMN folded_words text COLLATE "C" NOT NULL DEFAULT '';

CREATE TABLE text_keys (
    only_row boolean PRIMARY KEY CHECK (only_row),
    rules bigint NOT NULL,  -- of which the keys are (text_rules()); 0: none were made yet
    done_to bigint,         -- tasks up to this number have keys of those rules; null: all
    gaps boolean NOT NULL,  -- of the other tasks, some have no words yet
    seen_at timestamptz NOT NULL  -- when a server of these rules was last there
);
INSERT INTO text_keys (only_row, rules, done_to, gaps, seen_at) VALUES (true, 0, 0, true, now());
