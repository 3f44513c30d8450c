"""The real binary, started as a user would start it, and its users."""

import contextlib
import json
import os
import pathlib
import re
import secrets
import signal
import socket
import subprocess
import sys
import time

import httpx
from databases import ON_POSTGRES, PostgresSchema, SqliteFile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
from services import running  # noqa: E402

BINARY = pathlib.Path(os.environ.get("RONDO_BINARY", ROOT / "build/release/rondo")).resolve()
SANITIZED = any(word in str(BINARY) for word in ("asan", "tsan"))
SLOWNESS = 5 if SANITIZED else 1  # how much longer a sanitized binary may take

START_S = 30 * SLOWNESS
STOP_S = 40
PASSWORD = "correct horse battery"
START_LINE = re.compile(r"Rondo (\S+) on http://\S+?:(\d+), database (\S+), events (\w+)")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
EVENT_TYPES = [
    f"task.{what}" for what in ("created", "updated", "completed", "skipped", "reopened", "deleted", "restored")
]
PASSED_ON = ("PATH", "HOME", "LANG", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS")


def eventually(probe, within_s=10.0, what="the condition"):
    """What `probe` gives as soon as that is true; fails when it never is."""
    deadline = time.monotonic() + within_s * SLOWNESS
    while True:
        found = probe()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {within_s} s; last: {found!r}")
        time.sleep(0.005)


def environment(**given):
    """The environment of a started binary: nothing of the tester's own settings leaks in."""
    inherited = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    return inherited | {"HOST": "127.0.0.1", "PORT": "0"} | {name: str(value) for name, value in given.items()}


def run(*arguments, folder=None, env=None, given=None, timeout_s=60, before=()):
    """Runs a command of the binary to its end, behind the words of `before`."""
    return subprocess.run(
        [*before, BINARY, *map(str, arguments)],
        cwd=folder,
        env=environment(**(env or {})),
        input=given,
        capture_output=True,
        text=True,
        timeout=timeout_s * SLOWNESS,
    )


class Server:
    """One `rondo serve` with a database of its own, a file in `folder` by default. Stop it, or kill it, and start it again as often as needed."""

    def __init__(self, folder, **env):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = self.folder / "todo.db"
        self.database = PostgresSchema(self.folder) if ON_POSTGRES else SqliteFile(self.file)
        self.env = {"DATABASE_URL": self.database.url} | env
        self.process = None
        self.port = None
        self.starts = 0

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process:
            self.stop()

    def start(self):
        self.starts += 1
        self.log_file = self.folder / f"out.{self.starts}.log"
        with open(self.log_file, "wb") as out, open(self.folder / f"err.{self.starts}.log", "wb") as err:
            self.process = subprocess.Popen(
                [BINARY, "serve"],
                cwd=self.folder,
                env=environment(**self.env),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
        began = time.monotonic()
        while not (line := START_LINE.search(self.log_file.read_text("utf-8", "replace"))):
            if self.process.poll() is not None:
                code, self.process = self.process.returncode, None
                raise AssertionError(f"rondo ended with {code} at its start:\n{self.output()}")
            if time.monotonic() - began > START_S:
                self.kill()
                raise AssertionError(f"no start line within {START_S} s:\n{self.output()}")
            time.sleep(0.002)
        self.started_after_s = time.monotonic() - began
        self.version, self.port = line[1], int(line[2])
        return self

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def output(self):
        """All that it ever printed, on both streams."""
        return "".join(file.read_text("utf-8", "replace") for file in sorted(self.folder.glob("*.log")))

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, within_s=STOP_S):
        code = self.process.wait(within_s * SLOWNESS)
        group, self.process = self.process.pid, None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, signal.SIGKILL)
            raise AssertionError("rondo left a process behind")
        return code

    def stop(self):
        """Ends it the orderly way, and holds it to that."""
        self.signal(signal.SIGTERM)
        code = self.wait()
        assert code == 0, f"exit code {code} after SIGTERM:\n{self.output()[-4000:]}"

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait(STOP_S)
        self.process = None

    def rss_kib(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1])

    def open_files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def rows(self, sql, *values):
        """Rows of the database as it lies on the disk."""
        return self.database.rows(sql, *values)

    def client(self, **options):
        # verify=False: there is no TLS here, and reading the machine's certificates takes longer than most tests.
        return httpx.Client(base_url=self.url, timeout=30 * SLOWNESS, trust_env=False, verify=False, **options)

    def register(self, **fields):
        body = {"email": f"{secrets.token_hex(8)}@example.com", "password": PASSWORD} | fields
        client = self.client()
        answer = client.post("/api/auth/register", json=body)
        assert answer.status_code == 201, answer.text
        return User(self, client, answer.json(), body["password"])

    def raw(self, data, read_s=10.0, half_close=False):
        """What comes back for these bytes until the server closes (or is silent for `read_s`), and whether it closed."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=read_s) as connection:
            received = bytearray()
            with contextlib.suppress(ConnectionError):
                connection.sendall(data)
                if half_close:
                    connection.shutdown(socket.SHUT_WR)
            try:
                while chunk := connection.recv(65536):
                    received += chunk
            except TimeoutError:
                return bytes(received), False
            except ConnectionError:
                pass
            return bytes(received), True


class User:
    """A registered user with a logged-in client."""

    def __init__(self, server, client, account, password):
        self.server = server
        self.client = client
        self.email, self.id, self.password = account["email"], account["id"], password
        self.use(account)

    def use(self, session):
        self.access_token, self.refresh_token = session["access_token"], session["refresh_token"]
        self.client.headers["Authorization"] = f"Bearer {self.access_token}"

    def again(self):
        """The same user with a connection to the server as it runs now (after a restart)."""
        self.client.close()
        self.client = self.server.client(headers={"Authorization": f"Bearer {self.access_token}"})
        return self

    def at(self, server):
        """The same user with a connection to another server of the same database."""
        session = {"access_token": self.access_token, "refresh_token": self.refresh_token}
        return User(server, server.client(), {"email": self.email, "id": self.id} | session, self.password)

    def events(self):
        """All of the user's events, oldest first."""
        events = []
        while page := self.client.get(
            "/api/events", params={"limit": 1000} | ({"after": events[-1]["id"]} if events else {})
        ).json():
            events += page
        return events

    def create(self, title="Water the plants", **fields):
        answer = self.client.post("/api/tasks", json={"title": title} | fields)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def get(self, task):
        answer = self.client.get(f"/api/tasks/{identify(task)}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def change(self, task, **fields):
        answer = self.client.patch(f"/api/tasks/{identify(task)}", json=fields)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def toggle(self, task, **fields):
        answer = self.client.patch(f"/api/tasks/{identify(task)}/toggle", **({"json": fields} if fields else {}))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def list(self, **query):
        answer = self.client.get("/api/tasks", params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def children(self, task):
        return self.list(parent_task_id=identify(task))

    def child(self, task, within_s=10.0):
        """The one child that completing the task makes, as soon as it is there."""
        found = eventually(lambda: self.children(task), within_s, "the child of the completed task")
        assert len(found) == 1, found
        return found[0]


def identify(task):
    return task["id"] if isinstance(task, dict) else task


def raw_id(task):
    """The id as it lies in the database."""
    return bytes.fromhex(identify(task).replace("-", ""))


def problem(answer, status, pointer=None):
    """Holds an answer to the form of a problem (RFC 9457), and gives it."""
    assert answer.status_code == status, f"{answer.status_code} instead of {status}: {answer.text}"
    assert answer.headers["content-type"] == "application/problem+json", answer.headers
    told = answer.json()
    assert {"type", "title", "status", "detail", "error_id"} <= told.keys(), told
    assert told["status"] == status
    assert UUID.fullmatch(told["error_id"]), told
    assert answer.headers["x-request-id"]
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer")
    if status in (429, 503):
        assert int(answer.headers["retry-after"]) >= 0
    if pointer is not None:
        assert pointer in [fault["pointer"] for fault in told.get("errors", [])], told
        assert all(fault["message"] for fault in told["errors"])
    return told


def wait_until_settled(server):
    """Waits until every event has been handled."""
    eventually(lambda: not server.rows("select 1 from outbox limit 1"), 60, "an empty outbox")


def events_of(server, task):
    """The events of one task as they are kept, in order: each its type and data."""
    found = server.rows("select type, data from events where subject = ? order by sequence", raw_id(task))
    return [(EVENT_TYPES[kind], json.loads(data)) for kind, data in found]


def free_port():
    return running.free_ports(1)[0]


def serves(process, port, requests):
    """Waits for a server whose log cannot be read, and makes requests of it."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, verify=False, timeout=20) as client:

        def up():
            assert process.poll() is None, f"rondo ended with {process.returncode}"
            with contextlib.suppress(httpx.TransportError):
                return client.get("/readyz").status_code == 200

        eventually(up, 30, "readiness")
        account = client.post("/api/auth/register", json={"email": "a@example.com", "password": PASSWORD}).json()
        headers = {"Authorization": f"Bearer {account['access_token']}"}
        for _ in range(requests):
            assert client.post("/api/tasks", json={"title": "x"}, headers=headers).status_code == 201
