"""tools/other-debian where it cannot do its work, and the workflow where it must. What it does, a step of tools/test shows."""

import os
import re
import subprocess

import pytest
import yaml
from files import ROOT

TOOL = ROOT / "tools/other-debian"
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="takes rights away from root")


def run(*words, before=()):
    return subprocess.run([*before, TOOL, *words], capture_output=True, text=True, timeout=60)


def test_it_says_how_it_is_used():
    asked = run("--help")
    assert asked.returncode == 0 and "tools/other-debian trixie make build" in asked.stdout


@pytest.mark.parametrize("words", [[], ["trixie"], ["sid", "true"]])
def test_what_it_does_not_understand_makes_nothing(words):
    refused = run(*words)
    assert (refused.returncode, refused.stdout) == (64, "")
    assert "usage:" in refused.stderr


@as_root
@pytest.mark.parametrize(
    ("before", "why"),
    [
        (["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"], "asks for root"),
        (["setpriv", "--bounding-set=-sys_admin"], "privileged"),
    ],
)
def test_where_no_machine_can_be_made_it_says_so_in_a_line(before, why):
    refused = run("trixie", "true", before=before)
    assert (refused.returncode, refused.stdout) == (77, "")
    assert why in refused.stderr and len(refused.stderr.splitlines()) == 1


def test_the_workflow_may_mount_wherever_it_makes_one():
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"].values()
    made = [
        job for job in jobs if re.search(r"run': 'make (test-debian13|\$\{\{ matrix\.what \}\})", str(job["steps"]))
    ]
    assert len(made) == 2
    for job in made:
        assert job["container"] == {"image": "debian:bookworm", "options": "--privileged"}
