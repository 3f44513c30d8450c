-- Whether a COUNT counts the first due date where the rule does not name it (RFC 5545). Series begun before end after the
-- number of tasks that they would have had.
ALTER TABLE tasks ADD COLUMN repeat_counts_start INTEGER NOT NULL DEFAULT 0;
-- Of the two times that the clocks show when they go back, the second.
ALTER TABLE tasks ADD COLUMN due_second INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tasks ADD COLUMN moved_from_second INTEGER NOT NULL DEFAULT 0;
