#!/usr/bin/env python3
"""Counts the instructions that the server needs for one request of each route, on both engines, and holds them to a baseline.

usage: bench/instructions/count.py [--binary FILE] [--against FILE [--within PERCENT]] [--write WHY]

Without options each count may be at most 3 % over bench/instructions/baseline.tsv. `--against` counts a second binary too and
holds the first to that (2 %). `--write` puts counts that differ by more than 0.5 % into the baseline, with the reason.
PostgreSQL is the one that RONDO_TEST_POSTGRES names (tools/with-services postgres -- bench/instructions/count.py).
"""

import argparse
import csv
import os
import secrets
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psycopg
import yaml

sys.path.insert(0, str(Path(__file__).parent))
from counted_server import CountedServer
from requests import COUNTED, LEFT_OUT, Counted, World

ROOT = Path(__file__).resolve().parents[2]
BASELINE = Path(__file__).with_name("baseline.tsv")
COUNTED_ON = "bookworm"  # the baseline's libraries and compiler
ENGINES = ["sqlite", "postgres"]
MORE_MAX = 3.0  # per cent, over the baseline
AGAINST_MAX = 2.0
WRITTEN_FROM = 0.5
RARE_WARM_UP = 3
WARM_UP = 20  # every connection to PostgreSQL has to have prepared its statements
COUNTED_AGAIN = 2  # times that what is over its limit is counted again
BATCHES = 3
BATCH = 4
NOISE = 1_000  # instructions: threads that wake for a timer, or for callgrind; counts nearer than this are the same
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Row:
    name: str
    counts: dict[str, int]  # by engine
    why: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=Path, default=ROOT / "build/release/rondo")
    parser.add_argument("--against", type=Path)
    parser.add_argument("--within", type=float, default=AGAINST_MAX, help="per cent over --against")
    parser.add_argument("--write", metavar="WHY")
    parser.add_argument("--only", default="", help="routes with this in their names")
    given = parser.parse_args()
    faults = unlisted(openapi_routes()) + unexplained(read(BASELINE.read_text()), earlier_baseline())
    for fault in faults:
        print(f"FAILED  {fault}")
    if given.against:
        limits = count_all(given.against, given.only)
        counted = confirmed(given.binary, count_all(given.binary, given.only), limits, given.within)
        return judge(counted, limits, given.within, len(faults))
    baseline = read(BASELINE.read_text())
    counted = count_all(given.binary, given.only)
    if given.write:
        BASELINE.write_text(text_of(rewritten(baseline, counted, given.write)))
        print(f"written: {BASELINE.relative_to(ROOT)}")
        return 0
    if release() != COUNTED_ON:
        print(f"The baseline is of Debian {COUNTED_ON}; here is {release()}: the counts are shown, and not judged.")
        return judge(counted, {row.name: row.counts for row in baseline}, float("inf"), len(faults))
    limits = {row.name: row.counts for row in baseline}
    return judge(confirmed(given.binary, counted, limits, MORE_MAX), limits, MORE_MAX, len(faults))


def confirmed(binary: Path, counted: dict, limits: dict, more_max: float) -> dict:
    """What is too many is counted anew, by another server, and the smaller count holds: what happens now and then only adds."""
    for _ in range(COUNTED_AGAIN):
        doubtful = [name for name in counted if too_many(counted[name], limits.get(name, {}), more_max)]
        for name in doubtful:
            again = count_all(binary, name)[name]
            counted[name] = {engine: min(counted[name][engine], again[engine]) for engine in ENGINES}
    return counted


def too_many(counts: dict[str, int], limits: dict[str, int], more_max: float) -> list[str]:
    """The engines on which the count is over its limit by more than the noise, or has none."""
    return [
        engine
        for engine in ENGINES
        if counts[engine] - limits.get(engine, 0) > NOISE
        and (not limits.get(engine) or (counts[engine] / limits[engine] - 1) * 100 > more_max)
    ]


def count_all(binary: Path, only: str = "") -> dict[str, dict[str, int]]:
    """By name and engine. The engines' servers run side by side: what is counted does not depend on who else has the processor."""
    wanted = [one for one in COUNTED if only in one.name]
    with tempfile.TemporaryDirectory(prefix="rondo-instructions-") as folder, ThreadPoolExecutor() as both:
        counts = list(
            both.map(lambda engine: count_on(engine, binary.resolve(), Path(folder) / engine, wanted), ENGINES)
        )
    return {one.name: dict(zip(ENGINES, each, strict=True)) for one, *each in zip(wanted, *counts, strict=True)}


def count_on(engine: str, binary: Path, folder: Path, wanted: list[Counted]) -> list[int]:
    url = f"sqlite:///{folder}/todo.db" if engine == "sqlite" else postgres_schema()
    with CountedServer(binary, folder, url) as server:
        world = World(server)
        return [count_one(world, one) for one in wanted]


