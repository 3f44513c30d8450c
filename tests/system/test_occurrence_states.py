"""Every cell of the tables in docs/occurrences.md, tried on the real binary: what an action on a task does to the task that completing it
made."""

import contextlib
import re

import pytest
from support import ROOT, Server, eventually, raw_id, wait_until_settled
from test_exactly_once import post_event

WEEKLY = {"due_date": "2026-02-03T09:00", "recurring_type": "weekly", "repeat_mode": "every_occurrence"}
ENDED = WEEKLY | {"recurring_end_date": "2026-02-05"}
VERDICTS = {"made", "none", "stays", "taken back", "to the trash", "comes back", "loses its parent", "404", "409"}
SECTIONS = {
    "A pending task": ["pending"],
    "A done task": ["done", "with another rule"],
    "A done task that no longer repeats": ["stopped"],
    "A task in the trash": ["in the trash"],
    "A task in the trash with its descendants": ["in the trash with its descendants"],
    "A task that was purged": ["purged"],
}


def read_cells():
    """(state of the parent, the child, the action, what the page says comes of it)"""
    cells = []
    page = (ROOT / "docs/occurrences.md").read_text()
    for section in re.split(r"^## ", page, flags=re.M)[1:]:
        title, _, body = section.partition("\n")
        rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines() if line[:1] == "|"]
        if title not in SECTIONS:
            continue
        header, _, *lines = rows
        for child, *outcomes in lines:
            assert len(outcomes) == len(header) - 1, (title, child)
            for action, outcome in zip(header[1:], outcomes, strict=True):
                assert outcome in VERDICTS, (title, child, outcome)
                cells += [(parent, child, action, outcome) for parent in SECTIONS[title]]
    return cells


CELLS = read_cells()
SETTLE = "settle"


class Cell:
    """One parent and its child. The steps are generators: each yields where everything must have settled, or a task to be purged."""

    def __init__(self, house, parent, child, action):
        self.house, self.parent_state, self.child_state, self.action = house, parent, child, action
        self.parent = self.child = self.before = None
        self.status = 0

    @property
    def user(self):
        return self.house.user

    def patch(self, task, **fields):
        return self.user.client.patch(f"/api/tasks/{task['id']}", json=fields)

    def delete(self, task, **query):
        return self.user.client.delete(f"/api/tasks/{task['id']}", params=query)

    def post(self, task, what):
        return self.user.client.post(f"/api/tasks/{task['id']}/{what}")

    def build(self):
        has_ended = self.child_state == "none" and self.parent_state not in ("pending", "stopped")
        self.parent = self.user.create(f"{self.parent_state}, {self.child_state}", **(ENDED if has_ended else WEEKLY))
        if self.parent_state == "pending" and self.child_state == "none":
            return
        self.user.toggle(self.parent, completed_at="2026-02-03T10:00:00Z")
        yield SETTLE
        if self.parent_state == "with another rule":
            self.user.change(self.parent, recurring_interval=2)
            yield SETTLE
        made = self.user.children(self.parent)
        assert len(made) == (0 if has_ended else 1)
        self.child = made[0] if made else None
        is_thrown_away = self.child_state in ("in the trash", "purged")
        if self.child and self.child_state not in ("none", "untouched"):
            self.touch()
            yield SETTLE
        if self.child_state == "purged" and self.parent_state != "pending":
            yield self.child
        if self.parent_state == "pending":
            self.user.change(self.parent, status="pending")
        elif self.parent_state == "stopped":
            self.user.change(self.parent, recurring_type="none")
        elif self.parent_state in ("in the trash", "purged"):
            assert self.delete(self.parent, scope="task").status_code == 204
        elif self.parent_state == "in the trash with its descendants":
            assert self.delete(self.parent).status_code == 204
        yield SETTLE
        if self.child_state == "purged" and self.parent_state == "pending":
            yield self.child  # it goes while the task is pending
        if self.parent_state == "purged":
            yield self.parent
        assert is_thrown_away or self.child is None or self.child_state == "none" or self.row(self.child)

    def touch(self):
        if self.child_state == "edited":
            self.user.change(self.child, title="Mine now")
        elif self.child_state == "completed":
            self.user.toggle(self.child, completed_at="2026-02-10T10:00:00Z")
        elif self.child_state == "skipped":
            assert self.post(self.child, "skip").status_code == 200
        elif self.child_state == "moved":
            self.user.change(self.child, due_date="2026-02-12T10:00", edit_scope="this")
        elif self.child_state == "with a child":
            self.user.create("under it", parent_task_id=self.child["id"])
        else:
            assert self.delete(self.child).status_code == 204

    def act(self):
        self.before = self.look()
        done = {"status": "done"}
        if self.action == "complete":
            yield self.patch(self.parent, **done)
        elif self.action == "reopen":
            yield self.patch(self.parent, status="pending")
        elif self.action == "complete again":
            yield self.patch(self.parent, status="pending")
            yield self.patch(self.parent, **done)
        elif self.action == "skip":
            yield self.post(self.parent, "skip")
        elif self.action == "delete":
            yield self.delete(self.parent)
        elif self.action == "delete alone":
            yield self.delete(self.parent, scope="task")
        elif self.action == "restore":
            yield self.post(self.parent, "restore")
        elif self.action == "event":
            yield post_event(self.user.client, self.parent)
        elif self.action == "another rule":
            yield self.patch(self.parent, recurring_interval=3)
        elif self.action == "stop":
            yield self.patch(self.parent, recurring_type="none")
        else:
            assert self.action == "stop and repeat"
            yield self.patch(self.parent, recurring_type="none")
            yield self.patch(self.parent, recurring_type="weekly")

    def row(self, task):
        found = self.house.server.rows(
            "select hex(id), hex(parent), version, status, due_wall, title, deleted_at from tasks where id = ?",
            raw_id(task),
        )
        return found[0] if found else None

    def look(self):
        """The children that completing the task ever made, and the parent's own row."""
        made = self.house.server.rows(
            "select hex(id), hex(parent), version, status, due_wall, title, deleted_at from tasks where source = ?",
            raw_id(self.parent),
        )
        assert len(made) <= 1, made
        return (made[0] if made else None), self.row(self.parent)

    def verdict(self):
        (was, parent_was), (now, parent_now) = self.before, self.look()
        if self.status >= 400:
            assert (was, parent_was) == (now, parent_now), "what is refused changes nothing"
            return str(self.status)
        if now is None:
            return "none" if was is None else "taken back"
        if was is None or was[0] != now[0]:
            assert now[2:4] == (1, 0), now
            return "made"
        if was == now:
            return "stays"
        if was[6] is None and now[6] is not None:
            return "to the trash"
        if was[6] is not None and now[6] is None:
            return "comes back"
        assert now == (was[0], "", was[2] + 1, *was[3:]), (was, now)
        return "loses its parent"


