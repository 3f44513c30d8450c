-- Where an occurrence that was moved alone (edit_scope this) stood in its series; null for one that was not.
ALTER TABLE tasks ADD COLUMN moved_from_wall INTEGER;
ALTER TABLE tasks ADD COLUMN moved_from_all_day INTEGER NOT NULL DEFAULT 0;
