#!/usr/bin/env python3
"""Rondo and the FastAPI backend side by side on this machine: `make bench-compare`.

Both run on SQLite with synchronous=FULL in the same folder, one at a time, turn by turn; wrk sends both the same
requests over as many connections. After each round of creates the server is killed (SIGKILL) and its rows are counted:
every answered create must be there.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backends import ROOT, Backend, Peer, Rondo

FOLDER = ROOT / "build" / "bench" / "data"
CONNECTIONS = 64
WARM_UP_S = 2
LISTED_TASKS = 200
COMPLETIONS = 500
CHILD_MAX_S = 10
GOAL = 20
TASK = {"title": "Water the plants", "description": "The ones on the balcony too", "priority": "high"}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--json", action="store_true", help="print the figures as one JSON object")
    options.add_argument("--seconds", type=int, default=10, help="length of each measurement (default 10)")
    options.add_argument("--rounds", type=int, default=3, help="times each server takes its turn (default 3)")
    given = options.parse_args()

    shutil.rmtree(FOLDER, ignore_errors=True)
    say = (
        (lambda text: print(text, file=sys.stderr, flush=True))
        if given.json
        else (lambda text: print(text, flush=True))
    )
    say(f"{cpu()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; {CONNECTIONS} connections")

    creates: dict[str, list[dict]] = {"rondo": [], "fastapi": []}
    for turn in range(given.rounds):
        for kind in (Rondo, Peer):
            figures = creates_round(kind(FOLDER / f"{kind.name}-creates-{turn}"), given.seconds)
            creates[kind.name].append(figures)
            rows = f"{figures['rows']} rows, {figures['missing']} missing"
            say(f"round {turn + 1}  {kind.name:<8} {rate_line(figures)}; {rows}")
    ratios = [ours["per_second"] / theirs["per_second"] for ours, theirs in zip(*creates.values(), strict=True)]
    reads = {}
    for kind in (Rondo, Peer):
        reads[kind.name] = reads_round(kind(FOLDER / f"{kind.name}-reads"), given.seconds)
        for what, figures in reads[kind.name].items():
            say(f"{what:<8} {kind.name:<8} {rate_line(figures)}")
    children = children_round(FOLDER / "rondo-children", given.seconds)

    missing = sum(figures["missing"] for rounds in creates.values() for figures in rounds)
    result = {
        "machine": {"cpu": cpu(), "cores": os.cpu_count(), "system": f"{platform.system()} {platform.release()}"},
        "connections": CONNECTIONS,
        "seconds": given.seconds,
        "creates": creates,
        "creates_ratio": round(statistics.median(ratios), 2),
        "creates_missing": missing,
        "reads": reads,
        "completion_to_child_ms": children,
    }
    if given.json:
        print(json.dumps(result, indent=2))
    else:
        print_result(result)
    return 1 if missing else 0


def creates_round(backend: Backend, seconds: int) -> dict:
    """Durable creates a second, and whether every answered one is in the file after a SIGKILL."""
    with backend:
        token = backend.register("creates@example.org")
        warm_up = wrk(backend, WARM_UP_S, "/api/tasks", token, TASK)
        figures = wrk(backend, seconds, "/api/tasks", token, TASK)
        backend.kill()
    answered = warm_up["answered"] - warm_up["refused"] + figures["answered"] - figures["refused"]
    figures["rows"] = backend.count_tasks()
    figures["missing"] = max(0, answered - figures["rows"])
    if figures["rows"] > answered + 2 * CONNECTIONS:  # what was under way when wrk stopped is not in its count
        raise RuntimeError(f"{backend.name} has {figures['rows']} rows of {answered} answered creates")
    return figures


def reads_round(backend: Backend, seconds: int) -> dict:
    with backend:
        token = backend.register("reads@example.org")
        for _ in range(LISTED_TASKS):
            status, task = backend.call("POST", "/api/tasks", TASK, token)
            if status != 201:
                raise RuntimeError(f"{backend.name} answered a create with {status}: {task}")
        targets = {"get one": f"/api/tasks/{task['id']}", "list 50": "/api/tasks?limit=50"}
        figures = {}
        for what, target in targets.items():
            wrk(backend, WARM_UP_S, target, token)
            figures[what] = wrk(backend, seconds, target, token)
    return figures


def children_round(folder: Path, seconds: int) -> dict:
    """Milliseconds from the answer to a completion until its next occurrence can be read: on an idle server, and while
    all connections create tasks."""
    with Rondo(folder) as backend:
        idle = children_ms(backend, "idle@example.org", COMPLETIONS, time.monotonic() + CHILD_MAX_S + seconds)
        writer = backend.register("writer@example.org")
        load = threading.Thread(target=wrk, args=(backend, seconds, "/api/tasks", writer, TASK))
        load.start()
        loaded = children_ms(backend, "loaded@example.org", COMPLETIONS, time.monotonic() + seconds - 1)
        load.join()
    return {"idle": quantiles(idle), "under load": quantiles(loaded)}


def children_ms(backend: Backend, email: str, count: int, until: float) -> list[float]:
    token = backend.register(email)
    connection = backend.connect()
    due = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    taken = []
    while len(taken) < count and time.monotonic() < until:
        _, task = backend.call(
            "POST", "/api/tasks", TASK | {"due_date": due, "recurring_type": "daily"}, token, connection
        )
        backend.call("PATCH", f"/api/tasks/{task['id']}/toggle", None, token, connection)
        answered = time.perf_counter()
        while not backend.call("GET", f"/api/tasks?parent_task_id={task['id']}", None, token, connection)[1]:
            if time.perf_counter() - answered > CHILD_MAX_S:
                raise RuntimeError(f"task {task['id']} has no child after {CHILD_MAX_S} s")
        taken.append((time.perf_counter() - answered) * 1000)
    connection.close()
    return taken


def wrk(backend: Backend, seconds: int, target: str, token: str, body: dict | None = None) -> dict:
    """One run of wrk. Anything but success makes the figures worthless, so it ends the whole run."""
    result = backend.folder / "wrk.json"
    environment = os.environ | {"TOKEN": token, "TARGET": target, "RESULT": str(result)}
    if body is not None:
        environment |= {"METHOD": "POST", "BODY": json.dumps(body)}
    script = str(Path(__file__).parent / "load.lua")
    url = f"http://127.0.0.1:{backend.port}"
    subprocess.run(
        ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", "--timeout", "10s", "-s", script, url],
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    figures = json.loads(result.read_text())
    troubles = {
        name: figures[name] for name in figures if name.endswith(("errors", "timeouts", "refused")) and figures[name]
    }
    if troubles:
        raise RuntimeError(f"{backend.name} on {target}: {troubles} of {figures['answered']} answers")
    figures["per_second"] = round(figures["answered"] / figures["seconds"], 1)
    return figures


def quantiles(taken: list[float]) -> dict:
    ordered = sorted(taken)
    at = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3)  # noqa: E731
    return {"count": len(ordered), "p50": at(0.5), "p99": at(0.99), "max": round(ordered[-1], 3)}


def rate_line(figures: dict) -> str:
    return f"{figures['per_second']:>9,.0f}/s, p50 {figures['p50_ms']:.2f} ms, p99 {figures['p99_ms']:.2f} ms"


def print_result(result: dict) -> None:
    def median(name: str) -> float:
        return statistics.median(figures["per_second"] for figures in result["creates"][name])

    print(f"\n{'':<24}{'rondo':>12}{'fastapi':>12}{'ratio':>8}")
    ratio = result["creates_ratio"]
    print(f"{'durable creates a second':<24}{median('rondo'):>12,.0f}{median('fastapi'):>12,.0f}{ratio:>7.1f}x")
    for what in result["reads"]["rondo"]:
        ours, theirs = (result["reads"][name][what]["per_second"] for name in ("rondo", "fastapi"))
        print(f"{what + ', a second':<24}{ours:>12,.0f}{theirs:>12,.0f}{ours / theirs:>7.1f}x")
    for when, figures in result["completion_to_child_ms"].items():
        spread = f"p50 {figures['p50']} ms, p99 {figures['p99']} ms"
        print(f"completion to child, {when}: {spread} ({figures['count']} completions)")
    print(f"answered creates missing after SIGKILL: {result['creates_missing']}")
    print(f"goal: {GOAL} times the durable creates: {'reached' if ratio >= GOAL else 'NOT reached'}")


def cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    sys.exit(main())
