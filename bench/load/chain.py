#!/usr/bin/env python3
"""How long a completed task's next occurrence takes over each transport, and what an outage costs: `make bench-chain`.

usage: bench/load/chain.py latency|outage|kills|replicas [--json] [options]

latency   completions evenly spaced at a steady rate, from the request to the next occurrence in the user's event stream: in-process, over
          Kafka, through a Dapr sidecar; beside them, how long the sidecar alone takes from a publish to its delivery
outage    the broker is away for a while under steady writes: no request may fail, occurrences must appear all the same,
          and what has waited is published when it is back
kills     many clients complete tasks while the broker and the sidecar are killed and started again; then another consumer
          reads the topic, and sees each user's events in order
replicas  three servers on one PostgreSQL database, one of which is killed every few seconds

Needs the release build, Java 17 with Maven, Go 1.24 for the sidecar, and PostgreSQL, as `make test` does. Exits with 1 when something
is lost, double or out of order, or a request fails.
"""

import argparse
import contextlib
import http.client
import json
import shutil
import sys
import threading
import time

from chain_parts import (
    ROOT,
    SETTLE_MAX_S,
    USERS,
    Parts,
    PatientUser,
    Server,
    SidecarApp,
    User,
    at_rate,
    await_all,
    completing,
    feed,
    kafka,
    lost_and_double,
    percentiles,
    together,
)

FOLDER = ROOT / "build" / "bench" / "chain"
REPLICAS = 3
KILL_EVERY_S = 5


def all_users(server: Server, tasks: int) -> list[User]:
    return [User(server, number, tasks) for number in range(USERS)]


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
                together(completing(users, given.rate, first=5))
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
    app = SidecarApp()
    sidecar = parts.sidecar(app.port, "alone").start()
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
        at_rate(given.rate / USERS, [lambda n=n: publish(connection, n) for n in numbers], first / given.rate)

    publish(http.client.HTTPConnection("127.0.0.1", sidecar.port), -1)
    app.await_all({"event--1"}, 30)
    sent.clear()
    together([threading.Thread(target=worker, args=(n,)) for n in range(USERS)])
    app.await_all(set(sent), 30)
    app.close()
    return percentiles([app.came[one] - at for one, at in sent.items() if one in app.came])


def outage(given, say) -> dict:
    with Parts(FOLDER) as parts:
        server, _ = parts.server("kafka", "outage")
        with server:
            users = all_users(server, given.rate * (given.down + 10) // USERS)
            workers = completing(users, given.rate)
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
            workers = completing(users, given.completions / given.seconds)
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
            server.await_published()
            await_all(users)
            lost, double = (sum(pair) for pair in zip(*(one.lost_and_double() for one in users), strict=True))
            figures = percentiles([lag for one in users for lag in one.lags()]) | {
                "completions": sum(len(one.sent) for one in users),
                "failed": sum(len(one.failed) for one in users),
                "lost": lost,
                "double": double,
                "dead_letters": int(server.metric("rondo_events_dead_lettered_total")),
                "by_the_sweep": server.logged("lacked their next occurrence", "mended"),
            }
            say("another consumer reads the topic from its beginning")
            figures |= order(parts, users)
            say(str(figures))
    figures["ok"] = figures["failed"] == figures["lost"] == figures["double"] == 0
    figures["ok"] &= figures["not_in_the_topic"] == figures["out_of_order"] == 0
    return figures


def order(parts: Parts, users: list[User]) -> dict:
    """Whether each user's events came out of the topic as they were committed; later copies of one do not count."""
    app = SidecarApp()
    parts.sidecar(app.port, "kills", "reader").start()
    committed = [one.events() for one in users]
    app.await_all({event for events in committed for event in events}, SETTLE_MAX_S)
    app.close()
    turn = {event: number for number, event in enumerate(app.came)}
    read = [[turn[event] for event in events if event in turn] for events in committed]
    return {
        "events": sum(map(len, committed)),
        "not_in_the_topic": sum(map(len, committed)) - sum(map(len, read)),
        "out_of_order": sum(a > b for turns in read for a, b in zip(turns, turns[1:], strict=False)),
    }


def replicas(given, say) -> dict:
    with Parts(FOLDER) as parts, contextlib.ExitStack() as running:
        database = parts.start_postgres()
        servers = [Server(FOLDER / f"replica-{number}", DATABASE_URL=database) for number in range(REPLICAS)]
        for one in servers:
            running.enter_context(one)
        seconds = max(given.seconds, 60)
        users = [PatientUser(servers, number, given.rate * seconds // given.clients) for number in range(given.clients)]
        workers = completing(users, given.rate)
        for one in workers:
            one.start()
        killed = 0
        while any(one.is_alive() for one in workers):
            time.sleep(KILL_EVERY_S)
            victim = servers[killed % REPLICAS]
            killed += 1
            say(f"replica {victim.folder.name} is killed")
            victim.kill()
            victim.start()
        for one in workers:
            one.join()
        servers[0].await_published()
        lost = double = disorderly = 0
        for one in users:
            pair = lost_and_double(servers[0], one.token, one.tasks)
            lost, double = lost + pair[0], double + pair[1]
            told: dict[str, list[str]] = {}
            for event in feed(servers[0], one.token):
                told.setdefault(event["subject"], []).append(event["type"])
            disorderly += sum(told[task] != ["task.created", "task.completed"] for task in one.tasks)
        figures = {
            "completions": sum(len(one.tasks) for one in users),
            "kills": killed,
            "failed": sum(len(one.failed) for one in users),
            "lost": lost,
            "double": double,
            "with_other_events": disorderly,
            "longest_completion_s": round(max(one.longest for one in users), 2),
        }
        say(str(figures))
    figures["ok"] = not any(figures[name] for name in ("failed", "lost", "double", "with_other_events"))
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["latency", "outage", "kills", "replicas"])
    parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    parser.add_argument("--rate", type=int, default=200, help="completions a second (default 200)")
    parser.add_argument("--seconds", type=int, default=20, help="length of a measurement (default 20)")
    parser.add_argument("--down", type=int, default=60, help="outage: how long the broker is away, in seconds")
    parser.add_argument("--completions", type=int, default=10_000, help="kills: how many (default 10000)")
    parser.add_argument("--clients", type=int, default=16, help="kills, replicas: how many (default 16)")
    parser.add_argument(
        "--kills", type=int, default=5, help="kills: of the broker and of the sidecar, each (default 5)"
    )
    given = parser.parse_args()
    shutil.rmtree(FOLDER, ignore_errors=True)
    out = sys.stderr if given.json else sys.stdout
    figures = {"latency": latency, "outage": outage, "kills": kills, "replicas": replicas}[given.what](
        given, lambda text: print(text, file=out, flush=True)
    )
    if given.json:
        print(json.dumps(figures, indent=2))
    return 0 if figures["ok"] else 1


if __name__ == "__main__":
    sys.exit(main())
