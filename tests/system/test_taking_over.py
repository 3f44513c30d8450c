"""The FastAPI backend's database, with all that has gone wrong in it over the years, is taken over."""

import json
import time
import uuid

import pytest

from fastapi_database import FastapiDatabase, ago, dashed, read_rows, stamp
from support import Server, User, eventually, run

pytestmark = pytest.mark.sqlite

PASSWORD = "correct horse battery"
BCRYPT = "$2b$05$abcdefghijklmnopqrstuuD3mHdCr44zlIZ.VZCaYRpfQhXMYnEo."
OTHER_PASSWORD = "9IeRXmnGxMYbs"
OTHER_BCRYPT = "$2b$04$pQ7gRO7e6wx/936oXhNjrOUNOHL1D0h1N2IDbJZYs.1ppzSof6SPy"
ARGON2ID = "$argon2id$v=19$m=65536,t=3,p=4$MIIRqgvgQbgj220jfp0MPA$YfwJSVjtjSU0zzV/P3S9nnQ/USre2wvJMjfCIjrTQbg"
ARGON2ID_PASSWORD = "correct horse battery staple"


def log_in(server, email, password=PASSWORD, expected=200):
    client = server.client()
    answer = client.post("/api/auth/login", json={"email": email, "password": password})
    assert answer.status_code == expected, answer.text
    return User(server, client, {**answer.json()["user"], **answer.json()}, password) if expected == 200 else None


def bring_up(server, *arguments):
    return run("migrate", "up", *arguments, env=server.env)


def taken(server):
    ended = bring_up(server, "--json")
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)["taken_over"]


def note(report, words):
    """The one note with these words."""
    found = [each for each in report["notes"] if words in each["what"]]
    assert len(found) == 1, report["notes"]
    return found[0]


@pytest.fixture
def old(tmp_path):
    database = FastapiDatabase(tmp_path / "todo.db")
    yield database
    database.connection.close()


@pytest.fixture
def server(tmp_path):
    one = Server(tmp_path)
    yield one
    if one.process:
        one.stop()


def test_users_log_in_with_their_passwords_and_find_their_tasks(old, server):
    ann = old.user("ann@example.org", BCRYPT, name="Ann")
    bob = old.user("bob@example.org", ARGON2ID)
    milk = old.task(ann, "Milk", description="two", priority="high", due_date="2026-02-08 09:00:00.000000")
    home = old.tag(ann, "Home", "#a1b2c3")
    old.tie(milk, home)
    old.task(bob, "Bob's", status="in_progress")
    old.close()

    server.start()  # takes over by itself
    user = log_in(server, "Ann@Example.org")
    assert user.id == dashed(ann)
    (found,) = user.list()
    assert (found["id"], found["title"], found["description"], found["priority"]) == (
        dashed(milk),
        "Milk",
        "two",
        "high",
    )
    assert (found["due_date"], found["timezone"], found["version"]) == ("2026-02-08T09:00:00+00:00", "UTC", 1)
    (tag,) = found["tags"]
    assert (tag["id"], tag["name"], tag["color"].lower()) == (dashed(home), "Home", "#a1b2c3")
    assert (
        [each["id"] for each in user.list(q="milk")] == [each["id"] for each in user.list(q="home")] == [dashed(milk)]
    )
    assert user.client.get("/api/auth/me").json()["name"] == "Ann"
    assert "Taken over: 2 users, 2 tasks, 1 tags" in server.output()

    # The right password is kept in our own form from then on; a wrong one is none.
    assert [row[0][:10] for row in server.rows("select password_hash from users where email = 'ann@example.org'")] == [
        "$argon2id$"
    ]
    log_in(server, "ann@example.org")
    log_in(server, "bob@example.org", PASSWORD, expected=401)
    assert [each["status"] for each in log_in(server, "bob@example.org", ARGON2ID_PASSWORD).list()] == ["in_progress"]
    server.stop()
    server.start()
    assert len(log_in(server, "ann@example.org").list()) == 1, "once is enough"

    copy = server.folder / "todo.db.before-taking-over"
    assert read_rows(copy, "select email from users order by email") == [("ann@example.org",), ("bob@example.org",)]
    assert (server.folder / "todo.db.taken-over.txt").stat().st_mode & 0o077 == 0


