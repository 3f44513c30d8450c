#!/usr/bin/env python3
"""Gives src/store/migrations/embed_migrations.cmake files that are wrong, and sees the line that the build would stop with."""

import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parent.parent / "src/store/migrations/embed_migrations.cmake"


class Embedding(unittest.TestCase):
    def embed(self, engine, files):
        """Gives what it made, or what it said instead."""
        with tempfile.TemporaryDirectory() as made:
            folder = Path(made)
            for name, text in files.items():
                (folder / name).parent.mkdir(exist_ok=True)
                (folder / name).write_text(text)
            options = [f"-DFOLDER={folder}", f"-DENGINE={engine}", "-DFUNCTION=known", f"-DOUTPUT={folder}/made"]
            ended = subprocess.run(["cmake", *options, "-P", SCRIPT], capture_output=True, text=True, check=False)
            return (folder / "made").read_text() if ended.returncode == 0 else " ".join(ended.stderr.split())

    def test_a_part_that_there_is_not(self):
        files = {"0007_a.up.sql": "SELECT 1;\n-- postgress\nSELECT 2;\n", "0007_a.down.sql": "SELECT 3;\n"}
        told = self.embed("sqlite", files)
        self.assertIn('0007_a.up.sql:2: there is no part "postgress": say sqlite, postgres or both', told)

    def test_no_text_for_one_engine(self):
        files = {"0007_a.up.sql": "-- What it is for.\n-- sqlite\nSELECT 1;\n", "0007_a.down.sql": "SELECT 3;\n"}
        self.assertIn("0007_a.up.sql has nothing for postgres: add a part", self.embed("postgres", files))
        self.assertIn("SELECT 1;", self.embed("sqlite", files))
        files["0007_a.up.sql"] += "-- postgres\n-- It has that already.\n"
        self.assertIn("-- It has that already.", self.embed("postgres", files))

    def test_no_way_down(self):
        self.assertIn("0007_a.down.sql is missing", self.embed("sqlite", {"0007_a.up.sql": "SELECT 1;\n"}))

    def test_a_number_twice(self):
        names = ["0006_a.up.sql", "0006_a.down.sql", "sqlite/0006_b.up.sql", "sqlite/0006_b.down.sql"]
        files = dict.fromkeys(names, "SELECT 1;\n")
        self.assertIn("0006_b.up.sql needs a number of its own", self.embed("sqlite", files))
        self.assertIn('{6, "0006_a"', self.embed("postgres", files))

    def test_the_text_as_it_stands(self):
        text = "SELECT ';[', '\\n', \"${x}\", '@y@';\n\n\n  -- a comment of its own\nSELECT ']';\n"
        self.assertIn(text, self.embed("sqlite", {"0007_a.up.sql": text, "0007_a.down.sql": "SELECT 3;"}))


if __name__ == "__main__":
    unittest.main()
