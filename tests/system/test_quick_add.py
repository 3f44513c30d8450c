"""One line as a task: POST /api/tasks/quick, and `rondo add`."""

import json
import re
import subprocess
from datetime import date, timedelta

import pytest
from support import UUID, free_port, problem, run

PATH = "/api/tasks/quick"
RENT = "Pay rent every month on the 1st at 9am until June #home !high"


def quick(user, text, headers=None, **body):
    return user.client.post(PATH, json={"text": text} | body, headers=headers or {})


def read_as(answer):
    return [(part["text"], part["as"], part["value"]) for part in answer.json()["read"]]


class TestQuickAdd:
    def test_makes_a_task_and_tells_how_each_word_was_read(self, user):
        answer = quick(user, RENT)
        assert answer.status_code == 201, answer.text
        task = answer.json()["task"]
        assert (task["title"], task["priority"], [tag["name"] for tag in task["tags"]]) == (
            "Pay rent",
            "high",
            ["home"],
        )
        assert (task["recurring_type"], task["recurring_interval"], task["repeat_mode"]) == (
            "monthly",
            1,
            "on_schedule",
        )
        assert re.fullmatch(r"\d{4}-\d\d-01T09:00:00.*", task["due_date"])
        assert task["recurring_end_date"].endswith("-06-30")
        assert answer.headers["location"] == f"/api/tasks/{task['id']}"
        shown = user.client.get(answer.headers["location"])
        assert shown.json() == task and shown.headers["etag"] == answer.headers["etag"]
        assert read_as(answer) == [
            ("Pay rent", "title", "Pay rent"),
            ("every month on the 1st", "repeat", "every month on the 1st"),
            ("at 9am", "time", "09:00"),
            ("until June", "until", task["recurring_end_date"]),
            ("#home", "tag", "home"),
            ("!high", "priority", "high"),
        ]

    @pytest.mark.parametrize(
        "line",
        [
            "Call mum friday or saturday",
            "Take pills 8am and 8pm every day",
            "Pay 2027 tomorrow",
            "Dinner friday 21",
            "Call the bank 24/12/2026 18:00",
        ],
    )
    def test_half_a_phrase_is_not_read_and_named(self, user, line):
        told = quick(user, line, dry_run=True).json()
        assert told["fields"] == {"title": line, "timezone": told["fields"]["timezone"]}
        assert [part["as"] for part in told["read"]] == ["title"]
        assert told["unread"] and all(line[one["from"] : one["to"]] == one["text"] for one in told["unread"])
        assert all(len(one["why"]) > 20 for one in told["unread"])
        assert quick(user, line).json()["unread"] == told["unread"]

    def test_what_is_read_leaves_nothing_unread(self, user):
        assert quick(user, RENT).json()["unread"] == []

    @pytest.mark.parametrize(
        ("locale", "due"),
        [
            ("en-US", "12-01"),
            ("en-GB", "01-12"),
            ("de", "01-12"),
            ("ja-JP", "12-01"),
            ("sv-SE", "01-12"),
            (None, None),
            ("tlh", None),
        ],
    )
    def test_dates_in_digits_have_the_order_of_the_locale(self, user, locale, due):
        body = {"locale": locale} if locale else {}
        told = quick(user, "Call the bank 12/1", dry_run=True, **body).json()
        assert told["fields"].get("due_date", "")[5:] == (due or "")
        assert [one["text"] for one in told["unread"]] == ([] if due else ["12/1"])

    def test_a_locale_is_a_language_tag(self, user):
        for locale in ("", "en_US", "C.UTF-8", "e" * 9, "en-", 7, "a" * 101):
            errors = problem(quick(user, "x", locale=locale), 422)["errors"]
            assert [fault["pointer"] for fault in errors] == ["/locale"]

    @pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\u2028"])
    def test_two_lines_are_refused(self, user, line_break):
        for body in ({}, {"dry_run": True}):
            errors = problem(quick(user, f"milk{line_break}bread", **body), 422)["errors"]
            assert errors[0]["pointer"] == "/text" and "each of them by itself" in errors[0]["message"]
        assert quick(user, f"milk tomorrow{line_break}").status_code == 201
        assert [task["title"] for task in user.list()] == ["milk"]

    def test_the_day_that_is_told_is_the_tasks(self, user):
        for line in ("x friday night at 1am", "x tonight at 12", "x every monday from march 3", "x tomorrow at 9"):
            told = quick(user, line, dry_run=True).json()
            days = [part["value"][:10] for part in told["read"] if part["as"] == "date"]
            assert days == [told["fields"]["due_date"][:10]], line

    def test_offsets_count_characters(self, user):
        line = "Äpfel 🍎 für Opa #küche !low tomorrow"
        for part in quick(user, line).json()["read"]:
            assert line[part["from"] : part["to"]] == part["text"]

    def test_what_it_makes_comes_back(self, user):
        task = quick(user, "Water plants every! 3 days").json()["task"]
        assert user.toggle(task)["status"] == "done"
        child = user.child(task)
        assert child["title"] == "Water plants" and child["due_date"] > task["due_date"]

    def test_rules_come_back_too(self, user):
        task = quick(user, "Report every last friday 3 times").json()["task"]
        assert task["recurrence_rule"] == "FREQ=MONTHLY;BYDAY=-1FR;COUNT=3"
        answer = user.client.get(f"/api/tasks/{task['id']}/occurrences").json()
        assert len(answer["occurrences"]) == 2 and "last" in answer["occurrences"][1]["note"]
        user.toggle(task)
        assert user.child(task)["due_date"] == answer["occurrences"][0]["due_date"]

    def test_a_zone_says_what_today_is(self, user):
        east, west = (
            date.fromisoformat(quick(user, "x today", timezone=zone).json()["task"]["due_date"])
            for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")
        )
        assert timedelta(days=1) <= east - west <= timedelta(days=2)
        user.client.patch("/api/auth/me", json={"timezone": "Asia/Tokyo"})
        assert quick(user, "x at 9").json()["task"]["due_date"].endswith("T09:00:00+09:00")

    def test_the_same_key_makes_one_task(self, user):
        first, again = (quick(user, RENT, headers={"Idempotency-Key": "k"}) for _ in range(2))
        assert first.status_code == again.status_code == 201 and first.content == again.content
        assert first.headers["location"] == again.headers["location"] and first.headers["etag"] == again.headers["etag"]
        problem(quick(user, "another", headers={"Idempotency-Key": "k"}), 422)
        assert len(user.list()) == 1

    def test_a_dry_run_makes_nothing_and_gives_the_body_that_would(self, user):
        answer = quick(user, RENT, dry_run=True)
        assert answer.status_code == 200 and "location" not in answer.headers
        assert answer.json()["task"] is None and user.list() == []
        assert user.client.get("/api/tags").json() == []
        made = quick(user, RENT)
        assert made.json()["read"] == answer.json()["read"]
        by_fields = user.client.post("/api/tasks", json=answer.json()["fields"])
        assert by_fields.status_code == 201, by_fields.text
        own = ("id", "series_id", "created_at", "updated_at")
        same = [{name: value for name, value in task.items() if name not in own}
                for task in (made.json()["task"], by_fields.json())]  # fmt: skip
        assert same[0] == same[1]

    def test_a_dry_run_of_half_a_line_is_no_fault(self, user):
        for line, title in (("", ""), ("#home tomorrow", ""), ("x" * 300, "x" * 300)):
            answer = quick(user, line, dry_run=True)
            assert answer.status_code == 200 and answer.json()["fields"]["title"] == title

    def test_every_fault_is_named(self, user):
        for line, message in (("", "no title"), (" #home tomorrow ", "no title"), ("x" * 201, "200 characters"),
                              ("é" * 1001, "1000 characters")):  # fmt: skip
            errors = problem(quick(user, line), 422)["errors"]
            assert [fault["pointer"] for fault in errors] == ["/text"] and message in errors[0]["message"], errors
        refused = problem(user.client.post(PATH, json={"timezone": "Berlin", "dry_run": 1, "txt": "x"}), 422)
        assert {fault["pointer"] for fault in refused["errors"]} == {"/text", "/timezone", "/dry_run", "/txt"}
        problem(user.client.post(PATH, content=b"{", headers={"Content-Type": "application/json"}), 400)
        assert user.list() == []

    def test_only_with_a_login(self, server):
        with server.client() as client:
            problem(client.post(PATH, json={"text": "x"}), 401)

    @pytest.mark.parametrize(
        "line",
        [
            "\\" * 500 + "x",
            '"' * 999 + "x",
            '#"' * 499 + "x",
            "every " * 166,
            "1st and " * 125,
            "mon," * 250,
            "\u202etomorrow x\ufeff",
            "'; drop table tasks; -- <script>alert(1)</script> tomorrow",
            "x \x1b[31m\x07 \t tomorrow",
            "🏳️‍🌈 " * 100 + "every day 9999 times",
            "x in 9999 years until 9999-12-31 every 999 months",
            "x every feb 29 at 23:59 from 9999-12-31",
        ],
    )
    def test_hostile_lines_make_a_task_or_are_refused(self, user, line):
        for body in ({}, {"dry_run": True}):
            answer = quick(user, line, **body)
            assert answer.status_code in (200, 201, 422), answer.text
            if answer.status_code != 422:
                joined = "".join(part["text"] for part in answer.json()["read"])
                assert "".join(joined.split()) == "".join(line.split())
        assert quick(user, "still here").status_code == 201

    def test_what_is_made_is_counted(self, server, user):
        def created():
            with server.client() as client:
                text = client.get("/metrics").text
            return float(re.search(r'rondo_tasks_created_total\{origin="user"\} (\S+)', text)[1])

        before = created()
        quick(user, "x")
        quick(user, "x", dry_run=True)
        quick(user, "")
        assert created() == before + 1


