-- What the login said it was: the browser or program of a session.
ALTER TABLE sessions ADD COLUMN agent TEXT;
