"""The documents about running Rondo say what is there."""

import re

import pytest
from files import ROOT

DOCUMENTS = sorted(
    ROOT / "docs" / f"{name}.md"
    for name in (
        "deployment",
        "deployment-checklist",
        "verification",
        "troubleshooting",
        "rollback",
        "testing",
        "faq",
        "dapr-and-kafka",
    )
)


def anchors(path):
    """The names that a heading can be linked by."""
    headings = re.findall(r"^#+ (.*)$", path.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if not target.startswith("http"):
            name, _, anchor = target.partition("#")
            file = path.parent / name if name else path
            assert file.exists(), target
            assert not anchor or anchor in anchors(file), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_paths_of_the_project_are_there(path):
    for name in re.findall(r"(?<![\w/.-])((?:deploy|tools|tests|docs|bench)/[\w./-]+)", path.read_text()):
        assert (ROOT / name.rstrip(".")).exists(), name


def test_the_messages_in_troubleshooting_are_the_programs():
    """Of each message, the longest stretch between what differs from one time to the next."""
    source = " ".join(
        re.sub(r"\"\s*\n\s*\"", "", path.read_text()) for path in sorted((ROOT / "src").rglob("*.[ch]pp"))
    )
    text = (ROOT / "docs/troubleshooting.md").read_text()
    ours = text.split("## In Kubernetes")[0] + text.split("## A task was completed")[1].split("## Callers")[0]
    checked = 0
    for row in re.findall(r"^\| (.*?) \|", ours, re.M):
        for message in re.findall(r"`([^`]{20,})`", row):
            parts = re.split(r"/data(?:/todo\.db)?|\d[\d.]*|…|\(|\)|=|: ", message)
            longest = max(parts, key=len).strip()
            assert longest in source, message
            checked += 1
    assert checked >= 12


def test_every_metric_that_is_named_is_one_of_the_programs():
    source = (ROOT / "src/telemetry/metrics.cpp").read_text()
    for path in DOCUMENTS:
        for name in re.findall(r"\b((?:rondo|http_server)_[a-z_]+)", path.read_text()):
            assert re.sub(r"_(sum|count|bucket)$", "", name) in source, (path.name, name)


def test_the_steps_of_verification_are_those_of_the_tool():
    steps = re.findall(
        r"self\.(\w+)", (ROOT / "tools/verify").read_text().split("def steps(self)")[1].split("def main")[0]
    )
    table = (ROOT / "docs/verification.md").read_text().split("| step |")[1].split("\n\n")[0]
    told = [name for row in re.findall(r"^\| (`.*?) \|", table, re.M) for name in re.findall(r"`(\w+)`", row)]
    assert told == steps
