#!/usr/bin/env python3
"""How long a completed task's next occurrence takes over each transport, and what an outage costs: `make bench-chain`.

usage: bench/load/chain.py latency|outage|kills [--json] [options]

latency   completions at a steady rate, from the request to the next occurrence in the user's event stream: in-process, over
          Kafka, through a Dapr sidecar; beside them, how long the sidecar alone takes from a publish to its delivery
outage    the broker is away for a while under steady writes: no request may fail, occurrences must appear all the same,
          and what has waited is published when it is back
kills     many clients complete tasks while the broker and the sidecar are killed and started again

Needs the release build, Java 17 with Maven, and Go 1.24 for the sidecar, as `make test` does. Exits with 1 when something
is lost, double or out of order, or a request fails.
"""

import argparse
import http.client
import http.server
import json
import shutil
import sys
import threading
import time
from pathlib import Path

from backends import ROOT, Rondo

sys.path.insert(0, str(ROOT / "tools"))
from services import dapr, kafka  # noqa: E402

FOLDER = ROOT / "build" / "bench" / "chain"
USERS = 8
SETTLE_MAX_S = 300
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


class User:
    """Completes tasks over one connection; its event stream says when their next occurrences came."""

    def __init__(self, server: Server, number: int, tasks: int):
        self.server = server
        self.token = server.register(f"user{number}@example.org")
        self.connection = server.connect()
        self.sent: dict[str, float] = {}
        self.came: dict[str, list[float]] = {}
        self.order: list[int] = []
        self.failed: list[str] = []
        self.lock = threading.Lock()
        self.tasks = [self.ask("POST", "/api/tasks", DAILY)["id"] for _ in range(tasks)]
        self.listening = threading.Event()
        threading.Thread(target=self.listen, daemon=True).start()
        self.listening.wait(10)

    def ask(self, method: str, target: str, body: object) -> dict:
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

    def lags(self) -> list[float]:
        with self.lock:
            return [min(self.came[task]) - at for task, at in self.sent.items() if task in self.came]

    def lost_and_double(self) -> tuple[int, int]:
        lost = double = 0
        for task in self.sent:
            status, page = self.server.call("GET", f"/api/tasks?parent_task_id={task}", None, self.token)
            found = len(page) if isinstance(page, list) else len(page["items"])
            lost += found == 0
            double += found > 1
        return lost, double


def at_rate(per_second: float, jobs: list) -> None:
    """Starts each job at its time, whatever the one before it took."""
    began = time.monotonic()
    for number, job in enumerate(jobs):
        time.sleep(max(0.0, began + number / per_second - time.monotonic()))
        job()


def all_users(server: Server, tasks: int) -> list[User]:
    return [User(server, number, tasks) for number in range(USERS)]


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


