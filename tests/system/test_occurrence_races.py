"""Eight clients do everything that can be done to a series, to the same series, at once. What must hold afterwards, holds."""

import collections
import json
import random
import threading
import time

import pytest
from support import EVENT_TYPES, SLOWNESS, wait_until_settled
from test_exactly_once import post_event

CLIENTS = 8
ACTIONS, ACTIONS_MIN = 150, 15  # a busy machine does not come to all of them in time
SECONDS_MAX = 15 * SLOWNESS
SERIES = [
    {"due_date": "2026-02-03T09:00", "recurring_type": "daily"},
    {"due_date": "2026-01-31", "recurring_type": "monthly", "repeat_mode": "every_occurrence"},
    {"due_date": "2026-02-03T02:30", "timezone": "Europe/Berlin", "recurring_type": "weekly",
     "repeat_mode": "on_schedule"},
    {"due_date": "2026-02-03T18:00", "recurring_type": "custom", "recurrence_rule": "FREQ=WEEKLY;BYDAY=TU,FR;COUNT=30",
     "repeat_mode": "every_occurrence"},
]  # fmt: skip
EXPECTED = {200, 201, 204, 404, 409, 412}
STARVED = {408, 503}  # a machine too busy to send or to serve a request in time; nothing has happened then


class Client:
    """One of those who act: keeps every change that was answered."""

    def __init__(self, user, seed, stop_at):
        self.rng = random.Random(seed)
        self.user, self.stop_at = user, stop_at
        self.changes = []  # (id, version) of each answer to a change
        self.statuses = collections.Counter()
        self.failure = None

    def run(self):
        try:
            headers = {"Authorization": f"Bearer {self.user.access_token}"}
            with self.user.server.client(headers=headers) as client:
                for done in range(ACTIONS):
                    if done >= ACTIONS_MIN and time.monotonic() > self.stop_at:
                        return
                    self.act(client)
        except Exception as failed:
            self.failure = failed

    def act(self, client):
        # Few of the newest, so that they meet.
        known = read(client, "/api/tasks", sort="-updated_at", limit=12)
        trash = read(client, "/api/trash") if self.rng.random() < 0.2 else []
        if not known and not trash:
            return
        task = self.rng.choice(known or trash)
        path = f"/api/tasks/{task['id']}"
        headers = {"If-Match": f'"{task["version"]}"'} if self.rng.random() < 0.3 else {}

        def change(**fields):
            return client.patch(path, json=fields, headers=headers)

        actions = {
            "toggle": (30, lambda: client.patch(f"{path}/toggle", headers=headers)),
            "complete": (15, lambda: change(status="done")),
            "reopen": (10, lambda: change(status="pending")),
            "edit": (8, lambda: change(title=f"Mine {self.rng.random()}")),
            "move": (5, lambda: change(due_date="2026-02-20T10:00", edit_scope="this")),
            "stop": (3, lambda: change(recurring_type="none")),
            "repeat": (5, lambda: change(recurring_type="daily")),
            "skip": (8, lambda: client.post(f"{path}/skip", headers=headers)),
            "event": (10, lambda: post_event(client, task)),
            "delete alone": (3, lambda: client.delete(path, params={"scope": "task"}, headers=headers)),
            "delete": (3, lambda: client.delete(path, headers=headers)),
            "add": (2, lambda: client.post("/api/tasks", json={"title": "new"} | self.rng.choice(SERIES))),
        }
        if trash:
            answer = client.post(f"/api/tasks/{self.rng.choice(trash)['id']}/restore")
        else:
            names = list(actions)
            name = self.rng.choices(names, [actions[one][0] for one in names])[0]
            answer = actions[name][1]()
        self.statuses[answer.status_code] += 1
        assert answer.status_code in EXPECTED | STARVED or "is required with" in answer.text, (
            answer.status_code,
            answer.text,
        )
        if answer.status_code in (200, 201) and "version" in (told := answer.json()):
            self.changes.append((told["id"], told["version"]))


def read(client, path, **query):
    answer = client.get(path, params=query)
    assert answer.status_code == 200 or answer.status_code in STARVED, answer.text
    return answer.json() if answer.status_code == 200 else []


def texts(rows):
    return [tuple(value.hex() if isinstance(value, bytes) else value for value in row) for row in rows]


@pytest.mark.parametrize("seed", range(2))
def test_eight_clients_at_once_leave_the_series_sound(start, seed):
    print(f"seed {seed}")
    server = start()
    user = server.register()
    for series in SERIES * 2:
        user.create(**series)
    stop_at = time.monotonic() + SECONDS_MAX
    clients = [Client(user, f"{seed}/{n}", stop_at) for n in range(CLIENTS)]
    threads = [threading.Thread(target=client.run) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not [client.failure for client in clients if client.failure]
    wait_until_settled(server)
    answered = sum((client.statuses for client in clients), collections.Counter())
    assert answered.total() >= CLIENTS * ACTIONS_MIN * 0.9 and answered[200] > 40, answered

    tasks = texts(
        server.rows(
            "select id, source, status, repeat_type, ended, version, deleted_at, series, occurrence, child_made, parent"
            " from tasks"
        )
    )
    events = texts(server.rows("select subject, type, data from events order by sequence"))
    check_children(tasks)
    check_history(tasks, events, clients)
    numbers = [(series or id, occurrence, source) for id, source, *_, series, occurrence, _, _ in tasks if source]
    assert len(set(numbers)) == len(numbers)


def check_children(tasks):
    done_state, none_type = 2, 0
    made_by = collections.defaultdict(list)
    parents = {parent for *_, parent in tasks if parent}
    for id, source, *_ in tasks:
        if source:
            made_by[source].append(id)
    by_id = {row[0]: row for row in tasks}
    missing = chains = 0
    for id, _, status, repeat_type, ended, _, deleted_at, *_ in tasks:
        children = made_by[id]
        assert len(children) <= 1, (id, children)
        if deleted_at is not None:
            continue
        chains += len(children)
        if status == done_state and repeat_type != none_type:
            missing += not children and ended is None
            continue
        for child in map(by_id.get, children):
            is_untouched = child[5] == 1 and child[2] == 0 and child[6] is None
            assert not is_untouched or child[0] in parents or made_by[child[0]], (id, child)
    assert missing == 0 and chains > 4, (missing, chains)


def check_history(tasks, events, clients):
    versions = collections.defaultdict(list)
    last_type = {}
    for subject, kind, data in events:
        versions[subject].append(json.loads(data)["version"])
        last_type[subject] = EVENT_TYPES[kind]
    for subject, seen in versions.items():
        assert seen == list(range(1, len(seen) + 1)), (subject, seen)
    there = {row[0]: row[5] for row in tasks}
    for id, version in there.items():
        assert versions[id][-1] == version, id
    for gone in versions.keys() - there.keys():
        assert last_type[gone] == "task.deleted", gone
    for client in clients:
        for id, version in client.changes:
            assert version in versions[id.replace("-", "")], (id, version)
