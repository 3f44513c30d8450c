-- Loses every user, session, task, tag, event and dead letter.
DROP TABLE dead_letters;
DROP TABLE relay_claims;
DROP TABLE outbox;
DROP TABLE events;
DROP TABLE task_tags;
DROP TABLE tags;
DROP TABLE tasks;
DROP FUNCTION rondo_child_gone();
DROP FUNCTION rondo_everyone();
DROP FUNCTION rondo_user();
DROP TABLE answers;
DROP TABLE login_throttles;
DROP TABLE refresh_tokens;
DROP TABLE sessions;
DROP TABLE users;
