"""A server whose instructions are counted: the release binary in valgrind's callgrind, with a database of its own."""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

START_MAX_S = 120
ANSWER_MAX_S = 60
QUIET_POLL_S = 0.002
QUIET_POLLS = 3
SECRET = "only-for-measuring-0123456789abcdef0123456789abcdef"
ADDRESS = "127.0.0.1"
START_LINE = re.compile(r"Rondo \S+ on http://\S+?:(\d+)")
# glibc chooses its string functions by the processor. Without the wide ones the count is the same on every machine.
SAME_STRING_FUNCTIONS = "glibc.cpu.hwcaps=-AVX2,-AVX,-AVX512F,-AVX512VL,-AVX512BW,-ERMS,-FSRM,-BMI2,-RTM"
PASSWORD_HASH = "crypto_pwhash"


class CountedServer:
    """Use it in a `with`. Requests go one by one over one connection, so that the same threads do the same work."""

    def __init__(self, binary: Path, folder: Path, database_url: str):
        self.folder = folder
        folder.mkdir(parents=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": database_url,
            "SECRET_KEY": SECRET,
            "ENVIRONMENT": "production",
            "HOST": ADDRESS,  # vgdb's files carry it in their names
            "PORT": "0",
            "GLIBC_TUNABLES": SAME_STRING_FUNCTIONS,
        }
        self.prefix = f"--vgdb-prefix={folder}/vgdb"
        self.command = [
            "valgrind",
            "--tool=callgrind",
            "--fair-sched=yes",
            "--log-file=" + str(folder / "valgrind.log"),
        ]
        self.command += [self.prefix, f"--callgrind-out-file={folder}/counted", str(binary), "serve"]
        self.dumps = 0
        self.postmaster = postmaster(database_url) if database_url.startswith("postgres") else None

    def __enter__(self) -> "CountedServer":
        self.log = (self.folder / "log").open("w+b")
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            self.connection = http.client.HTTPConnection(ADDRESS, self.wait_for_port(), timeout=ANSWER_MAX_S)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def wait_for_port(self) -> int:
        deadline = time.monotonic() + START_MAX_S
        while not (found := START_LINE.search(self.output())):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"The server did not start under valgrind:\n{self.output()[-2000:]}")
            time.sleep(0.05)
        return int(found[1])

    def output(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    def ask(self, method: str, target: str, body=None, headers=None, token: str = "", expect=(200, 201, 204)):
        """The answer, as JSON when it is that; returns when the server has come to rest, too."""
        sent = {"Authorization": f"Bearer {token}"} if token else {}
        data = None
        if body is not None:
            sent["Content-Type"] = "application/json"
            data = json.dumps(body)
        self.connection.request(method, target, data, sent | (headers or {}))
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status not in expect:
            raise SystemExit(f"{method} {target} was answered with {answer.status}: {text[:500]!r}")
        self.wait_until_quiet()
        return json.loads(text) if "json" in (answer.getheader("Content-Type") or "") and text else text

    def wait_until_quiet(self) -> None:
        """Until no thread has run for some milliseconds, and no connection to PostgreSQL is at work."""
        deadline = time.monotonic() + ANSWER_MAX_S
        last, same = None, 0
        while same < QUIET_POLLS:
            if time.monotonic() > deadline:
                raise SystemExit("The server did not come to rest.")
            now, asleep = self.activity()
            same = same + 1 if asleep and now == last else 0
            last = now
            time.sleep(QUIET_POLL_S)

    def activity(self) -> tuple[list[str], bool]:
        ran, asleep = [], True
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            ran.append((task / "schedstat").read_text().split()[0])
            asleep = asleep and (task / "stat").read_text().rsplit(")", 1)[1].split()[0] == "S"
        return ran, asleep and not (self.postmaster and is_working(self.postmaster))

    def instructions(self) -> int:
        """Counted since the last call, without the hashing of passwords, beside which nothing else would be seen."""
        self.dumps += 1
        done = subprocess.run(
            ["vgdb", f"--pid={self.process.pid}", self.prefix, "--max-invoke-ms=1", "dump", str(self.dumps)],
            env=self.environment,
            capture_output=True,
            text=True,
        )
        dump = self.folder / f"counted.{self.dumps}"
        if done.returncode != 0 or not dump.exists():
            raise SystemExit(f"callgrind gave no count: {done.stdout}{done.stderr}")
        text = dump.read_text()
        dump.unlink()
        return int(re.search(r"^totals: (\d+)$", text, re.M)[1]) - inclusive(text, PASSWORD_HASH)


def inclusive(dump: str, called: str) -> int:
    """The cost of all calls from other functions to those whose name begins with `called`."""
    if called not in dump:
        return 0
    names: dict[str, str] = {}
    caller = callee = ""
    cost, counted_next = 0, False

    def name_of(value: str) -> str:
        number, _, name = value.partition(" ")
        if name:
            names[number] = name
        return names[number]

    for line in dump.splitlines():
        if counted_next:
            counted_next = False
            if callee.startswith(called) and not caller.startswith(called):
                cost += int(line.split()[1])
        elif line.startswith("fn="):
            caller = name_of(line[3:])
        elif line.startswith("cfn="):
            callee = name_of(line[4:])
        elif line.startswith("calls="):
            counted_next = True
    return cost


def postmaster(database_url: str) -> int | None:
    """The process that listens where the URL says, if that is a PostgreSQL of this machine."""
    port = urlsplit(database_url).port
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            words = (process / "cmdline").read_bytes().split(b"\0")
            if b"postgres" in words[0] and f"-p\0{port}".encode() in b"\0".join(words):
                return int(process.name)
    return None


def is_working(postmaster: int) -> bool:
    """Whether a connection is being served: the processes' titles say so."""
    for child in Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split():
        with contextlib.suppress(OSError):
            title = Path(f"/proc/{child}/cmdline").read_bytes()
            if title.startswith(b"postgres: rondo ") and b" idle" not in title:
                return True
    return False
