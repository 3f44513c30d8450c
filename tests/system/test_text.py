"""Text as people write it, and what becomes of it when a database without keys for sorting and searching is there."""

import re

import pytest
from databases import ON_POSTGRES
from support import eventually, problem

TASKS = 3000
FORGET = (
    [
        "update tasks set title_order = '', folded_words = null",
        "update tags set folded_words = ''",
        "update text_keys set rules = 0, done_to = 0, gaps = true",
    ]
    if ON_POSTGRES
    else [
        "delete from task_text",
        "update tasks set title_order = x''",
        "update text_keys set rules = 0, done_to = 0, gaps = 1",
    ]
)
TITLES = ["Zebra", "Äpfel 10", "äpfel 2", "Łódź", "100 % 🌱", "牛乳を買う", "Apfel", "C++"]
IN_ORDER = ["100 % 🌱", "Apfel", "äpfel 2", "Äpfel 10", "C++", "Łódź", "Zebra", "牛乳を買う"]


def titles(user, **query):
    return [task["title"] for task in user.list(**query)]


def left(server):
    with server.client() as client:
        return float(re.search(r"^rondo_text_keys_left (\S+)", client.get("/metrics").text, re.M)[1])


def state(server):
    return server.rows("select rules, done_to, gaps from text_keys")[0]


def forget(server):
    """As a version without keys leaves the database."""
    for sql in FORGET:
        server.database.execute(sql)


def test_searching_and_sorting(start):
    user = start().register()
    for title in TITLES:
        user.create(title)
    for query, found in {
        "%": ["100 % 🌱"],
        "*": [],
        "_": [],
        "🌱": ["100 % 🌱"],
        "c++": ["C++"],
        "c#": [],
        "乳を": ["牛乳を買う"],
        "lodz": ["Łódź"],
        "APFEL": ["Apfel", "Äpfel 10", "äpfel 2"],
        "APFEL 10": ["Äpfel 10"],
    }.items():
        assert sorted(titles(user, q=query)) == sorted(found), query
    assert titles(user, sort="title") == IN_ORDER
    assert titles(user, sort="-title") == IN_ORDER[::-1]


@pytest.mark.parametrize("query", ["\u200b", "\u200d \u200b", "\u0301", "\ufe0f", "\u00ad", "\ufeff", "\u2060 \u034f"])
def test_a_search_for_nothing_that_can_be_found_is_refused(start, query):
    """Not answered with every task, as if nothing had been asked for."""
    user = start().register()
    user.create("anything")
    told = problem(user.client.get("/api/tasks", params={"q": query}), 422, "?q")
    assert told["errors"][0]["message"] == "must have a word or a sign to look for"
    assert titles(user, q=query + " anything") == ["anything"]


def test_keys_are_made_while_it_runs_and_go_on_after_a_kill(start):
    server = start()
    user = server.register()
    for title in TITLES:
        user.create(title)
    copies = TASKS - len(TITLES)
    for number in range(copies // 500):
        copy_tasks(server, 500, number * 500)
    server.stop()
    forget(server)

    # Killed as soon as some batches are done, again and again, until it is over.
    kills, seen = 0, set()
    while kills < 40:
        user = user.at(server.start())
        eventually(lambda: state(server)[1] != 0, 60, "a first batch")
        assert sorted(titles(user, q="apfel")) == ["Apfel", "Äpfel 10", "äpfel 2"], "nothing is lost meanwhile"
        assert titles(user, q="乳を") == ["牛乳を買う"]
        if state(server)[1] is None:
            break
        server.kill()
        at = state(server)[1]
        assert at is None or at >= max(seen, default=0), "it never begins again"
        seen.add(at or 0)
        kills += 1
    eventually(lambda: state(server)[1] is None, 120, "the keys of all tasks")
    eventually(lambda: left(server) == 0, 10, "the metric")
    assert state(server)[2] == 0
    assert titles(user, sort="title", q="apfel") == ["Apfel", "äpfel 2", "Äpfel 10"]
    of_all = "select count(*) from tasks where length(title_order) > 0"
    assert server.rows(of_all) == server.rows("select count(*) from tasks")
    without = "folded_words is null" if ON_POSTGRES else "number not in (select rowid from task_text)"
    assert server.rows(f"select count(*) from tasks where {without}") == [(0,)]


def copy_tasks(server, count, since):
    """As many more of the first task, written past the server."""
    columns = "owner title description status priority due_all_day due_at zone repeat_type repeat_interval repeat_rule repeat_mode"
    columns += " series_start_all_day moved_from_all_day occurrence version created_at updated_at child_made"
    number = (
        "generate_series(1, {0}) n"
        if ON_POSTGRES
        else "(with recursive n(n) as (select 1 union all select n + 1 from n where n < {0}) select n from n)"
    )
    id_ = "gen_random_uuid()" if ON_POSTGRES else "randomblob(16)"
    picked = ", ".join(f"'copy ' || (n + {since})" if name == "title" else f"t.{name}" for name in columns.split())
    server.database.execute(
        f"insert into tasks (id, {', '.join(columns.split())}) select {id_}, {picked}"
        f" from (select * from tasks where title = 'Zebra') t cross join {number.format(count)}"
    )


def test_tags_that_have_become_the_same_are_merged_at_the_start(start):
    server = start()
    user = server.register()
    user.create("one", tags=["Straße", "other"])
    user.create("two", tags=["x"])
    user.create("three", tags=["other", "x", "Straße"])
    server.stop()
    server.database.execute("update tags set name_key = 'straße' where name = 'Straße'")
    server.database.execute("update tags set name = 'STRASSE', name_key = 'strasse' where name = 'x'")
    forget(server)
    user = user.at(server.start())
    tags = {task["title"]: [tag["name"] for tag in task["tags"]] for task in user.list()}
    assert tags == {"one": ["Straße", "other"], "two": ["Straße"], "three": ["other", "Straße"]}
    assert "Tags with the same name were merged" in server.output()
    assert titles(user, tag="strasse", sort="created_at") == ["one", "two", "three"]
    made = user.create("five", tags=["Straße", "STRASSE"])
    assert [tag["name"] for tag in made["tags"]] == ["Straße"]
