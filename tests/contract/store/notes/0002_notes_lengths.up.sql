-- sqlite
-- It has always known how long each is.
-- postgres
ALTER TABLE notes ADD COLUMN length integer GENERATED ALWAYS AS (length(words)) STORED;
