#!/usr/bin/env python3
"""Holds the arrows of docs/ARCHITECTURE.md: reads the sources and names every line that breaks one.

usage: tools/check_layers.py [FOLDER]      FOLDER: the project's root, else the one this file is in
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

LINES_MAX = 500
LONG_FILES = {
    # path: why it may be longer
}
FILES_MAX = 14  # in a folder of src; a header and the source of its name count as one
FULL_FOLDERS = {
    # folder: why it may hold more
}

# What a folder of src may include, besides itself, base and telemetry's interface. A folder inside another may also
# include the one around it, and all that one may.
ARROWS = {
    "main": {"cli"},
    "cli": {"app", "api", "events", "usecases", "store", "domain", "http", "auth"},
    "app": {"api", "events", "usecases", "store", "domain", "http", "auth"},
    "api": {"events", "usecases", "store", "domain", "http", "auth", "text"},
    "events": {"usecases", "store", "domain"},
    "usecases": {"store", "domain"},
    "store": {"domain", "text"},
    "http": set(),
    "auth": {"text"},
    "text": set(),
    "domain": set(),
    "telemetry": set(),
    "base": set(),
}
# Rooms of one folder, and which of the others each may include. All may include what lies in the folder itself.
ROOMS = {
    "api/wire": set(),
    "api/tasks": {"api/wire"},
    "api/accounts": {"api/wire"},
    "api/events": {"api/wire"},
    "api/server": {"api/wire"},
    "domain/recurrence": set(),
    "domain/words": {"domain/recurrence"},
    "domain/quick_add": {"domain/quick_add/phrases", "domain/recurrence", "domain/words"},
    "domain/quick_add/phrases": {"domain/recurrence", "domain/words"},
    "http/client": set(),
    "http/parse": set(),
    "usecases/accounts": set(),
    "usecases/tags": set(),
    "usecases/tasks": {"usecases/tags"},
}
NOTHING_OF = {"api/wire": {"usecases", "domain", "events"}}  # it knows no task
NO_TELEMETRY = {"domain", "base"}
DOMAIN_MAY_INCLUDE = {f"base/{name}.hpp" for name in ("error", "ids", "clock", "random", "time_zone", "rfc3339")}

# One implementation among several: only those who choose one know it.
CHOSEN_BY = {
    "store/sqlite": {"app", "cli"},
    "store/postgres": {"app", "cli"},
    "store/sql": {"store/postgres", "store/sqlite"},  # the statements of both: each compiles them for itself
    "events/embedded": {"app", "cli"},
    "events/dapr": {"app"},
    "events/kafka": {"app"},
    "telemetry/otlp": {"app"},
}

# A part of a folder that others may include, though not the rest of it.
OPEN_PARTS = {"http/client": {"telemetry/otlp", "events/dapr", "cli"}}

BEAST_FILES_MAX = 4  # Beast is slow to compile
LIBRARIES = [
    # header, folders it may be included in, why
    (re.compile(r"boost/beast"), {"http"}, "Beast stays inside src/http"),
    (re.compile(r"boost/json"), {"api", "events", "cli", "auth", "telemetry"}, "JSON stays out of this folder"),
    (re.compile(r"sqlite3\.h$"), {"store/sqlite"}, "SQLite stays inside src/store/sqlite"),
    (re.compile(r"libpq"), {"store/postgres"}, "libpq stays inside src/store/postgres"),
    (re.compile(r"unicode/"), {"text"}, "ICU stays inside src/text"),
    (re.compile(r"rdkafka"), {"events/kafka"}, "librdkafka stays inside src/events/kafka"),
]

TOKENS = re.compile(
    r"""(?P<raw>R"(?P<mark>[^\s()\\]{0,16})\((?P<rawtext>.*?)\)(?P=mark)")
      | (?P<text>"(?:\\.|[^"\\\n])*")
      | (?P<char>(?<![0-9a-zA-Z])'(?:\\[^\n']{1,9}|\\'|[^'\\\n])')
      | (?P<comment>//[^\n]*|/\*.*?\*/)""",
    re.X | re.S,
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?:"([^"]+)"|<([^>]+)>)', re.M)
COROUTINE = re.compile(r"\bco_(await|return|yield)\b")
CLOCK = re.compile(
    r"\b(system_clock|steady_clock|high_resolution_clock|clock_gettime|gettimeofday)\b|\btime\((NULL|nullptr|0)\)"
)
SQL = re.compile(
    r"\bSELECT\s.*\sFROM\b|\bINSERT\s+(OR\s+[A-Z]+\s+)?INTO\b|\bUPDATE\s+\w+\s+SET\b|\bDELETE\s+FROM\b"
    r"|\b(CREATE|ALTER|DROP)\s+(UNIQUE\s+|TEMP\s+|VIRTUAL\s+)?(TABLE|INDEX|VIEW|TRIGGER)\b|\bPRAGMA\s+\w+",
    re.S,
)

