"""The two servers that are compared: how each is started, how its tasks are counted, how it is ended."""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET = "only-for-measuring-0123456789abcdef0123456789abcdef"
START_MAX_S = 60
PASSWORD = "correct horse battery"


class Backend:
    """One server on a port and a database file of its own; use it in a `with`."""

    name = ""

    def __init__(self, folder: Path):
        self.folder = folder
        self.database = folder / "todo.db"
        self.port = free_port()
        self.env: dict[str, str] = {}
        self.process: subprocess.Popen | None = None

    def commands(self) -> list[tuple[list[str], Path]]:
        """What to run, and where; the last one is the server."""
        raise NotImplementedError

    def __enter__(self) -> "Backend":
        self.folder.mkdir(parents=True)
        self.start()
        return self

    def start(self) -> None:
        """Also after a `kill`: the same port and data."""
        environment = (
            os.environ
            | {
                "DATABASE_URL": f"sqlite:///{self.database}",
                "SECRET_KEY": SECRET,
                "ENVIRONMENT": "production",
                "HOST": "127.0.0.1",
                "PORT": str(self.port),
            }
            | self.env
        )
        *before, (server, where) = self.commands()
        with (self.folder / "log").open("ab") as log:
            for command, folder in before:
                subprocess.run(command, cwd=folder, env=environment, stdout=log, stderr=log, check=True)
            self.process = subprocess.Popen(
                server, cwd=where, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        try:
            self.wait_until_healthy()
        except BaseException:
            self.kill()
            raise

    def __exit__(self, *_) -> None:
        self.kill()

    def kill(self) -> None:
        """At once, with all its workers: what was answered must be in the file all the same."""
        if self.process and self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def wait_until_healthy(self) -> None:
        deadline = time.monotonic() + START_MAX_S
        while True:
            assert self.process
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not start:\n{(self.folder / 'log').read_text()[-2000:]}")
            try:
                if self.call("GET", "/health")[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.02)

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def call(self, method: str, target: str, body: object = None, token: str = "", over=None) -> tuple[int, object]:
        connection = over or self.connect()
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request(method, target, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        if over is None:
            connection.close()
        return answer.status, json.loads(text) if text else None

    def register(self, email: str) -> str:
        """A new user's access token."""
        account = {"email": email, "password": PASSWORD, "name": "Bench"}
        status, answer = self.call("POST", "/api/auth/register", account)
        if status != 201:
            raise RuntimeError(f"{self.name} answered register with {status}: {answer}")
        status, answer = self.call("POST", "/api/auth/login", {"email": email, "password": PASSWORD})
        if status != 200:
            raise RuntimeError(f"{self.name} answered login with {status}: {answer}")
        return answer["access_token"]

    def count_tasks(self) -> int:
        with sqlite3.connect(self.database) as connection:
            return connection.execute("SELECT count(*) FROM tasks").fetchone()[0]


class Rondo(Backend):
    name = "rondo"

    def commands(self):
        return [([str(ROOT / "build/release/rondo"), "serve"], self.folder)]


class Peer(Backend):
    name = "fastapi"

    def commands(self):
        python = ROOT / "build/bench/venv/bin"
        here = ROOT / "bench/load/peer-fastapi"
        uvicorn = [str(python / "uvicorn"), "main:app", "--host", "127.0.0.1", "--port", str(self.port)]
        return [
            ([str(python / "alembic"), "upgrade", "head"], here),
            (uvicorn + ["--no-access-log", "--workers", str(os.cpu_count())], here),
        ]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