class House:
    """All cells, led through the same steps side by side, so that they wait together."""

    def __init__(self, folder):
        self.server = Server(folder).start()
        self.user = self.server.register()
        self.cells = {cell[:3]: Cell(self, *cell[:3]) for cell in CELLS}
        self.verdicts = {}
        self.lead({key: cell.build() for key, cell in self.cells.items()})
        self.lead({key: cell.act() for key, cell in self.cells.items() if key not in self.verdicts})
        for key in self.cells.keys() - self.verdicts.keys():
            with self.judging(key):
                self.verdicts[key] = self.cells[key].verdict()

    @contextlib.contextmanager
    def judging(self, key):
        """What goes wrong with one cell is that cell's verdict."""
        try:
            yield
        except AssertionError as wrong:
            self.verdicts[key] = f"wrong: {wrong}"

    def lead(self, going):
        while going:
            doomed = []
            for key, steps in list(going.items()):
                waits_for = None
                with self.judging(key):
                    waits_for = next(steps, None)
                if waits_for is None:
                    del going[key]
                elif isinstance(waits_for, dict):
                    doomed.append(waits_for)
                elif waits_for != SETTLE:
                    self.cells[key].status = waits_for.status_code
            wait_until_settled(self.server)
            if doomed:
                self.purge(doomed)

    def purge(self, tasks):
        """Lets their 30 days in the trash go by."""
        self.server.stop()
        for task in tasks:
            aged = "id = ? and deleted_at is not null"
            assert self.server.rows(f"select 1 from tasks where {aged}", raw_id(task)) == [(1,)], task
            self.server.database.execute(
                f"update tasks set deleted_at = deleted_at - 2678400000 where {aged}", raw_id(task)
            )
        self.server.start()
        self.user.again()
        ids = [raw_id(task) for task in tasks]
        places = ",".join("?" * len(ids))
        eventually(
            lambda: not self.server.rows(f"select 1 from tasks where id in ({places})", *ids), 30, "an emptied trash"
        )


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    made = House(tmp_path_factory.mktemp("states"))
    yield made
    made.server.stop()


@pytest.mark.parametrize("parent, child, action, outcome", CELLS, ids=[", ".join(cell[:3]) for cell in CELLS])
def test_the_page_says_what_happens(house, parent, child, action, outcome):
    assert house.verdicts[parent, child, action] == outcome


def test_the_page_has_every_combination():
    children = {cell[1] for cell in CELLS}
    assert len(children) == 9
    for parents in SECTIONS.values():
        for parent in parents:
            missing = children - {cell[1] for cell in CELLS if cell[0] == parent}
            assert missing <= ({"untouched"} if parent in ("pending", "stopped") else set()), (parent, missing)
    assert len(CELLS) == len({cell[:3] for cell in CELLS}) > 400


def test_deleted_and_restored_together_they_are_as_before(house):
    user = house.user
    task = user.create(**WEEKLY)
    user.toggle(task, completed_at="2026-02-03T10:00:00Z")
    child = user.child(task)
    user.client.delete(f"/api/tasks/{task['id']}")
    user.client.post(f"/api/tasks/{task['id']}/restore")
    wait_until_settled(house.server)
    (back,) = user.children(task)
    assert back | {"version": 1, "updated_at": child["updated_at"]} == child
    # Two changes of it are in its history, so it counts as touched.
    user.toggle(task)
    wait_until_settled(house.server)
    assert user.children(task) == [back]