# The project speaks of itself alone, and says nothing that is not so.
WORDS = [
    (re.compile(r"(?<![\w.])/work/|\.\./shared"), "a path outside the project"),
    (re.compile(r"\b(issue|pull request|PR)s? #\d+", re.I), "an issue's number: say what it was about"),
    (
        re.compile(r"\b(pypi\.org|files\.pythonhosted\.org|crates\.io|proxy\.golang\.org|registry\.npmjs\.org)\b"),
        "a registry's host",
    ),
    (re.compile(r"\b(to be written|lorem ipsum)\b", re.I), "a stub"),
    (re.compile(r"\bsteering repo|\bworkplace\b", re.I), "a word that is not about the project"),
]
WORDS_NOT_IN = {"tools/check_layers.py", "tools/test_check_layers.py"}
NOT_OURS = set(".git .venv build var node_modules __pycache__ .pytest_cache .hypothesis .ruff_cache".split())
TEXT = set(".cpp .hpp .py .md .txt .cmake .sql .json .yaml .yml .html .css .js .lua .sh".split()) | {""}


def main() -> int:
    if len(sys.argv) > 2 or (len(sys.argv) == 2 and sys.argv[1].startswith("-")):
        print(__doc__, file=sys.stderr)
        return 64
    root = Path(sys.argv[1]) if len(sys.argv) == 2 else Path(__file__).resolve().parent.parent
    faults = list(check(root))
    for fault in faults:
        print(fault)
    print(f"layers: {len(list(sources(root)))} files of src read, {len(faults)} faults", file=sys.stderr)
    return 1 if faults else 0


def check(root: Path) -> Iterator[str]:
    with_beast = []
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        code = without_comments(text)
        yield from check_includes(name, code)
        yield from check_code(name, text, code)
        if re.search(r"#\s*include\s*<boost/beast", code):
            with_beast.append(name)
    if len(with_beast) > BEAST_FILES_MAX:
        yield f"src/http:0: {len(with_beast)} files include Beast, {BEAST_FILES_MAX} at most: {', '.join(with_beast)}"
    yield from check_circles(root)
    yield from check_folders(root)
    yield from check_lengths(root)
    yield from check_words(root)
    yield from check_table(root)


def sources(root: Path) -> Iterator[Path]:
    return (path for path in sorted((root / "src").rglob("*.[ch]pp")) if path.is_file())


def folder_of(name: str) -> str:
    """The folder that rules apply to: `api`, `store/sqlite`; `main` for src/main.cpp."""
    parts = name.removeprefix("src/").split("/")[:-1]
    if not parts:
        return "main"
    return "/".join(parts[:2]) if "/".join(parts[:2]) in CHOSEN_BY else parts[0]


def part_of(included: str) -> str:
    return included.rpartition("/")[0]


def check_includes(name: str, code: str) -> Iterator[str]:
    folder = folder_of(name)
    top = folder.split("/")[0]
    for found in INCLUDE.finditer(code):
        ours, system = found.groups()
        where = f"{name}:{line_of(code, found.start())}"
        if system is not None:
            for header, allowed, why in LIBRARIES:
                if header.match(system) and folder not in allowed and top not in allowed:
                    yield f"{where}: includes <{system}>: {why}"
            if top == "domain" and re.search(r"[/.]", system):
                yield f"{where}: includes <{system}>: domain knows the standard library and base's values"
            if top == "usecases" and system.startswith("boost/"):
                yield f"{where}: includes <{system}>: use cases are plain functions, without I/O"
            continue
        target = folder_of("src/" + ours)
        target_top = target.split("/")[0]
        if top not in ARROWS:
            yield f"{where}: src/{top} has no arrows: add it to tools/check_layers.py and docs/ARCHITECTURE.md"
        elif target in CHOSEN_BY and target != folder and not {top, folder} & CHOSEN_BY[target]:
            yield f"{where}: includes {ours}: only {' and '.join(sorted(CHOSEN_BY[target]))} choose an implementation"
        elif top == "domain" and target_top == "base" and ours not in DOMAIN_MAY_INCLUDE:
            yield f"{where}: includes {ours}: of base, domain may include only {', '.join(sorted(DOMAIN_MAY_INCLUDE))}"
        elif part_of(ours) in OPEN_PARTS and folder in OPEN_PARTS[part_of(ours)]:
            continue
        elif (room := part_of(name.removeprefix("src/"))) in ROOMS and not room_may_include(room, part_of(ours)):
            yield f"{where}: includes {ours}: there is no arrow from {room} to {part_of(ours)}"
        elif not may_include(top, target_top):
            yield f"{where}: includes {ours}: there is no arrow from {top} to {target_top}"


def may_include(top: str, target: str) -> bool:
    if target in (top, "base"):
        return True
    if target == "telemetry":
        return top not in NO_TELEMETRY
    return target in ARROWS[top]


def room_may_include(room: str, target: str) -> bool:
    if target.split("/")[0] in NOTHING_OF.get(room, ()):
        return False
    return target == room or target not in ROOMS or target.split("/")[0] != room.split("/")[0] or target in ROOMS[room]