class Parts:
    """Broker and sidecar, started when first asked for."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.broker = ""
        self.sidecars: list[dapr.Sidecar] = []

    def __enter__(self) -> "Parts":
        return self

    def __exit__(self, *_) -> None:
        for one in self.sidecars:
            one.stop()
        if self.broker:
            kafka.kill(self.folder / "kafka")

    def start_broker(self) -> str:
        self.broker = kafka.start(self.folder / "kafka")["RONDO_TEST_KAFKA"]
        return self.broker

    def sidecar(self, app_port: int, topic: str) -> dapr.Sidecar:
        resources = dapr.write_resources(self.folder / f"resources-{topic}", self.broker, topic, f"group-{topic}")
        self.sidecars.append(dapr.Sidecar(self.folder / f"sidecar-{topic}", resources, app_port))
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


def latency(given, say) -> dict:
    figures = {}
    with Parts(FOLDER) as parts:
        for transport in ("embedded", "kafka", "dapr"):
            server, sidecar = parts.server(transport, f"latency-{transport}")
            with server:
                if sidecar:
                    sidecar.start()
                users = all_users(server, given.rate * given.seconds // USERS + 5)
                for one in users:  # the first of everything is slow
                    for task in one.tasks[:5]:
                        one.complete(task)
                await_all(users)
                for one in users:
                    one.sent.clear()
                together(
                    [
                        threading.Thread(
                            target=at_rate,
                            args=(given.rate / USERS, [lambda o=one, t=t: o.complete(t) for t in one.tasks[5:]]),
                        )
                        for one in users
                    ]
                )
                await_all(users)
                figures[transport] = percentiles([lag for one in users for lag in one.lags()])
                figures[transport]["failed"] = sum(len(one.failed) for one in users)
                figures[transport]["missing"] = sum(len(one.sent) - len(one.lags()) for one in users)
                say(f"{transport:<9} {figures[transport]}")
        figures["sidecar alone"] = sidecar_alone(parts, given)
        say(f"sidecar alone, publish to delivery: {figures['sidecar alone']}")
    figures["ok"] = all(
        figures[name]["failed"] == figures[name]["missing"] == 0 for name in ("embedded", "kafka", "dapr")
    )
    return figures


def sidecar_alone(parts: Parts, given) -> dict:
    came: dict[str, float] = {}

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
                came[one["event"].get("id", "")] = now
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

    app = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    sidecar = parts.sidecar(app.server_port, "alone").start()
    sent: dict[str, float] = {}

    def publish(connection, number):
        event = {
            "specversion": "1.0",
            "type": "task.updated",
            "source": "todo-backend",
            "id": f"event-{number}",
            "data": {"padding": "x" * 600},
        }
        sent[event["id"]] = time.monotonic()
        connection.request(
            "POST",
            f"/v1.0/publish/kafka-pubsub/alone?metadata.partitionKey=user-{number % USERS}",
            json.dumps(event),
            {"Content-Type": "application/cloudevents+json"},
        )
        connection.getresponse().read()

    def worker(first):
        connection = http.client.HTTPConnection("127.0.0.1", sidecar.port)
        numbers = range(first, given.rate * given.seconds, USERS)
        at_rate(given.rate / USERS, [lambda n=n: publish(connection, n) for n in numbers])

    publish(http.client.HTTPConnection("127.0.0.1", sidecar.port), -1)
    deadline = time.monotonic() + 30
    while "event--1" not in came and time.monotonic() < deadline:
        time.sleep(0.05)
    sent.clear()
    together([threading.Thread(target=worker, args=(n,)) for n in range(USERS)])
    deadline = time.monotonic() + 30
    while len(came) <= len(sent) and time.monotonic() < deadline:
        time.sleep(0.05)
    app.shutdown()
    return percentiles([came[one] - at for one, at in sent.items() if one in came])


def outage(given, say) -> dict:
    with Parts(FOLDER) as parts:
        server, _ = parts.server("kafka", "outage")
        with server:
            users = all_users(server, given.rate * (given.down + 10) // USERS)
            workers = [
                threading.Thread(
                    target=at_rate, args=(given.rate / USERS, [lambda o=one, t=t: o.complete(t) for t in one.tasks])
                )
                for one in users
            ]
            for one in workers:
                one.start()
            time.sleep(5)
            say("the broker goes away")
            kafka.stop(FOLDER / "kafka")
            down = time.monotonic()
            time.sleep(given.down)
            waiting = server.metric("rondo_outbox_pending")
            kafka.start(FOLDER / "kafka")
            back = time.monotonic()
            say(f"the broker is back after {back - down:.0f} s; {waiting:.0f} events wait")
            published = server.metric("rondo_events_published_total")
            rates = [(back, published)]
            for one in workers:
                one.join()
            while server.metric("rondo_outbox_pending") > 0 and time.monotonic() - back < SETTLE_MAX_S:
                time.sleep(0.1)
                rates.append((time.monotonic(), server.metric("rondo_events_published_total")))
            drained = time.monotonic() - back
            await_all(users)
            lags = [lag for one in users for lag in one.lags()]
            lost, double = (sum(pair) for pair in zip(*(one.lost_and_double() for one in users), strict=True))
            best = max(
                ((b[1] - a[1]) / (b[0] - a[0]) for a, b in zip(rates, rates[1:], strict=False) if b[0] > a[0]),
                default=0.0,
            )
            figures = percentiles(lags) | {
                "longest_s": round(max(lags), 2),
                "failed": sum(len(one.failed) for one in users),
                "lost": lost,
                "double": double,
                "waited": int(waiting),
                "drained_after_s": round(drained, 1),
                "fastest_events_per_s": int(best),
            }
            say(str(figures))
    figures["ok"] = figures["failed"] == figures["lost"] == figures["double"] == 0
    return figures


def kills(given, say) -> dict:
    with Parts(FOLDER) as parts:
        server, sidecar = parts.server("dapr", "kills")
        with server:
            sidecar.start()
            users = [User(server, number, given.completions // given.clients) for number in range(given.clients)]
            pace = given.completions / given.clients / given.seconds
            workers = [
                threading.Thread(target=at_rate, args=(pace, [lambda o=one, t=t: o.complete(t) for t in one.tasks]))
                for one in users
            ]
            for one in workers:
                one.start()
            for number in range(given.kills):
                time.sleep(given.seconds / (2 * given.kills + 1))
                say(f"{number + 1}: the broker is killed")
                kafka.kill(FOLDER / "kafka")
                kafka.start(FOLDER / "kafka")
                time.sleep(given.seconds / (2 * given.kills + 1))
                say(f"{number + 1}: the sidecar is killed")
                sidecar.kill()
                sidecar.start()
            for one in workers:
                one.join()
            deadline = time.monotonic() + SETTLE_MAX_S
            while server.metric("rondo_outbox_pending") > 0 and time.monotonic() < deadline:
                time.sleep(0.2)
            await_all(users)
            lost, double = (sum(pair) for pair in zip(*(one.lost_and_double() for one in users), strict=True))
            figures = percentiles([lag for one in users for lag in one.lags()]) | {
                "completions": sum(len(one.sent) for one in users),
                "failed": sum(len(one.failed) for one in users),
                "lost": lost,
                "double": double,
                "dead_letters": int(server.metric("rondo_events_dead_lettered_total")),
            }
            say(str(figures))
    figures["ok"] = figures["failed"] == figures["lost"] == figures["double"] == 0
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["latency", "outage", "kills"])
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument("--rate", type=int, default=200, help="completions a second (default 200)")
    parser.add_argument("--seconds", type=int, default=20, help="length of a measurement (default 20)")
    parser.add_argument("--down", type=int, default=60, help="outage: how long the broker is away, in seconds")
    parser.add_argument("--completions", type=int, default=10_000, help="kills: how many (default 10000)")
    parser.add_argument("--clients", type=int, default=16, help="kills: how many (default 16)")
    parser.add_argument(
        "--kills", type=int, default=5, help="kills: of the broker and of the sidecar, each (default 5)"
    )
    given = parser.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    out = sys.stderr if given.json else sys.stdout
    figures = {"latency": latency, "outage": outage, "kills": kills}[given.what](
        given, lambda text: print(text, file=out, flush=True)
    )
    if given.json:
        print(json.dumps(figures, indent=2))
    return 0 if figures["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