def count_one(world: World, one: Counted) -> int:
    """Of one request: of several batches the smallest, since what happens now and then only adds."""
    warm_up, batches, size = (RARE_WARM_UP, BATCHES, 1) if one.rare else (WARM_UP, BATCHES, BATCH)
    for _ in range(warm_up):
        one.request(world, one.before(world) if one.before else None)
    counts = []
    for batch in range(batches):
        needed = [one.before(world) if one.before else None for _ in range(size)]
        if one.before or batch == 0:
            world.server.instructions()
        for each in needed:
            one.request(world, each)
        counts.append(world.server.instructions() // size)
    return min(counts)


def postgres_schema() -> str:
    """The URL of a schema of its own."""
    url = os.environ.get("RONDO_TEST_POSTGRES", "")
    if not url:
        raise SystemExit(
            "RONDO_TEST_POSTGRES names no server: tools/with-services postgres -- bench/instructions/count.py"
        )
    name = "i" + secrets.token_hex(8)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"create schema {name}")
    return f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{name}"


def judge(counted: dict, limits: dict, more_max: float, faults: int) -> int:
    """Prints both side by side; 1 when a count is more than it may be, or has nothing to be compared with."""
    width = max(len(name) for name in counted)
    print(
        f"{'instructions for one request':<{width}}  {'SQLite':>10} {'before':>10} {'':>7}  {'PostgreSQL':>10} {'before':>10}"
    )
    passed = 0
    for name, counts in counted.items():
        line, bad = f"{name:<{width}}", too_many(counts, limits.get(name, {}), more_max)
        for engine in ENGINES:
            limit = limits.get(name, {}).get(engine)
            change = (counts[engine] / limit - 1) * 100 if limit else float("inf")
            line += f"  {counts[engine]:>10,} {limit or 0:>10,} {change:>+6.1f}%"
        passed += not bad
        faults += bool(bad)
        print(line + (f"  TOO MANY on {' and '.join(bad)}" if bad else ""))
    print(f"{passed} passed, {faults} failed")
    return 1 if faults else 0


def openapi_routes() -> list[str]:
    paths = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())["paths"]
    return [f"{method.upper()} {path}" for path, item in paths.items() for method in item if method in METHODS]


def unlisted(routes: list[str]) -> list[str]:
    """What openapi.yaml has and is neither counted nor left out, and the other way round; names that are there twice."""
    counted = {one.route for one in COUNTED}
    faults = [
        f"{route} is in docs/openapi.yaml, and not counted" for route in routes if route not in counted | set(LEFT_OUT)
    ]
    faults += [f"{route} is counted, and not in docs/openapi.yaml" for route in counted - set(routes)]
    names = Counter(one.name for one in COUNTED)
    return faults + [f"{name} is counted twice" for name, times in names.items() if times > 1]


def read(text: str) -> list[Row]:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
    return [Row(row["route"], {engine: int(row[engine]) for engine in ENGINES}, row["why"] or "") for row in rows]


def text_of(rows: list[Row]) -> str:
    lines = [
        "# Instructions for one request, by bench/instructions/count.py on Debian 12. `why`: the reason of the last change.",
        "\t".join(["route", *ENGINES, "why"]),
    ]
    lines += ["\t".join([row.name, *(str(row.counts[engine]) for engine in ENGINES), row.why]) for row in rows]
    return "\n".join(lines) + "\n"


def rewritten(baseline: list[Row], counted: dict[str, dict[str, int]], why: str) -> list[Row]:
    """In the order of the routes. A count within the noise stays, and its reason with it."""
    kept = {row.name: row for row in baseline}
    rows = []
    for one in COUNTED:
        old = kept.get(one.name)
        if one.name not in counted:
            rows += [old] if old else []
            continue
        new = counted[one.name]
        same = old and all(is_same(old.counts[engine], new[engine]) for engine in ENGINES)
        rows.append(old if same else Row(one.name, new, why))
    return rows


def is_same(before: int, now: int) -> bool:
    return abs(now - before) <= max(NOISE, before * WRITTEN_FROM / 100)


def unexplained(baseline: list[Row], earlier: list[Row]) -> list[str]:
    """Rows without a reason, and rows whose counts changed since, and whose reason did not."""
    before = {row.name: row for row in earlier}
    faults = [f"{row.name}: the baseline gives no reason" for row in baseline if not row.why.strip()]
    for row in baseline:
        old = before.get(row.name, row)
        if old.counts != row.counts and old.why == row.why:
            faults.append(f"{row.name}: the baseline was changed without a new reason")
    return faults


def earlier_baseline() -> list[Row]:
    """As it was before its last change: as committed, if it is changed now, else as before the commit that changed it."""
    path = str(BASELINE.relative_to(ROOT))

    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", str(ROOT), *words], capture_output=True, text=True).stdout

    committed = git("show", f"HEAD:{path}")
    if committed and committed == BASELINE.read_text():
        commits = git("log", "-2", "--format=%H", "--", path).split()
        committed = git("show", f"{commits[1]}:{path}") if len(commits) == 2 else ""
    return read(committed)


def release() -> str:
    names = dict(line.split("=", 1) for line in Path("/etc/os-release").read_text().splitlines() if "=" in line)
    return names.get("VERSION_CODENAME", "an unknown system").strip('"')


if __name__ == "__main__":
    sys.exit(main())
