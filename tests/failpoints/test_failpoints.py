"""The program is killed, made to fail, and held up at each named place: nothing answered is lost, each completion has one child.

Needs a build with failpoints (presets dev, asan, tsan), named by RONDO_BINARY; docs/testing.md says how they are used.
"""

import os
import re
import threading

import httpx
import pytest
from brokers import BROKER, kafka_settings
from databases import ON_POSTGRES
from support import BINARY, EVENT_TYPES, ROOT, Server, eventually, wait_until_settled

PLACES = re.findall(r'named\{failpoint::\w+, "(\w+)", (true|false)\}', (ROOT / "src/base/failpoint.cpp").read_text())
OF_KAFKA = ["before_offset", "after_offset"]
RELEASE = ROOT / "build/release/rondo"
KILLED = -9
UNKNOWN = 78
DAILY = {"title": "Water the plants", "due_date": "2040-03-12", "recurring_type": "daily"}


class Stoppable:
    """A server with a file that says where it is to stop."""

    def __init__(self, folder, **env):
        self.orders = folder / "failpoints"
        self.server = Server(folder, RONDO_FAILPOINTS=self.orders, **env)
        self.server.start()
        self.user = self.server.register()

    def order(self, text):
        beside = self.orders.with_suffix(".new")
        beside.write_text(text)
        os.replace(beside, self.orders)

    def make_daily(self):
        answer = self.user.client.post("/api/tasks", json=DAILY)
        assert answer.status_code == 201, answer.text
        self.settle()
        return answer.json()["id"]

    def toggle(self, task):
        """The answer, or None where the server went away instead."""
        try:
            return self.user.client.patch(f"/api/tasks/{task}/toggle")
        except httpx.TransportError:
            return None

    def settle(self):
        wait_until_settled(self.server)

    def start_again(self):
        self.order("")
        self.server.start()
        self.user.again()

    def task(self, task):
        return self.user.client.get(f"/api/tasks/{task}").json()

    def children(self):
        return self.server.rows("select count(*) from tasks where source is not null")[0][0]

    def events(self, kind):
        return self.server.rows("select count(*) from events where type = ?", EVENT_TYPES.index(kind))[0][0]

    def holds_its_promise(self, task):
        """One child if the task is done, none if not; as many events as there are changes."""
        done = self.task(task)["status"] == "done"
        self.settle()
        eventually(lambda: self.children() == done, 30, "one child for a completed task")
        assert self.events("task.completed") == done, "a change without its event, or an event without its change"
        assert self.events("task.created") == 1 + done
        return done


def settings_for(place, topic="tasks"):
    return kafka_settings(topic) if place in OF_KAFKA else {}


@pytest.fixture
def stoppable(tmp_path):
    made = []

    def make(**env):
        made.append(Stoppable(tmp_path, **env))
        return made[-1]

    yield make
    for one in made:
        if one.server.process:
            one.order("")
            one.server.stop()


def test_the_places_are_those_of_the_program():
    header = (ROOT / "src/base/failpoint.hpp").read_text()
    assert [name for name, _ in PLACES] == re.findall(r"^    (\w+),", header, re.M)
    sources = "".join(path.read_text() for path in (ROOT / "src").rglob("*.cpp"))
    assert [name for name, _ in PLACES if f"reach(failpoint::{name})" not in sources] == []


@pytest.mark.skipif(not RELEASE.exists(), reason="no release is built")
def test_a_release_has_none_of_it():
    assert b"RONDO_FAILPOINTS" in BINARY.read_bytes()
    assert b"RONDO_FAILPOINTS" not in RELEASE.read_bytes()


def test_a_name_that_is_not_there_ends_the_program(stoppable):
    one = stoppable()
    task = one.make_daily()
    one.order("before_lunch 1 kill")
    assert one.toggle(task) is None
    assert one.server.wait() == UNKNOWN
    assert "before_lunch" in one.server.output()
    one.start_again()


@pytest.mark.parametrize("place", [name for name, _ in PLACES])
def test_killed_at_each_place(stoppable, place, tmp_path):
    if place in OF_KAFKA and not BROKER:
        pytest.skip("no broker")
    one = stoppable(**settings_for(place, f"tasks-{tmp_path.name}-{os.getpid()}"))
    task = one.make_daily()
    one.order(f"{place} 1 kill")
    answer = one.toggle(task)
    assert one.server.process.wait(60) == KILLED
    one.server.process = None
    one.start_again()
    done = one.holds_its_promise(task)
    if answer is not None:
        assert answer.status_code == 200 and done, "it was answered"
    if ON_POSTGRES:
        return  # several write at once there: it may have been another job that came by first
    if place in ("before_begin", "after_begin", "after_task_row", "after_outbox_row", "before_commit"):
        assert not done, "it was not committed"
    else:
        assert done, "it was committed"
    assert one.server.rows("pragma integrity_check") == [("ok",)]


@pytest.mark.parametrize("place", [name for name, may_fail in PLACES if may_fail == "true"])
def test_failing_at_each_place(stoppable, place):
    one = stoppable()
    task = one.make_daily()
    one.order(f"{place} 1 fail")
    answer = one.toggle(task)
    assert answer.status_code in (200, 503), answer.text
    done = one.holds_its_promise(task)
    assert done == (answer.status_code == 200)


def test_held_up_before_the_commit_nothing_is_seen_and_nothing_is_answered(stoppable):
    one = stoppable()
    task = one.make_daily()
    one.order("before_commit 1 wait")
    answers = []
    asking = threading.Thread(target=lambda: answers.append(one.toggle(task)))
    asking.start()
    with one.server.client(headers=dict(one.user.client.headers)) as other:
        for _ in range(20):
            assert other.get(f"/api/tasks/{task}").json()["status"] == "pending"
        assert not answers
        one.order("")
        asking.join(30)
    assert answers[0].status_code == 200
    assert one.holds_its_promise(task)
