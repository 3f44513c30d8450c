-- Loses which series count their first due date (each whose rule does not name it gets one task more), and which tasks are due at the second of two equal times.
ALTER TABLE tasks DROP COLUMN moved_from_second;
ALTER TABLE tasks DROP COLUMN due_second;
ALTER TABLE tasks DROP COLUMN repeat_counts_start;