def check_circles(root: Path) -> Iterator[str]:
    """Headers that include each other, by whatever way round."""
    includes = {}
    for path in sources(root):
        if path.suffix == ".hpp":
            code = without_comments(path.read_text(encoding="utf-8"))
            name = path.relative_to(root / "src").as_posix()
            includes[name] = [ours for ours, _ in INCLUDE.findall(code) if ours]
    done: set[str] = set()

    def walk(name: str, way: list[str]) -> Iterator[str]:
        if name in way:
            yield f"src/{name}:0: a circle: {' → '.join([*way[way.index(name) :], name])}"
        elif name not in done:
            for other in includes.get(name, ()):
                yield from walk(other, [*way, name])
            done.add(name)

    for name in sorted(includes):
        yield from walk(name, [])


def check_folders(root: Path) -> Iterator[str]:
    held: dict[str, set[str]] = {}
    for path in sources(root):
        held.setdefault(path.parent.relative_to(root).as_posix(), set()).add(path.stem)
    for folder, names in sorted(held.items()):
        if len(names) > FILES_MAX and folder not in FULL_FOLDERS:
            yield f"{folder}:0: {len(names)} files, {FILES_MAX} at most: make rooms, or give a reason in FULL_FOLDERS"
    for folder in FULL_FOLDERS:
        if len(held.get(folder, ())) <= FILES_MAX:
            yield f"tools/check_layers.py:0: FULL_FOLDERS names {folder}, which is not full"


def check_code(name: str, text: str, code: str) -> Iterator[str]:
    folder = folder_of(name)
    top = folder.split("/")[0]
    bare = without_literals(code)
    if top in ("domain", "usecases"):
        for found in COROUTINE.finditer(bare):
            yield f"{name}:{line_of(bare, found.start())}: {found.group()} in {top}: plain functions alone"
    if top == "domain":
        for found in CLOCK.finditer(bare):
            yield f"{name}:{line_of(bare, found.start())}: reads a clock: in domain, the time is an argument"
    if top != "store":
        for line, literal in literals(text):
            if SQL.search(literal):
                yield f"{name}:{line}: SQL outside src/store"


def check_lengths(root: Path) -> Iterator[str]:
    for path in own_files(root):
        name = path.relative_to(root).as_posix()
        if path.suffix not in {".cpp", ".hpp", ".py"} or name in LONG_FILES:
            continue
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LINES_MAX:
            yield f"{name}:{lines}: {lines} lines, {LINES_MAX} at most: split it, or give a reason in LONG_FILES"
    for name in LONG_FILES:
        if not (root / name).is_file():
            yield f"tools/check_layers.py:0: LONG_FILES names {name}, which is not there"


def check_words(root: Path) -> Iterator[str]:
    for path in own_files(root):
        name = path.relative_to(root).as_posix()
        if path.suffix not in TEXT or name in WORDS_NOT_IN:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # test data may be anything
        for word, why in WORDS:
            for found in word.finditer(text):
                yield f'{name}:{line_of(text, found.start())}: "{found.group()}": {why}'


def check_table(root: Path) -> Iterator[str]:
    """Every folder of src has its line in src/README.md, and every line its folder."""
    readme = root / "src" / "README.md"
    if not readme.is_file():
        yield "src/README.md:0: is missing: it says what each folder is for"
        return
    listed = set(re.findall(r"^\| *`([\w/]+)/` *\|", readme.read_text(encoding="utf-8"), re.M))
    present = {path.parent.relative_to(root / "src").as_posix() for path in sources(root)} - {"."}
    for folder in sorted(present - listed):
        yield f"src/README.md:0: has no line for src/{folder}/"
    for folder in sorted(name for name in listed if not (root / "src" / name).is_dir()):
        yield f"src/README.md:0: lists src/{folder}/, which is not there"


def own_files(root: Path) -> Iterator[Path]:
    for path in sorted(root.iterdir()):
        if path.name in NOT_OURS:
            continue
        if path.is_dir():
            yield from (
                file
                for file in sorted(path.rglob("*"))
                if file.is_file() and not NOT_OURS & set(file.relative_to(root).parts)
            )
        elif path.is_file():
            yield path


def without_comments(text: str) -> str:
    """The code with its comments blanked; every line keeps its number."""
    return TOKENS.sub(lambda token: blank(token.group()) if token.lastgroup == "comment" else token.group(), text)


def without_literals(code: str) -> str:
    return TOKENS.sub(lambda token: blank(token.group()), code)


def literals(text: str) -> Iterator[tuple[int, str]]:
    """Each string literal with its line. Literals that follow one another are one to the compiler, so to us."""
    run_start, run, end = 0, "", 0
    for token in TOKENS.finditer(text):
        literal = token.group("rawtext") if token.group("raw") else token.group("text")
        if literal is None:
            continue
        if run and text[end : token.start()].strip():
            yield line_of(text, run_start), run
            run = ""
        if not run:
            run_start = token.start()
        run += literal if token.group("raw") else literal[1:-1]
        end = token.end()
    if run:
        yield line_of(text, run_start), run


def blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def line_of(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


if __name__ == "__main__":
    sys.exit(main())
