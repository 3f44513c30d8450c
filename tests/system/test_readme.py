"""The README's tour gives what it says, line by line."""

import re
import subprocess

import pytest
from support import BINARY, ROOT

ANY = "…"


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


def paste(commands: list[str]) -> list[str]:
    """What each command prints in one bash that was given all of them at once."""
    end = "--end-of-output--"
    pasted = "".join(f"{command}\necho; echo {end}\n" for command in commands)
    ended = subprocess.run(
        ["bash"], cwd=ROOT, input=pasted, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120
    )
    return ended.stdout.split(end)[:-1]


def test_the_matcher_can_tell_a_difference():
    assert matches('{…"status":"done",…}', '{"id":"7","status":"done","title":""}\n')
    assert not matches('{…"status":"done",…}', '{"id":"7","status":"pending","title":""}\n')


@pytest.mark.parametrize("time", range(7))
def test_the_tour_gives_what_it_says_at_the_speed_of_pasting(start, time):
    server = start()
    steps = tour()
    assert len(steps) >= 9
    commands = [
        command.replace("http://localhost:8000", server.url).replace("build/release/rondo", str(BINARY))
        for command, _ in steps
    ]
    for command, (_, shown), given in zip(commands, steps, paste(commands), strict=True):
        assert matches(shown, given), f"$ {command}\nshown:\n{shown}\ngiven:\n{given}"