def test_a_repeating_task_comes_back_and_one_with_a_child_makes_no_other(old, server):
    ann = old.user("ann@example.org", BCRYPT)
    due = "2026-03-01 09:00:00.000000"
    daily = old.task(ann, "Daily", recurring_type="daily", due_date=due)
    done = {"recurring_type": "weekly", "due_date": due, "status": "done"}
    parent = old.task(ann, "Weekly", completed_at=stamp(ago(days=2)), **done)
    middle = old.task(
        ann, "Weekly", parent_task_id=parent, created_at=stamp(ago(days=2)), completed_at=stamp(ago(days=1)), **done
    )
    last = old.task(
        ann, "Weekly", parent_task_id=middle, recurring_type="weekly", due_date=due, created_at=stamp(ago(days=1))
    )
    subtask = old.task(ann, "a step of it", parent_task_id=parent)
    with_subtask = old.task(ann, "Own", completed_at=stamp(ago(days=1)), **done)
    old.task(ann, "its step", parent_task_id=with_subtask)
    lost = old.task(ann, "Lost", completed_at=stamp(ago(days=3)), **done)
    forgotten = old.task(ann, "Forgotten", completed_at=stamp(ago(days=60)), **done)
    old.close()

    report = taken(server)
    assert note(report, "in the last 31 days")["details"] == [f"task {dashed(lost)}"]
    assert note(report, "more than 31 days ago")["details"] == [f"task {dashed(forgotten)}"]
    server.start()
    user = log_in(server, "ann@example.org")
    user.toggle(dashed(daily))
    child = user.child(dashed(daily))
    assert child["due_date"].endswith("T09:00:00+00:00") and child["occurrence"] == 2

    # The sweep makes what was lost, and nothing else.
    (made,) = eventually(lambda: user.children(dashed(lost)), 30, "the child that was lost")
    assert made["title"] == "Lost"
    assert {each["id"] for each in user.children(dashed(parent))} == {dashed(middle), dashed(subtask)}
    assert [each["id"] for each in user.children(dashed(middle))] == [dashed(last)]
    assert len(user.children(dashed(with_subtask))) == 1 and user.children(dashed(forgotten)) == []
    series = user.client.get(f"/api/tasks/{dashed(last)}/series").json()  # made at the same moment: in any order
    assert sorted(each["occurrence"] for each in series) == [1, 2, 3]

    # Reopening takes back nothing that was made there, unless nobody touched it; completing anew makes what is missing.
    user.toggle(dashed(forgotten))
    user.toggle(dashed(forgotten))
    assert user.child(dashed(forgotten))["title"] == "Forgotten"


def test_nobody_loses_data_or_gains_another_account_by_an_address(old, server):
    newer = old.user("ANN@example.org", OTHER_BCRYPT, created_at=stamp(ago(days=10)))
    older = old.user("ann@example.org", BCRYPT, created_at=stamp(ago(days=20)))
    old.task(older, "the older's")
    old.task(newer, "the newer's")
    old.user("zoe@example.org", "pbkdf2$whatever")
    old.user("max@example.org", BCRYPT.replace("$05$", "$31$"))
    old.close()

    report = taken(server)
    marked = f"ANN+duplicate-{dashed(newer)[:8]}@example.org"
    assert note(report, "but for case")["details"] == [
        f"user {dashed(newer)}: ANN@example.org is now {marked}; user {dashed(older)} keeps the old one"
    ]
    assert note(report, "cannot be checked")["count"] == 2
    server.start()
    for email, password, title in (
        ("ANN@example.org", PASSWORD, "the older's"),
        (marked, OTHER_PASSWORD, "the newer's"),
    ):
        assert [each["title"] for each in log_in(server, email, password).list()] == [title]
    log_in(server, "ann@example.org", OTHER_PASSWORD, expected=401)
    log_in(server, "max@example.org", PASSWORD, expected=401)