class TestAdd:
    def add(self, server, user, *arguments):
        return run("add", *arguments, env={"RONDO_URL": server.url, "RONDO_TOKEN": user.access_token})

    def test_adds_a_task_and_shows_how_it_was_read(self, server, user):
        done = self.add(server, user, RENT)
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        assert lines[0] == "Added: Pay rent"
        assert any(re.fullmatch(r"  due +\d{4}-\d\d-01T09:00:00\S+", line) for line in lines)
        assert "  repeats   every month on the 1st, skipping missed ones" in lines
        assert "  every month on the 1st  repeat    every month on the 1st" in lines
        assert [task["title"] for task in user.list()] == ["Pay rent"]
        assert UUID.search(done.stdout)[0] == user.list()[0]["id"]

    def test_it_tells_what_was_not_read(self, server, user):
        done = self.add(server, user, "--dry-run", "Take pills every 8 hours")
        assert done.returncode == 0 and done.stdout.startswith("Would add: Take pills every 8 hours\n")
        assert "Not read, and left in the title:\n  every 8 hours  Rondo repeats by days" in done.stdout

    def test_dates_in_digits_have_the_order_of_the_terminal(self, server, user):
        env = {"RONDO_URL": server.url, "RONDO_TOKEN": user.access_token}
        for more, arguments, due in (
            ({"LC_ALL": "", "LC_TIME": "en_US.UTF-8"}, [], "-12-01"),
            ({"LC_ALL": "de_DE.UTF-8@euro", "LC_TIME": "en_US.UTF-8"}, [], "-01-12"),
            ({"LC_ALL": "", "LC_TIME": "", "LANG": "C.UTF-8"}, [], None),
            ({"LC_ALL": "C"}, ["--locale", "en-GB"], "-01-12"),
        ):
            done = run("add", "--json", "--dry-run", *arguments, "x 12/1", env=env | more)
            found = json.loads(done.stdout)["fields"].get("due_date")
            assert found is None if due is None else found.endswith(due), (more, found)
        done = run("add", "--locale", "en_GB", "x", env=env)
        assert done.returncode == 65 and "--locale must be a language tag" in done.stderr

    def test_words_need_no_quotes(self, server, user):
        assert self.add(server, user, "serve", "tea", "next", "week").returncode == 0
        assert [task["title"] for task in user.list()] == ["serve tea"]

    def test_a_dry_run_adds_nothing(self, server, user):
        done = self.add(server, user, "--dry-run", "Call mum tomorrow")
        assert done.returncode == 0 and done.stdout.startswith("Would add: Call mum\n")
        assert user.list() == []

    def test_a_program_reads_the_servers_answer(self, server, user):
        answer = json.loads(self.add(server, user, "--json", "Call mum tomorrow #family").stdout)
        assert answer["task"]["id"] == user.list()[0]["id"]
        assert [part["as"] for part in answer["read"]] == ["title", "date", "tag"]

    def test_a_terminal_gets_no_control_characters(self, server, user):
        done = self.add(server, user, "\x1b]0;owned\x07 tomorrow\x1b[31m \u009b31m")
        assert done.returncode == 65 and "U+001B" in done.stderr
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", done.stdout + done.stderr)

    def test_a_refusal_says_what_is_wrong(self, server, user):
        done = self.add(server, user, "#home tomorrow")
        assert done.returncode == 65 and "no title" in done.stderr and done.stdout == ""

    def test_without_a_token_it_says_how_to_get_one(self, server, user):
        for env in ({}, {"RONDO_TOKEN": "wrong"}, {"RONDO_TOKEN": "a\r\nX-Evil: 1"}):
            done = run("add", "x", env={"RONDO_URL": server.url} | env)
            assert done.returncode == 77 and "RONDO_TOKEN" in done.stderr
            assert f"curl -s {server.url}/api/auth/login" in done.stderr

    def test_the_way_to_a_token_that_it_tells_works(self, server, user):
        told = run("add", "x", env={"RONDO_URL": server.url}).stderr
        command = told[told.index("$(") + 2 : told.rindex(")")]
        command = command.replace("you@example.com", user.email).replace("your password", user.password)
        token = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=30).stdout.strip()
        done = run("add", "x", env={"RONDO_URL": server.url, "RONDO_TOKEN": token})
        assert done.returncode == 0, done.stderr

    def test_without_a_server_it_says_what_to_do(self):
        done = run("add", "--url", f"http://127.0.0.1:{free_port()}", "x", env={"RONDO_TOKEN": "t"})
        assert done.returncode == 69 and "rondo serve" in done.stderr and "--url" in done.stderr

    @pytest.mark.parametrize("url", ["", "localhost:8000", "https://127.0.0.1", "http://", "http://a@b", "ftp://a"])
    def test_a_wrong_address_is_named(self, url):
        done = run("add", "--url", url, "x", env={"RONDO_TOKEN": "t"})
        assert done.returncode == 64 and "--url" in done.stderr

    def test_help_shows_an_example(self):
        done = run("add", "--help")
        assert done.returncode == 0 and f"rondo add '{RENT}'" in done.stdout
