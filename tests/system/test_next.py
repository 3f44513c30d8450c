"""`rondo next`: the sum for a person, for a program, and for many at once."""

import json

from support import ROOT, run


def test_a_person_reads_the_sum_and_the_result():
    done = run("next", "--type", "daily", "--due", "2026-02-08T09:00", "--done", "2026-02-08T17:30Z")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "It was due on Sunday, 8 February 2026 at 09:00."
    assert lines[-2:] == [
        "So the next one is due on Monday, 9 February 2026 at 09:00.",
        "Next due: 2026-02-09T09:00:00+00:00",
    ]


def test_a_person_reads_why_there_is_none():
    done = run("next", "--type", "weekly", "--due", "2026-02-08", "--done", "2026-02-08T10:00Z", "--end", "2026-02-14")
    assert done.returncode == 0, done.stderr
    assert "no next one: the next one would be after the end of the series" in done.stdout
    assert "Next due" not in done.stdout


def test_a_person_reads_of_short_months_and_changing_clocks():
    january = run("next", "--type", "monthly", "--due", "2026-01-31", "--done", "2026-01-31T10:00Z").stdout
    assert "2026-02-28" in january and "no 31st" in january
    berlin = ["next", "--type", "daily", "--timezone", "Europe/Berlin", "--done", "2026-03-28T10:00"]
    assert "go forward" in run(*berlin, "--due", "2026-03-28T02:30").stdout
    assert "go forward" not in run(*berlin, "--due", "2026-03-28T03:30").stdout


def test_a_custom_rule_is_taken_by_its_flag():
    fridays = [
        "next",
        "--type",
        "custom",
        "--rule",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "--due",
        "2026-01-30",
        "--done",
        "2026-01-30T18:00Z",
    ]
    assert "on the last Friday" in run(*fridays).stdout
    assert json.loads(run(*fridays, "--json").stdout)["next_due_date"] == "2026-02-27"
    refused = run("next", "--type", "custom", "--rule", "FREQ=HOURLY", "--due", "2026-01-30")
    assert refused.returncode == 64 and "--rule FREQ faster than DAILY" in refused.stderr


def test_a_program_reads_one_object():
    done = run("next", "--json", "--type", "daily", "--due", "2026-03-28T02:30", "--timezone", "Europe/Berlin",
               "--done", "2026-03-28T17:30Z")  # fmt: skip
    assert json.loads(done.stdout) == {
        "next_due_date": "2026-03-29T03:30:00+02:00",
        "ends": None,
        "timezone": "Europe/Berlin",
        "series_start": "2026-03-28T02:30:00",
        "clamped": False,
        "wall_clock": "skipped",
    }


def test_a_program_reads_why_there_is_none():
    done = run("next", "--json", "--type", "none", "--due", "2026-02-08")
    assert json.loads(done.stdout) == {"next_due_date": None, "ends": "not_recurring", "timezone": "UTC"}


def test_every_wrong_flag_is_named():
    done = run("next", "--type", "wekly", "--due", "2026-02-30", "--timezone", "Berlin", "--done", "2026-02-08")
    assert done.returncode == 64
    for flag in ("--type", "--due", "--timezone", "--done"):
        assert flag in done.stderr, done.stderr
    done = run("next", "--type", "daily", "--interval", "1000", "--mode", "on_schedule")
    assert done.returncode == 64
    assert "--interval must be 1 to 999" in done.stderr and "--due is required" in done.stderr
    assert run("next").returncode == 64


def test_a_batch_answers_the_worked_cases():
    rows = [json.loads(line) for line in (ROOT / "tests/data/recurrence.jsonl").read_text().splitlines()]
    expected = [row.pop("next_due_date") for row in rows]
    done = run("next", "--batch", given="".join(json.dumps(row) + "\n" for row in rows))
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["next_due_date"] for answer in answers] == expected
    assert [answer["name"] for answer in answers] == [row["name"] for row in rows]


def test_a_batch_answers_every_line_whatever_the_others_are():
    lines = ['{"recurring_type": "daily", "due_date": "2026-02-08", "completed_at": "2026-02-08T10:00Z"}', "nonsense", "[]",
             '{"due": "2026-02-08", "recurring_interval": "1"}', '{"recurring_type": "daily", "recurring_interval": 0}',
             '{"recurring_type": "custom", "name": 7}']  # fmt: skip
    done = run("next", "--batch", given="\n".join(lines))
    assert done.returncode == 65
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers[0]["next_due_date"] == "2026-02-09"
    pointers = [sorted(fault["pointer"] for fault in answer["errors"]) for answer in answers[1:]]
    assert pointers == [
        [""],
        [""],
        ["/due", "/recurring_interval"],
        ["/recurring_interval"],
        ["/due_date", "/recurrence_rule"],
    ]
    assert answers[5]["name"] == 7


def test_help_shows_an_example():
    done = run("next", "--help")
    assert done.returncode == 0
    assert "rondo next --type daily --due 2026-02-08T09:00 --done 2026-02-08T17:30Z" in done.stdout
