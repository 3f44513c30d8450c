"""Three servers on one PostgreSQL database act as one, whatever becomes of each of them."""

import itertools
import json
import random
import threading
import time

import httpx
import pytest
from databases import ON_POSTGRES
from support import SLOWNESS, eventually, problem, wait_until_settled

pytestmark = pytest.mark.skipif(not ON_POSTGRES, reason="one SQLite file has one server")

REPLICAS = 3
USERS = 4
TASKS_EACH = 100
PAUSE_S = 0.08
KILL_EVERY_S = 1.5
KILLS = 6
WRONG_LOGINS_MAX = 10


@pytest.fixture
def replicas(start):
    """Servers that share the first one's database."""
    first = start("one")
    others = [start(name, DATABASE_URL=first.database.url) for name in ("two", "three")]
    for one in others:
        one.database = first.database
    return [first, *others]


class Worker(threading.Thread):
    """Completes a user's tasks one after the other, at whichever replica answers, as a client with patience does."""

    def __init__(self, replicas, user, tasks, turn):
        super().__init__()
        self.replicas, self.user, self.tasks = replicas, user, tasks
        self.turn = itertools.cycle(range(turn, turn + REPLICAS))
        self.faults = []

    def run(self):
        for task in self.tasks:
            time.sleep(PAUSE_S)
            while True:
                try:
                    answer = httpx.patch(
                        f"{self.replicas[next(self.turn) % REPLICAS].url}/api/tasks/{task['id']}",
                        json={"status": "done"},
                        headers={"Authorization": f"Bearer {self.user.access_token}"},
                        timeout=10 * SLOWNESS,
                        trust_env=False,
                        verify=False,
                    )
                except httpx.HTTPError:
                    time.sleep(0.02)  # that one was killed: the next replica
                    continue
                if answer.status_code == 503:
                    time.sleep(0.02)
                    continue
                if answer.status_code != 200:
                    self.faults.append(answer.text)
                break


def test_killed_one_after_the_other_under_load_they_make_one_child_of_each_completion(replicas):
    users = [replicas[0].register() for _ in range(USERS)]
    tasks = {
        user.id: [user.create(f"{n}", due_date="2026-02-08", recurring_type="daily") for n in range(TASKS_EACH)]
        for user in users
    }
    workers = [Worker(replicas, user, tasks[user.id], turn) for turn, user in enumerate(users)]
    dice = random.Random(7)
    for worker in workers:
        worker.start()
    kills = 0
    while any(worker.is_alive() for worker in workers) or kills < 2:
        victim = dice.choice(replicas)
        victim.kill()
        kills += 1
        time.sleep(0.2)
        victim.start()
        if kills >= KILLS:
            break
        time.sleep(KILL_EVERY_S)
    for worker in workers:
        worker.join(120 * SLOWNESS)
        assert not worker.is_alive() and worker.faults == []
    wait_until_settled(replicas[0])
    for user in users:
        alive = user.at(replicas[1])
        for task in tasks[user.id]:
            assert len(alive.children(task)) == 1, task
        types = [(event["type"], event["subject"]) for event in alive.events()]
        for task in tasks[user.id]:
            mine = [kind for kind, subject in types if subject == task["id"]]
            assert mine == ["task.created", "task.completed"], "one event for each change"
    assert replicas[0].rows("select count(*) from dead_letters") == [(0,)]
    print(f"{kills} kills, {USERS * TASKS_EACH} completions")


def test_an_event_reaches_the_streams_of_every_replica(replicas):
    user = replicas[0].register()
    headers = {"Authorization": f"Bearer {user.access_token}"}
    for one in replicas:
        with (
            httpx.Client(base_url=one.url, timeout=30 * SLOWNESS, trust_env=False, verify=False) as client,
            client.stream("GET", "/api/events/stream", headers=headers) as stream,
        ):
            lines = stream.iter_lines()
            assert next(lines).startswith("retry:")
            task = user.at(replicas[(replicas.index(one) + 1) % REPLICAS]).create("elsewhere")
            data = next(line for line in lines if line.startswith("data:"))
            assert json.loads(data[5:])["subject"] == task["id"]


def test_a_logout_at_one_is_one_at_all_within_a_second(replicas):
    user = replicas[0].register()
    others = [user.at(one) for one in replicas]
    assert [one.client.get("/api/auth/me").status_code for one in others] == [200] * REPLICAS
    body = {"refresh_token": user.refresh_token}
    assert user.client.post("/api/auth/logout", json=body).status_code in (200, 204)
    began = time.monotonic()
    for one in others:
        eventually(lambda one=one: one.client.get("/api/auth/me").status_code == 401, what="the end of the session")
    assert time.monotonic() - began < 1 * SLOWNESS


def test_a_refresh_token_used_at_one_is_used_up_at_the_others(replicas):
    user = replicas[0].register()
    body = {"refresh_token": user.refresh_token}
    assert user.client.post("/api/auth/refresh", json=body).status_code == 200
    problem(user.at(replicas[1]).client.post("/api/auth/refresh", json=body), 401)


def test_wrong_logins_are_counted_together(replicas):
    user = replicas[0].register()
    answers = [
        replicas[number % REPLICAS]
        .client()
        .post("/api/auth/login", json={"email": user.email, "password": "not this one"})
        for number in range(WRONG_LOGINS_MAX + 1)
    ]
    assert [answer.status_code for answer in answers] == [401] * WRONG_LOGINS_MAX + [429]
    right = {"email": user.email, "password": user.password}
    for one in replicas:
        assert one.client().post("/api/auth/login", json=right).status_code == 429
