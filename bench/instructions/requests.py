"""What is counted: every route of docs/openapi.yaml, each with a fixed request.

Dates are far ahead, so that no count depends on the day it is made.
"""

import contextlib
import http.client
from collections.abc import Callable
from dataclasses import dataclass

from counted_server import ADDRESS, ANSWER_MAX_S, CountedServer

PASSWORD = "correct horse battery"
TASKS = 40
TAGS = ["home", "work", "garden", "books", "travel"]
DUE = "2040-03-12T09:00"

LEFT_OUT: dict[str, str] = {
    # "METHOD /path": why
}


class World:
    """One user with tasks, tags, a series and something in the trash."""

    def __init__(self, server: CountedServer):
        self.server = server
        self.made = 0
        account = self.register()
        self.email, self.user, self.token = account["email"], account["id"], account["access_token"]
        self.beside = self.log_in()
        self.tags = [self.ask("POST", "/api/tags", {"name": name})["id"] for name in TAGS]
        self.tasks = [self.task() for _ in range(TASKS)]
        self.one = self.tasks[0]
        self.series = self.task(recurring_type="weekly")
        self.ask("PATCH", f"/api/tasks/{self.series}/toggle", {})
        self.ask("DELETE", f"/api/tasks/{self.task()}")

    def number(self) -> int:
        """One more, always of five digits, so that no text grows."""
        self.made += 1
        return 10_000 + self.made

    def ask(self, method: str, target: str, body=None, headers=None, token: str | None = None):
        return self.server.ask(method, target, body, headers, self.token if token is None else token)

    def register(self) -> dict:
        account = {"email": f"user{self.number()}@example.com", "password": PASSWORD, "timezone": "Europe/Berlin"}
        return self.ask("POST", "/api/auth/register", account, token="")

    def log_in(self) -> dict:
        return self.ask("POST", "/api/auth/login", {"email": self.email, "password": PASSWORD}, token="")

    def refresh(self) -> None:
        """Of a session beside the one that asks, whose token would change."""
        body = {"refresh_token": self.beside["refresh_token"]}
        self.beside = self.ask("POST", "/api/auth/refresh", body, token="")

    def task(self, **fields) -> str:
        n = self.number()
        body = {"title": f"Water the plants {n}", "description": "All of them, and the two on the balcony."}
        body |= {"priority": "high", "due_date": DUE, "timezone": "Europe/Berlin", "tags": [TAGS[n % len(TAGS)]]}
        return self.ask("POST", "/api/tasks", body | fields)["id"]

    def skippable(self) -> str:
        return self.task(recurring_type="daily", recurring_interval=2)

    def trashed(self) -> str:
        task = self.task()
        self.ask("DELETE", f"/api/tasks/{task}")
        return task

    def tag(self) -> str:
        return self.ask("POST", "/api/tags", {"name": f"tag {self.number()}"})["id"]

    def other_session(self) -> str:
        self.log_in()
        return next(one["id"] for one in self.ask("GET", "/api/auth/sessions") if not one.get("current"))

    def stream(self) -> None:
        """Follows the events to the first that comes, and goes."""
        connection = http.client.HTTPConnection(ADDRESS, self.server.connection.port, timeout=ANSWER_MAX_S)
        with contextlib.closing(connection):
            headers = {"Authorization": f"Bearer {self.token}", "Last-Event-ID": "0"}
            connection.request("GET", "/api/events/stream", headers=headers)
            answer = connection.getresponse()
            if answer.status != 200 or not answer.readline():
                raise SystemExit(f"GET /api/events/stream was answered with {answer.status}")
            self.server.wait_until_quiet()
        self.server.wait_until_quiet()


@dataclass(frozen=True)
class Counted:
    route: str  # as in openapi.yaml
    request: Callable  # (world, what `before` made)
    variant: str = ""
    before: Callable | None = None  # makes what one request needs; not counted
    rare: bool = False  # hashes a password, or needs a login each time: few of them

    @property
    def name(self) -> str:
        return f"{self.route} ({self.variant})" if self.variant else self.route


def get(path: str, target: str = "", variant: str = "") -> Counted:
    """A GET of the path, with the user's one task or first tag in it; `target`: with a query."""

    def request(world: World, _):
        filled = (target or path).replace("{task_id}", world.one).replace("{tag_id}", world.tags[0])
        world.ask("GET", filled.replace("{series}", world.series))

    return Counted(f"GET {path}", request, variant)


def completed_event(world: World) -> dict:
    data = {"event_type": "task-completed", "task_id": world.series, "user_id": world.user}
    return {
        "specversion": "1.0",
        "id": "0198c0de-0000-7000-8000-000000000001",
        "source": "todo-backend",
        "type": "task.completed",
        "subject": world.series,
        "time": "2026-02-08T08:30:00.000Z",
        "datacontenttype": "application/json",
        "data": data,
    }