def test_what_does_not_fit_is_made_to_fit_and_told(old, server):
    ann = old.user("ann@example.org", BCRYPT)
    bob = old.user("bob@example.org", BCRYPT)
    long = "x" * 255
    blank = old.task(ann, "  ")
    cut = old.task(ann, long, description="and more")
    chatty = old.task(ann, "chatty", description="y" * 20_000)
    untimed = old.task(ann, "untimed", status="done", updated_at="2026-01-05 10:00:00")
    upper = old.task(ann, "upper", status="IN_PROGRESS", priority="LOW", recurring_type="DAILY")
    odd_id = str(uuid.uuid4()).upper()
    old.task(ann, "dashed", id=odd_id, parent_task_id=dashed(cut))
    bobs = old.task(bob, "Bob's")
    orphan = old.task(ann, "orphan", parent_task_id=uuid.uuid4().hex)
    stranger = old.task(ann, "stranger", parent_task_id=bobs)
    first, second = uuid.uuid4().hex, uuid.uuid4().hex
    old.task(ann, "egg", id=first, parent_task_id=second)
    old.task(ann, "hen", id=second, parent_task_id=first)
    of_nobody = old.task(uuid.uuid4().hex, "nobody's")

    red = old.tag(ann, "Red", "red", created_at=stamp(ago(days=30)))
    also_red = old.tag(ann, "RED", "#f00", created_at=stamp(ago(days=20)))
    strange = old.tag(ann, "z" * 60, "no colour at all")
    nameless = old.tag(ann, " ")
    bobs_tag = old.tag(bob, "secret")
    old.tag(uuid.uuid4().hex, "nobody's")
    for tag in (red, also_red, red, bobs_tag, strange, nameless, uuid.uuid4().hex):
        old.tie(cut, tag)
    old.tie(of_nobody, red)
    old.close()

    report = taken(server)
    for words, count in (
        ("had no title", 1),
        ("title of more than 200", 1),
        ("description of more than", 1),
        ("at a time that is not told", 1),
        ("tasks belong to nobody", 1),
        ("not there or another user's", 2),
        ("the circle is cut", 1),
        ("another's name but for case", 1),
        ("name of more than 50", 1),
        ("tags had no name", 1),
        ("as a word or in short", 2),
        ("colour that is not known", 1),
        ("tags belong to nobody", 1),
        ("on another user's task", 1),
        ("twice on a task", 2),
        ("the tie is gone", None),
    ):
        if count is not None:
            assert note(report, words)["count"] == count, words
    assert (report["users"], report["tasks"], report["tags"], report["tags_on_tasks"]) == (2, 11, 4, 3)
    assert dashed(of_nobody) in note(report, "tasks belong to nobody")["details"][0]
    kept = (server.folder / "todo.db.taken-over.txt").read_text()
    assert dashed(of_nobody) in kept and f"{dashed(also_red)} is now {dashed(red)}" in kept

    server.start()
    user = log_in(server, "ann@example.org")
    found = {each["id"]: each for each in user.list()}
    assert len(found) == 10
    assert found[dashed(blank)]["title"] == "Untitled"
    assert found[dashed(cut)]["title"] == "x" * 199 + "…" and found[dashed(cut)]["description"] == f"{long}\n\nand more"
    assert len(found[dashed(chatty)]["description"]) == 20_000
    assert found[dashed(untimed)]["completed_at"] == "2026-01-05T10:00:00.000Z"
    assert [found[dashed(upper)][name] for name in ("status", "priority", "recurring_type")] == [
        "in_progress",
        "low",
        "daily",
    ]
    assert found[odd_id.lower()]["parent_task_id"] == dashed(cut)
    assert found[dashed(orphan)]["parent_task_id"] is None and found[dashed(stranger)]["parent_task_id"] is None
    assert sorted(each["parent_task_id"] is None for each in (found[dashed(first)], found[dashed(second)])) == [
        False,
        True,
    ]
    tags = found[dashed(cut)]["tags"]
    assert [tag["name"][:8] for tag in tags] == ["Red", "z" * 8, "Untitled"] and tags[0]["color"] == "#FF0000"
    assert len(tags[1]["name"]) == 50 and tags[1]["color"] == "#3B82F6"
    assert [each["name"] for each in log_in(server, "bob@example.org").client.get("/api/tags").json()] == ["secret"]
    user.change(dashed(chatty), title="still chatty")
    user.change(dashed(cut), status="done")


