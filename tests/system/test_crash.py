"""kill -9 under load, again and again: what was answered is there, and every completion has its one child."""

import threading

import httpx
from databases import ON_POSTGRES
from support import SANITIZED, Server, eventually, wait_until_settled

KILLS = 5 if SANITIZED else 20
WRITERS = 6
ANSWERS_PER_KILL = 40


class Writer(threading.Thread):
    """Makes and completes tasks, and remembers what it was answered. Ends when the server is gone."""

    def __init__(self, server, user, answered):
        super().__init__()
        self.url, self.headers = server.url, {"Authorization": f"Bearer {user.access_token}"}
        self.answered = answered

    def run(self):
        try:
            with httpx.Client(
                base_url=self.url, headers=self.headers, timeout=20, trust_env=False, verify=False
            ) as client:
                while True:
                    made = client.post(
                        "/api/tasks", json={"title": "Load", "due_date": "2026-02-08", "recurring_type": "daily"}
                    )
                    self.note(made, 201)
                    done = client.patch(f"/api/tasks/{made.json()['id']}/toggle")
                    self.note(done, 200)
        except httpx.TransportError:
            pass

    def note(self, answer, status):
        # A server that is just being killed may still say that it cannot; that is no promise.
        assert answer.status_code == status, answer.text
        task = answer.json()
        with self.answered["lock"]:
            self.answered["versions"][task["id"]] = task["version"]
            self.answered["count"] += 1


def kill_under_load(server, user, answered):
    wanted = answered["count"] + ANSWERS_PER_KILL
    writers = [Writer(server, user, answered) for _ in range(WRITERS)]
    for writer in writers:
        writer.start()
    eventually(lambda: answered["count"] >= wanted or not any(one.is_alive() for one in writers), 60, "load")
    server.kill()
    for writer in writers:
        writer.join(30)
        assert not writer.is_alive()
    assert answered["count"] >= wanted


def test_nothing_answered_is_lost_and_no_child_is_missing_or_double(tmp_path):
    server = Server(tmp_path)
    server.start()
    user = server.register()
    answered = {"lock": threading.Lock(), "versions": {}, "count": 0}
    for _ in range(KILLS):
        kill_under_load(server, user, answered)
        server.start()

    user.again()
    wait_until_settled(server)
    stored = {
        f"{task_id.hex()}": (version, status)
        for task_id, version, status in server.rows("select id, version, status from tasks where occurrence = 1")
    }
    for task_id, version in answered["versions"].items():
        assert task_id.replace("-", "") in stored, f"{task_id} was answered and is lost"
        assert stored[task_id.replace("-", "")][0] >= version, f"a change of {task_id} was answered and is lost"

    missing = """select count(*) from tasks done where done.completed_at is not null
                 and (select count(*) from tasks child where child.source = done.id) <> 1"""
    eventually(lambda: server.rows(missing) == [(0,)], 90, "one child for each completed task")
    assert server.rows("select source from tasks where source is not null group by source having count(*) > 1") == []
    if not ON_POSTGRES:
        assert server.rows("pragma integrity_check") == [("ok",)]
    done = sum(version >= 2 for version in answered["versions"].values())
    assert done > KILLS, "the load completed tasks"
    assert len(user.list(status="done", limit=1000)) >= min(done, 1000)
    server.stop()