TASK = "/api/tasks/{task_id}"
COUNTED = [
    get("/livez"),
    get("/readyz"),
    get("/health"),
    get("/"),
    get("/docs"),
    get("/openapi.json"),
    get("/metrics"),
    get("/dapr/subscribe"),
    get("/dapr/config"),
    get("/api/auth/me"),
    Counted("PATCH /api/auth/me", lambda world, _: world.ask("PATCH", "/api/auth/me", {"name": "Ada"})),
    get("/api/auth/sessions"),
    get("/api/tasks"),
    get("/api/tasks", "/api/tasks?q=balcony", "search"),
    get("/api/tasks", "/api/tasks?sort=title&status=pending&tag=home&due_after=2040-01-01", "sorted and filtered"),
    get(TASK),
    get(f"{TASK}/occurrences", "/api/tasks/{series}/occurrences?count=5"),
    get(f"{TASK}/series", "/api/tasks/{series}/series"),
    get(f"{TASK}/history"),
    get(f"{TASK}/why"),
    get("/api/trash"),
    get("/api/stats", "/api/stats?from=2040-03-01&to=2040-03-31"),
    get("/api/tags"),
    get("/api/tags/{tag_id}"),
    get("/api/events"),
    Counted("GET /api/events/stream", lambda world, _: world.stream()),
    Counted(
        "POST /api/recurrence/preview",
        lambda world, _: world.ask(
            "POST",
            "/api/recurrence/preview",
            {
                "due_date": DUE,
                "timezone": "Europe/Berlin",
                "recurring_type": "custom",
                "recurrence_rule": "FREQ=MONTHLY;BYDAY=-1FR",
            },
        ),
    ),
    Counted("POST /api/tasks", lambda world, _: world.task()),
    Counted(
        "POST /api/tasks/quick",
        lambda world, _: world.ask("POST", "/api/tasks/quick", {"text": "Pay rent 1 March 2040 at 9am #home !high"}),
    ),
    Counted(
        f"PUT {TASK}",
        lambda world, task: world.ask("PUT", f"/api/tasks/{task}", {"title": "Buy oat milk"}),
        before=World.task,
    ),
    Counted(
        f"PATCH {TASK}",
        lambda world, task: world.ask("PATCH", f"/api/tasks/{task}", {"priority": "low", "tags": ["work"]}),
        before=World.task,
    ),
    Counted(
        f"PATCH {TASK}/toggle",
        lambda world, task: world.ask("PATCH", f"/api/tasks/{task}/toggle", {}),
        before=World.task,
    ),
    Counted(
        f"PATCH {TASK}/toggle",
        lambda world, task: world.ask("PATCH", f"/api/tasks/{task}/toggle", {}),
        variant="repeating, with its next occurrence",
        before=World.skippable,
    ),
    Counted(
        f"POST {TASK}/skip", lambda world, task: world.ask("POST", f"/api/tasks/{task}/skip"), before=World.skippable
    ),
    Counted(f"DELETE {TASK}", lambda world, task: world.ask("DELETE", f"/api/tasks/{task}"), before=World.task),
    Counted(
        f"POST {TASK}/restore",
        lambda world, task: world.ask("POST", f"/api/tasks/{task}/restore"),
        before=World.trashed,
    ),
    Counted("POST /api/tags", lambda world, _: world.tag()),
    Counted(
        "PUT /api/tags/{tag_id}", lambda world, _: world.ask("PUT", f"/api/tags/{world.tags[0]}", {"color": "#EF4444"})
    ),
    Counted("DELETE /api/tags/{tag_id}", lambda world, tag: world.ask("DELETE", f"/api/tags/{tag}"), before=World.tag),
    Counted(
        "POST /api/events/task-completed",
        lambda world, _: world.ask(
            "POST",
            "/api/events/task-completed",
            completed_event(world),
            {"Content-Type": "application/cloudevents+json"},
        ),
    ),
    Counted(
        "POST /api/events/dead-letters",
        lambda world, _: world.ask("POST", "/api/events/dead-letters", {"what": "could not be delivered"}),
    ),
    # Last: every connection to PostgreSQL has been made by then.
    Counted("POST /api/auth/register", lambda world, _: world.register(), rare=True),
    Counted("POST /api/auth/login", lambda world, _: world.log_in(), rare=True),
    Counted("POST /api/auth/refresh", lambda world, _: world.refresh()),
    Counted(
        "POST /api/auth/logout",
        lambda world, session: world.ask("POST", "/api/auth/logout", token=session["access_token"]),
        before=World.log_in,
        rare=True,
    ),
    Counted(
        "DELETE /api/auth/sessions/{session_id}",
        lambda world, session: world.ask("DELETE", f"/api/auth/sessions/{session}"),
        before=World.other_session,
        rare=True,
    ),
]
