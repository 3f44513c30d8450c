DROP INDEX tasks_by_completion;
DROP INDEX events_of_skips;
DROP INDEX events_by_id;
DROP INDEX events_by_owner;
DROP INDEX events_by_subject;
