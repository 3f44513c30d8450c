-- Loses every note.
DROP TABLE notes;
