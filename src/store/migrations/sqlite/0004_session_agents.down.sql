-- Loses which browser or program each session is of.
ALTER TABLE sessions DROP COLUMN agent;
