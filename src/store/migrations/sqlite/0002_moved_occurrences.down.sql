-- Loses which day of its series an occurrence had that was moved alone.
ALTER TABLE tasks DROP COLUMN moved_from_all_day;
ALTER TABLE tasks DROP COLUMN moved_from_wall;
