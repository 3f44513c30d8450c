"""What bench/load/chain.py measures with: the server with a transport, its users, the broker and its sidecars."""

import http.client
import http.server
import itertools
import json
import sys
import threading
import time
from pathlib import Path

from backends import ROOT, Rondo

sys.path.insert(0, str(ROOT / "tools"))
from services import dapr, kafka, postgres  # noqa: E402

USERS = 8
SETTLE_MAX_S = 300
RETRIED_FOR_S = 30
DAILY = {"title": "Water the plants", "due_date": "2026-02-08", "recurring_type": "daily"}


class Server(Rondo):
    """Rondo with a transport of its choice."""

    def __init__(self, folder: Path, **env):
        super().__init__(folder)
        self.env |= env

    def metric(self, name: str) -> float:
        connection = self.connect()
        connection.request("GET", "/metrics")
        lines = connection.getresponse().read().decode().splitlines()
        connection.close()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.split("{")[0].split(" ")[0] == name)

    def await_published(self) -> None:
        deadline = time.monotonic() + SETTLE_MAX_S
        while self.metric("rondo_outbox_pending") > 0 and time.monotonic() < deadline:
            time.sleep(0.2)

    def logged(self, message: str, number: str) -> int:
        """The sum of a number over all lines of the log with this message."""
        lines = [json.loads(line) for line in (self.folder / "log").read_text().splitlines() if message in line]
        return sum(int(line[number]) for line in lines)


class User:
    """Completes tasks over one connection; its event stream says when their next occurrences came."""

    def __init__(self, server: Server, number: int, tasks: int):
        self.server = server
        self.token = server.register(f"user{number}@example.org")
        self.connection = server.connect()
        self.sent: dict[str, float] = {}
        self.came: dict[str, list[float]] = {}
        self.failed: list[str] = []
        self.lock = threading.Lock()
        self.tasks = [self.ask("POST", "/api/tasks", DAILY)["id"] for _ in range(tasks)]
        self.listening = threading.Event()
        threading.Thread(target=self.listen, daemon=True).start()
        self.listening.wait(10)

    def ask(self, method: str, target: str, body: object = None) -> dict:
        try:
            status, answer = self.server.call(method, target, body, self.token, over=self.connection)
        except (OSError, http.client.HTTPException) as broken:
            self.failed.append(repr(broken))
            self.connection = self.server.connect()
            return {}
        if status not in (200, 201):
            self.failed.append(f"{status} {answer}")
        return answer

    def listen(self) -> None:
        stream = http.client.HTTPConnection("127.0.0.1", self.server.port)
        stream.request("GET", "/api/events/stream", headers={"Authorization": f"Bearer {self.token}"})
        answer = stream.getresponse()
        self.listening.set()
        for line in answer:
            if line.startswith(b"data:"):
                now = time.monotonic()
                data = json.loads(line[5:])["data"]
                if parent := data.get("parent_task_id"):
                    with self.lock:
                        self.came.setdefault(parent, []).append(now)

    def complete(self, task: str) -> None:
        self.sent[task] = time.monotonic()
        self.ask("PATCH", f"/api/tasks/{task}", {"status": "done"})

    def events(self) -> list[str]:
        """The ids of all events of this user, in the order in which the changes were committed."""
        return [event["id"] for event in feed(self.server, self.token)]

    def lags(self) -> list[float]:
        with self.lock:
            return [min(self.came[task]) - at for task, at in self.sent.items() if task in self.came]

    def lost_and_double(self) -> tuple[int, int]:
        return lost_and_double(self.server, self.token, list(self.sent))


class PatientUser:
    """Completes tasks at one of several servers, and at the next when that one does not answer, as a balancer would."""

    def __init__(self, servers: list[Server], number: int, tasks: int):
        self.server = servers[0]
        self.token = self.server.register(f"user{number}@example.org")
        self.turn = itertools.cycle(servers[number % len(servers) :] + servers[: number % len(servers)])
        self.at = next(self.turn)
        self.connection = self.at.connect()
        self.failed: list[str] = []
        self.longest = 0.0
        self.tasks = [self.server.call("POST", "/api/tasks", DAILY, self.token)[1]["id"] for _ in range(tasks)]

    def complete(self, task: str) -> None:
        began = time.monotonic()
        said = ""
        while time.monotonic() - began < RETRIED_FOR_S:
            try:
                status, answer = self.at.call(
                    "PATCH", f"/api/tasks/{task}", {"status": "done"}, self.token, over=self.connection
                )
                if status == 200:
                    self.longest = max(self.longest, time.monotonic() - began)
                    return
                said = f"{status} {answer}"
                if status != 503:
                    break
            except (OSError, http.client.HTTPException) as broken:
                said = repr(broken)
            time.sleep(0.02)
            self.connection.close()
            self.at = next(self.turn)
            self.connection = self.at.connect()
        self.failed.append(said)


