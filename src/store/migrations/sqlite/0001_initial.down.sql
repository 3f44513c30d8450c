-- Loses every user, session, task, tag, event and dead letter.
DROP TABLE dead_letters;
DROP TABLE outbox;
DROP TABLE events;
DROP TABLE tag_text;
DROP VIEW tag_text_source;
DROP TABLE task_text;
DROP VIEW task_text_source;
DROP TABLE task_tags;
DROP TABLE tags;
DROP TABLE tasks;
DROP TABLE answers;
DROP TABLE login_throttles;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE users;
