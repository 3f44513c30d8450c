"""tools/newest-tzdata, with an apt of the test's own."""

import os
import shutil
import subprocess

import pytest
from files import ROOT

APT = """#!/bin/sh
echo "apt-get $*" >>"$CALLS"
case "$*" in
    *update*) [ -z "$OFFLINE" ] || { echo "E: Could not resolve 'deb.example'"; exit 100; } ;;
    *install*) [ -z "$BROKEN" ] || { echo "E: dpkg was interrupted"; exit 100; } ;;
esac
"""


@pytest.fixture
def newest(tmp_path):
    """newest(options, VARIABLE=value …): what it says and what it asked apt for."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools/newest-tzdata", tmp_path / "tools")
    commands = tmp_path / "bin"
    commands.mkdir()
    for name, text in {
        "apt-get": APT,
        "apt-cache": '#!/bin/sh\necho "tzdata:"; echo "  Installed: x"; echo "  Candidate: $CANDIDATE"\n',
        "dpkg-query": '#!/bin/sh\nprintf %s "$INSTALLED"\n',
        "id": "#!/bin/sh\necho 0\n",
    }.items():
        (commands / name).write_text(text)
        (commands / name).chmod(0o755)

    def run(*options, **env):
        calls = tmp_path / "calls"
        calls.unlink(missing_ok=True)
        given = {"PATH": f"{commands}:{os.environ['PATH']}", "CALLS": str(calls)}
        given |= {"INSTALLED": "2025b-0+deb12u2", "CANDIDATE": "2026f-0+deb12u1"} | env
        ended = subprocess.run(
            [tmp_path / "tools/newest-tzdata", *options], env=given, capture_output=True, text=True, timeout=60
        )
        asked = calls.read_text().splitlines() if calls.exists() else []
        return ended, [word for call in asked for word in call.split() if word in ("update", "install")]

    return run


def test_an_older_one_is_updated(newest):
    ended, asked = newest("--now")
    assert (ended.returncode, asked) == (0, ["update", "install"])
    assert "2025b-0+deb12u2 to 2026f-0+deb12u1" in ended.stdout


@pytest.mark.parametrize("installed", ["2026f-0+deb12u1", "2026g-0+deb12u1"])
def test_the_newest_is_left_alone(newest, installed):
    ended, asked = newest("--now", INSTALLED=installed)
    assert (ended.returncode, ended.stdout + ended.stderr, asked) == (0, "", ["update"])


@pytest.mark.parametrize(("what", "why"), [("OFFLINE", "Could not resolve"), ("BROKEN", "dpkg was interrupted")])
def test_what_cannot_be_had_is_one_line_and_no_failure(newest, what, why):
    ended, _ = newest("--now", **{what: "1"})
    assert ended.returncode == 0
    assert len(ended.stderr.splitlines()) == 1
    assert why in ended.stderr and "2025b-0+deb12u2" in ended.stderr


def test_it_looks_every_third_day(newest, tmp_path):
    assert newest()[1] == ["update", "install"]
    assert newest()[1] == []
    assert newest("--now")[1] == ["update", "install"]
    looked = tmp_path / "build/newest-tzdata"
    past = looked.stat().st_mtime - 4 * 86400
    os.utime(looked, (past, past))
    assert newest()[1] == ["update", "install"]
    # Nor is a network that is away asked each time.
    os.utime(looked, (past, past))
    assert newest(OFFLINE="1")[1] == ["update"]
    assert newest(OFFLINE="1")[1] == []


def test_another_option_is_refused(newest):
    ended, asked = newest("--later")
    assert (ended.returncode, asked) == (64, [])


@pytest.mark.parametrize("target", ["setup", "build", "test"])
def test_make_looks(target):
    rule = (ROOT / "Makefile").read_text().split(f"\n{target}:", 1)[1].split("\n\n", 1)[0]
    assert ("tools/newest-tzdata --now" if target == "setup" else "tools/newest-tzdata\n") in rule + "\n"
