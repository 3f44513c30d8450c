"""The README's tour gives what it says, line by line."""

import re
import subprocess
import time

from support import BINARY, ROOT

ANY = "…"
RETRY_READS_S = 5


def tour() -> list[tuple[str, str]]:
    """Each command of the README's console blocks with the output shown below it."""
    steps: list[tuple[str, str]] = []
    for block in re.findall(r"^```console\n(.*?)^```", (ROOT / "README.md").read_text(encoding="utf-8"), re.M | re.S):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], ""))
            else:
                command, shown = steps[-1]
                steps[-1] = (command, shown + line + "\n")
    return steps


def matches(shown: str, given: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in shown.strip().split(ANY))
    return re.fullmatch(pattern, given.strip(), re.S) is not None


class Shell:
    """One bash for the whole tour: its variables live from line to line."""

    END = "--end-of-output--"

    def __init__(self):
        self.bash = subprocess.Popen(
            ["bash"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def run(self, command: str) -> str:
        self.bash.stdin.write(f"{command}\necho; echo {self.END}\n")
        self.bash.stdin.flush()
        given = ""
        for line in self.bash.stdout:
            if line.strip() == self.END:
                return given
            given += line
        raise AssertionError(f"the shell ended after {command!r}: {given}")

    def close(self):
        self.bash.stdin.close()
        self.bash.wait(timeout=10)
        self.bash.stdout.close()


def test_the_matcher_can_tell_a_difference():
    assert matches('{…"status":"done",…}', '{"id":"7","status":"done","title":""}\n')
    assert not matches('{…"status":"done",…}', '{"id":"7","status":"pending","title":""}\n')


def test_the_tour_gives_what_it_says(server):
    steps = tour()
    assert len(steps) >= 9
    shell = Shell()
    try:
        for command, shown in steps:
            here = command.replace("http://localhost:8000", server.url).replace("build/release/rondo", str(BINARY))
            given = shell.run(here)
            # "a moment later": a read may be asked again until the next occurrence is there
            deadline = time.monotonic() + RETRY_READS_S
            only_reads = " -X " not in here and "--json" not in here
            while only_reads and not matches(shown, given) and time.monotonic() < deadline:
                given = shell.run(here)
            assert matches(shown, given), f"$ {here}\nshown:\n{shown}\ngiven:\n{given}"
    finally:
        shell.close()
