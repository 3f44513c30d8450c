-- sqlite
-- Nothing was done.
-- postgres
ALTER TABLE notes DROP COLUMN length;
