-- Words and keys as they were made before; tags that were merged stay one.
DROP TABLE text_keys;
DROP TABLE tag_text;
DROP TABLE task_text;
DROP INDEX tasks_by_title;
ALTER TABLE tasks DROP COLUMN title_order;
CREATE INDEX tasks_by_title ON tasks (owner, title, id) WHERE deleted_at IS NULL;

CREATE VIEW task_text_source AS SELECT number, lower(hex(owner)) AS owner, title, description FROM tasks;
CREATE VIRTUAL TABLE task_text USING fts5 (
    owner, title, description,
    content = 'task_text_source', content_rowid = 'number', columnsize = 0, tokenize = "unicode61 remove_diacritics 2");
CREATE VIEW tag_text_source AS SELECT number, lower(hex(owner)) AS owner, name FROM tags;
CREATE VIRTUAL TABLE tag_text USING fts5 (
    owner, name,
    content = 'tag_text_source', content_rowid = 'number', columnsize = 0, tokenize = "unicode61 remove_diacritics 2");
INSERT INTO task_text (task_text) VALUES ('rebuild');
INSERT INTO tag_text (tag_text) VALUES ('rebuild');