def at_rate(per_second: float, jobs: list, after: float = 0.0) -> None:
    """Starts each job at its time, the first `after` so many seconds, whatever the one before it took."""
    began = time.monotonic() + after
    for number, job in enumerate(jobs):
        time.sleep(max(0.0, began + number / per_second - time.monotonic()))
        job()


def completing(users: list, per_second: float, first: int = 0) -> list[threading.Thread]:
    """Threads in which the users complete their tasks from `first` on, in turn, all of them together so many a second."""
    return [
        threading.Thread(
            target=at_rate,
            args=(
                per_second / len(users),
                [lambda o=one, t=t: o.complete(t) for t in one.tasks[first:]],
                turn / per_second,
            ),
        )
        for turn, one in enumerate(users)
    ]


def together(threads: list[threading.Thread]) -> None:
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def percentiles(lags: list[float]) -> dict:
    ordered = sorted(lags)
    if not ordered:
        return {"count": 0}
    return {
        "count": len(ordered),
        **{f"p{p}_ms": round(ordered[min(len(ordered) - 1, len(ordered) * p // 100)] * 1000, 1) for p in (50, 95, 99)},
    }


def await_all(users: list[User]) -> None:
    deadline = time.monotonic() + SETTLE_MAX_S
    while time.monotonic() < deadline and any(len(one.lags()) < len(one.sent) for one in users):
        time.sleep(0.05)


def feed(server: Server, token: str) -> list[dict]:
    events: list[dict] = []
    while True:
        after = f"&after={events[-1]['id']}" if events else ""
        _, page = server.call("GET", f"/api/events?limit=1000{after}", None, token)
        if not page:
            return events
        events += page


def lost_and_double(server: Server, token: str, completed: list[str]) -> tuple[int, int]:
    lost = double = 0
    for task in completed:
        _, children = server.call("GET", f"/api/tasks?parent_task_id={task}", None, token)
        lost += len(children) == 0
        double += len(children) > 1
    return lost, double


class SidecarApp:
    """Takes what a sidecar delivers, and keeps when each event came first, in the order of coming."""

    def __init__(self):
        self.came: dict[str, float] = {}
        came = self.came

        class App(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body in one segment: apart, each answer would wait for an acknowledgement
            disable_nagle_algorithm = True

            def do_GET(self):
                self.answer([])  # /dapr/subscribe: it has a Subscription of its own

            def do_POST(self):
                now = time.monotonic()
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                entries = body["entries"] if "entries" in body else [{"entryId": "", "event": body}]
                for one in entries:
                    came.setdefault(one["event"].get("id", ""), now)
                self.answer({"statuses": [{"entryId": one["entryId"], "status": "SUCCESS"} for one in entries]})

            def answer(self, body):
                text = json.dumps(body).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def await_all(self, ids: set[str], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not ids <= self.came.keys():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


class Parts:
    """Broker, sidecars and database, started when first asked for."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.broker = ""
        self.database = ""
        self.sidecars: list[dapr.Sidecar] = []

    def __enter__(self) -> "Parts":
        return self

    def __exit__(self, *_) -> None:
        for one in self.sidecars:
            one.stop()
        if self.broker:
            kafka.kill(self.folder / "kafka")
        if self.database:
            postgres.stop(self.folder / "postgres")

    def start_broker(self) -> str:
        self.broker = kafka.start(self.folder / "kafka")["RONDO_TEST_KAFKA"]
        return self.broker

    def start_postgres(self) -> str:
        self.database = postgres.start(self.folder / "postgres")["RONDO_TEST_POSTGRES"]
        return self.database

    def sidecar(self, app_port: int, topic: str, group: str = "") -> dapr.Sidecar:
        """`group`: of a consumer beside the topic's own."""
        name = group or topic
        resources = dapr.write_resources(self.folder / f"resources-{name}", self.broker, topic, f"group-{name}")
        self.sidecars.append(dapr.Sidecar(self.folder / f"sidecar-{name}", resources, app_port))
        return self.sidecars[-1]

    def settings(self, transport: str, topic: str) -> dict[str, str]:
        if transport == "embedded":
            return {"EVENT_TRANSPORT": "embedded"}
        self.start_broker()
        return {
            "EVENT_TRANSPORT": transport,
            "PUBSUB_TOPIC": topic,
            "KAFKA_BROKERS": self.broker,
            "KAFKA_CONSUMER_GROUP": f"group-{topic}",
        }

    def server(self, transport: str, topic: str) -> tuple[Server, dapr.Sidecar | None]:
        server = Server(self.folder / f"server-{topic}", **self.settings(transport, topic))
        if transport != "dapr":
            return server, None
        sidecar = self.sidecar(server.port, topic)
        server.env["DAPR_HTTP_PORT"] = str(sidecar.port)
        return server, sidecar