def test_tags_as_a_json_list_become_tags(tmp_path, server):
    old = FastapiDatabase(tmp_path / "todo.db", tags_as_json=True, with_version=False)
    ann, bob = old.user("ann@example.org", BCRYPT), old.user("bob@example.org", BCRYPT)
    both = old.task(ann, "both", tags=["home", "Garden", "HOME", ""])
    old.task(ann, "one", tags=["garden"])
    old.task(bob, "bob's", tags=["home"])
    old.task(bob, "none", tags=[])
    old.close()
    report = taken(server)
    assert (report["tags"], report["tags_on_tasks"]) == (4, 5)
    server.start()
    user = log_in(server, "ann@example.org")
    assert [tag["name"] for tag in user.get(dashed(both))["tags"]] == ["home", "Garden", "Untitled"]
    counts = {tag["name"]: tag["task_count"] for tag in user.client.get("/api/tags").json()}
    assert counts == {"home": 1, "Garden": 2, "Untitled": 1}


@pytest.mark.parametrize(
    "spoil, said",
    [
        ("create table invoices (id integer)", "another program"),
        ("create view mine as select * from tasks", "another program"),
        ("alter table tasks drop column completed_at", "no column completed_at"),
        ("alter table users drop column hashed_password", "no column hashed_password"),
        ("alter table tasks add column estimate integer", "estimate"),
        ("update tasks set due_date = 'next week'", "next week"),
        ("update tasks set status = 'someday'", "someday"),
        ("update tasks set id = 'x'", "UUID"),
        ("update users set email = ' '", "e-mail"),
        ("insert into task_tags values (null, null)", "task_tags"),
    ],
)
def test_what_cannot_be_understood_is_refused_and_nothing_written(old, server, spoil, said):
    old.task(old.user("ann@example.org", BCRYPT))
    old.execute(spoil)
    old.close()
    before = server.file.read_bytes()
    for command in (("migrate", "up"), ("serve",)):
        ended = run(*command, env=server.env)
        assert ended.returncode == 78 and said in ended.stderr, ended.stderr
        assert len(ended.stderr.strip().splitlines()) == 1
    assert server.file.read_bytes() == before
    assert [each.name for each in server.folder.iterdir() if not each.name.startswith("todo.db-")] == ["todo.db"]


def test_a_database_in_use_is_not_taken_over(old, server):
    old.task(old.user("ann@example.org", BCRYPT))
    old.connection.commit()
    ended = bring_up(server)
    assert ended.returncode == 78 and "has it open" in ended.stderr
    old.close()
    assert bring_up(server).returncode == 0


def test_other_commands_do_not_take_over(old, server):
    old.task(old.user("ann@example.org", BCRYPT))
    old.close()
    before = server.file.read_bytes()
    for command in (("migrate", "status"), ("migrate", "down", "--yes"), ("events", "dead-letters", "list")):
        ended = run(*command, env=server.env)
        assert ended.returncode == 78 and "FastAPI" in ended.stderr
    assert server.file.read_bytes() == before


@pytest.mark.speed
def test_fifty_thousand_tasks_are_taken_over_in_seconds(old, server):
    users = [old.user(f"user{i}@example.org", BCRYPT) for i in range(100)]
    tags = [[old.tag(user, f"tag {i}") for i in range(5)] for user in users]
    for i in range(50_000):
        task = old.task(users[i % 100], f"task {i} of many", description="some words about it " * 5)
        old.tie(task, tags[i % 100][i % 5])
    old.close()
    began = time.monotonic()
    report = taken(server)
    took = time.monotonic() - began
    print(f"50,000 tasks taken over in {took:.1f} s")
    assert (report["tasks"], report["tags_on_tasks"]) == (50_000, 50_000)
    assert took < 60
    server.start()
    assert len(log_in(server, "user7@example.org").list(q="words tag")) == 500
