-- What titles are sorted by and what a search looks in is made by the program (text/keys.hpp, text/words.hpp), by rules that
-- are of a version. The tasks that are there get theirs in batches while the server runs.
DROP TABLE task_text;
DROP VIEW task_text_source;
DROP TABLE tag_text;
DROP VIEW tag_text_source;
DROP INDEX tasks_by_title;

ALTER TABLE tasks ADD COLUMN title_order BLOB NOT NULL DEFAULT x'';  -- empty: not made yet
CREATE INDEX tasks_by_title ON tasks (owner, title_order, id) WHERE deleted_at IS NULL;

-- Full text: words and signs with blanks between them, so every other ASCII character is a part of them. The owner is a word
-- of each document, so that a search walks that user's entries alone. Tag names are indexed once per tag, not per task.
CREATE VIRTUAL TABLE task_text USING fts5 (
    owner, words, columnsize = 0, tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'");
CREATE VIRTUAL TABLE tag_text USING fts5 (
    owner, words, columnsize = 0, tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'");

CREATE TABLE text_keys (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    rules INTEGER NOT NULL,  -- of which the keys are (text_rules()); 0: none were made yet
    done_to INTEGER,         -- tasks up to this number have keys of those rules; null: all
    gaps INTEGER NOT NULL    -- 1: of the other tasks, some have no words yet
) STRICT;
INSERT INTO text_keys (only_row, rules, done_to, gaps) VALUES (1, 0, 0, 1);
