"""Starting, stopping, settings, logs, the database file, and the command line."""

import contextlib
import json
import os
import pathlib
import pty
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time

import pytest
from support import (
    BINARY,
    PASSWORD,
    SANITIZED,
    SLOWNESS,
    START_LINE,
    Server,
    environment,
    eventually,
    free_port,
    problem,
    run,
    serves,
)

SECRET = "a-secret-of-the-tests-0123456789abcdef"
# Root may write everywhere; a root without this right may not.
WITHOUT_ROOTS_RIGHTS = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []


def refused_start(folder, env, code=78, before=()):
    """Starts with these settings, which must stop it with one line; gives the line."""
    ended = run("serve", folder=folder, env=env, timeout_s=20, before=before)
    assert ended.returncode == code, (ended.returncode, ended.stdout, ended.stderr)
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr
    assert not START_LINE.search(ended.stdout)
    return ended.stderr.strip()


class TestSettings:
    @pytest.mark.parametrize(
        ("variable", "value"),
        [
            ("PORT", "http"),
            ("PORT", "65536"),
            ("PORT", "-1"),
            ("PORT", "80 80"),
            ("PORT", "8000x"),
            ("ENVIRONMENT", "prod"),
            ("ENVIRONMENT", "Production"),
            ("DATABASE_URL", "todo.db"),
            ("DATABASE_URL", "mysql://x/y"),
            ("DATABASE_URL", "sqlite://"),
            ("DATABASE_URL", "sqlite:///"),
            ("DATABASE_URL", "postgresql://u:hidden%zz@localhost/x"),
            ("DATABASE_URL", "postgresql+asyncpg://u:hidden@localhost/x?ssl=require"),
            ("CORS_ORIGINS", "*"),
            ("CORS_ORIGINS", "localhost"),
            ("CORS_ORIGINS", "http://a/path"),
            ("ACCESS_TOKEN_EXPIRE_MINUTES", "0"),
            ("ACCESS_TOKEN_EXPIRE_MINUTES", "soon"),
            ("EVENT_TRANSPORT", "rabbitmq"),
            ("EVENT_TRANSPORT", "kafka"),
            ("PUBSUB_TOPIC", "a/b"),
            ("DAPR_SUBSCRIBE", "yes"),
            ("DAPR_HTTP_PORT", "x"),
            ("EVENT_LOCAL_AFTER", "soon"),
            ("EVENT_LOCAL_AFTER", "5"),
            ("HOST", "not an address"),
            ("HOST", "256.256.256.256"),
        ],
    )
    def test_a_wrong_value_stops_the_start_and_is_named(self, tmp_path, variable, value):
        line = refused_start(
            tmp_path,
            {"DATABASE_URL": f"sqlite:///{tmp_path}/todo.db"} | {variable: value},
            code=69 if value == "256.256.256.256" else 78,  # a name that has no address
        )
        assert variable in line, line
        assert value.split(":hidden")[0] in line and "hidden" not in line
        if variable != "HOST":
            assert list(tmp_path.iterdir()) == [], "nothing has been written"

    @pytest.mark.parametrize("secret", [None, "dev-secret-key-change-in-production", "short", "x" * 31])
    def test_production_needs_a_secret_of_its_own(self, tmp_path, secret):
        env = {"ENVIRONMENT": "production", "DATABASE_URL": f"sqlite:///{tmp_path}/todo.db"} | (
            {"SECRET_KEY": secret} if secret else {}
        )
        line = refused_start(tmp_path, env)
        assert "SECRET_KEY" in line and "32" in line
        if secret and secret != "dev-secret-key-change-in-production":
            assert secret not in line

    def test_come_from_flags_environment_dotenv_and_file_in_that_order(self, tmp_path):
        def environment_of(*flags, env=None, dotenv="", file=""):
            folder = tmp_path / os.urandom(4).hex()
            folder.mkdir()
            (folder / ".env").write_text(dotenv)
            (folder / "rondo.conf").write_text(file)
            arguments = ["--config", "rondo.conf", *flags] if file else list(flags)
            process = subprocess.Popen(
                [BINARY, "serve", *arguments],
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                env=environment(DATABASE_URL="sqlite:///todo.db", SECRET_KEY=SECRET, **(env or {})),
            )
            try:
                line = ""
                while not (found := START_LINE.search(line)):
                    line = process.stdout.readline()
                    assert line, "rondo ended at its start"
                import httpx

                return httpx.get(f"http://127.0.0.1:{found[2]}/health", trust_env=False, verify=False).json()[
                    "environment"
                ]
            finally:
                process.terminate()
                process.communicate(timeout=60)

        other = "ENVIRONMENT=production\n"
        assert environment_of() == "development"
        assert environment_of(file=other) == "production"
        assert environment_of(dotenv=other) == "production"
        assert environment_of(env={"ENVIRONMENT": "production"}) == "production"
        assert environment_of("--environment", "production") == "production"
        assert environment_of(file=other, dotenv="ENVIRONMENT=development\n") == "development"
        assert environment_of(dotenv=other, env={"ENVIRONMENT": "development"}) == "development"
        assert environment_of("--environment", "development", env={"ENVIRONMENT": "production"}) == "development"

    def test_a_secret_can_come_from_a_file(self, tmp_path, start):
        (tmp_path / "secret").write_text(SECRET + "\n")
        server = start(ENVIRONMENT="production", SECRET_KEY_FILE=tmp_path / "secret")
        user = server.register()
        server.stop()
        del server.env["SECRET_KEY_FILE"]
        server.env["SECRET_KEY"] = SECRET
        server.start()
        assert user.again().client.get("/api/auth/me").status_code == 200

    def test_a_misspelt_name_in_a_configuration_file_is_refused(self, tmp_path):
        (tmp_path / "rondo.conf").write_text("PROT=8000\n")
        ended = run("serve", "--config", "rondo.conf", folder=tmp_path)
        assert ended.returncode == 78 and "PROT" in ended.stderr

    def test_cors_origins_are_taken(self, start):
        server = start(CORS_ORIGINS="https://todo.example.org, http://127.0.0.1:5173/")
        with server.client() as client:
            for origin, allowed in (
                ("https://todo.example.org", True),
                ("http://127.0.0.1:5173", True),
                ("http://localhost:3000", False),
            ):
                answer = client.get("/livez", headers={"Origin": origin})
                assert ("access-control-allow-origin" in answer.headers) == allowed, origin

    def test_an_unknown_flag_or_command_is_refused(self, tmp_path):
        for arguments in (["serve", "--prot", "1"], ["sevre"], ["migrate"], ["migrate", "sideways"]):
            ended = run(*arguments, folder=tmp_path)
            assert ended.returncode not in (0, 1), arguments
            assert ended.stdout + ended.stderr

    def test_help_and_version_are_there(self):
        assert re.fullmatch(r"\d+\.\d+\.\d+\n", run("--version").stdout)
        for command in ([], ["serve"], ["migrate"], ["events"], ["next"], ["events", "dead-letters"]):
            told = run(*command, "--help")
            assert told.returncode == 0 and "xample" in told.stdout, command
        assert (
            "ACCESS_TOKEN_EXPIRE_MINUTES" in run("--help").stdout
            or "--access-token-expire-minutes" in run("--help").stdout
        )


class TestStart:
    def test_says_one_line_and_is_ready(self, start):
        server = start()
        lines = [line for line in server.output().splitlines() if START_LINE.search(line)]
        assert len(lines) == 1 and server.database.shown in lines[0] and "events embedded" in lines[0]
        with server.client() as client:
            assert client.get("/readyz").json() == {"status": "ready"}
            health = client.get("/health").json()
            assert (
                health["status"] == "healthy"
                and health["environment"] == "development"
                and health["version"] == server.version
            )
            root = client.get("/").json()
            assert root["name"] == "Rondo" and root["version"] == server.version and root["documentation"] == "/docs"
            page = client.get("/", headers={"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"})
            assert page.headers["content-type"].startswith("text/html") and "/docs" in page.text

    @pytest.mark.speed
    def test_takes_less_than_a_second_with_a_database_that_is_there(self, start):
        server = start()
        user = server.register()
        for number in range(300):
            user.create(f"t{number}")
        server.stop()
        server.start()
        assert server.started_after_s < 1

    def test_without_a_command_it_serves(self, tmp_path):
        process = subprocess.Popen(
            [BINARY], cwd=tmp_path, env=environment(DATABASE_URL="sqlite:///todo.db"), stdout=subprocess.PIPE, text=True
        )
        assert any(START_LINE.search(line) for line in process.stdout)
        process.terminate()
        process.communicate(timeout=60)
        assert process.returncode == 0 and (tmp_path / "todo.db").exists()

    def test_on_a_port_that_is_taken_says_so(self, start, tmp_path):
        server = start()
        line = refused_start(tmp_path, {"DATABASE_URL": f"sqlite:///{tmp_path}/other.db", "PORT": server.port}, code=69)
        assert str(server.port) in line

    def test_makes_a_missing_folder(self, tmp_path):
        with Server(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/a/b/todo.db") as server:
            server.register()
        assert (tmp_path / "a/b/todo.db").exists()

    def test_in_a_place_that_cannot_be_written_says_so(self, tmp_path):
        locked = tmp_path / "locked"
        locked.mkdir(mode=0o500)
        (tmp_path / "file").write_text("x")
        for place in (locked / "todo.db", tmp_path / "file/todo.db", pathlib.Path("/proc/rondo/todo.db")):
            line = refused_start(tmp_path, {"DATABASE_URL": f"sqlite:///{place}"}, code=74, before=WITHOUT_ROOTS_RIGHTS)
            assert str(place.parent) in line
        assert "not a file" in refused_start(tmp_path, {"DATABASE_URL": f"sqlite:///{tmp_path}"})

    def foreign_files(self, tmp_path):
        other = tmp_path / "other.db"
        with contextlib.closing(sqlite3.connect(other)) as connection:
            connection.execute("create table users (id text)")
            connection.execute("insert into users values ('theirs')")
            connection.commit()
        yield other
        stamped = tmp_path / "stamped.db"
        with contextlib.closing(sqlite3.connect(stamped)) as connection:
            connection.execute("pragma application_id = 252006673")
            connection.execute("create table notes (id text)")
            connection.commit()
        yield stamped
        for name, content in (
            ("text.db", b"this is no database, only text\n" * 200),
            ("short.db", b"x"),
            ("zip.db", b"PK\x03\x04" + bytes(5000)),
        ):
            (tmp_path / name).write_bytes(content)
            yield tmp_path / name

    def test_on_another_programs_file_is_refused_and_the_file_unwritten(self, tmp_path):
        for file in self.foreign_files(tmp_path):
            code = 78 if file.name in ("other.db", "stamped.db") else 74
            before, changed = file.read_bytes(), file.stat().st_mtime_ns
            line = refused_start(tmp_path, {"DATABASE_URL": f"sqlite:///{file}"}, code)
            assert file.name in line
            assert file.read_bytes() == before and file.stat().st_mtime_ns == changed
            assert [path.name for path in tmp_path.iterdir() if path.name.startswith(file.name)] == [file.name]

    @pytest.mark.sqlite
    def test_on_a_newer_schema_is_refused(self, start):
        server = start()
        server.stop()
        with contextlib.closing(sqlite3.connect(server.file)) as connection:
            columns = [row[1] for row in connection.execute("pragma table_info(schema_migrations)")]
            values = {"version": 9999, "name": "from_the_future"}
            connection.execute(
                f"insert into schema_migrations ({', '.join(columns)}) values ({', '.join('?' * len(columns))})",
                [
                    values.get(column, "2026-01-01T00:00:00Z" if index > 1 else index)
                    for index, column in enumerate(columns)
                ],
            )
            connection.commit()
        ended = run("serve", env=server.env)
        assert ended.returncode not in (0, 70) and len(ended.stderr.strip().splitlines()) == 1
        assert "newer" in ended.stderr

    @pytest.mark.sqlite
    def test_on_a_broken_file_is_refused(self, start):
        server = start()
        server.register()
        server.stop()
        content = bytearray(server.file.read_bytes())
        content[16:40] = bytes(24)
        server.file.write_bytes(content)
        ended = run("serve", env=server.env)
        assert ended.returncode == 74 and server.file.name in ended.stderr
        assert server.file.read_bytes() == bytes(content)


class TestStop:
    def test_lets_requests_in_flight_end_and_refuses_new_ones(self, start):
        server = start()
        user = server.register()
        body = json.dumps({"title": "in flight"}).encode()
        head = (
            f"POST /api/tasks HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {user.access_token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nExpect: 100-continue\r\n\r\n"
        ).encode()
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as flying, server.client() as idle:
            flying.sendall(head)
            assert flying.recv(4096).startswith(b"HTTP/1.1 100 "), "it is in flight once its head has been read"
            flying.sendall(body[:5])
            assert idle.get("/livez").status_code == 200
            server.signal(signal.SIGTERM)

            def draining():
                with server.client() as probe:
                    return probe.get("/readyz").status_code == 503

            eventually(draining, 5, "503 from /readyz")
            with server.client() as late:
                problem(late.post("/api/auth/login", json={"email": "a@example.com", "password": PASSWORD}), 503)
                assert late.get("/livez").status_code == 200
            assert server.process.poll() is None
            flying.sendall(body[5:])
            received = b""
            while chunk := flying.recv(4096):
                received += chunk
            assert received.startswith(b"HTTP/1.1 201") and b"\r\nConnection: close\r\n" in received
        assert server.wait() == 0
        server.start()
        assert [task["title"] for task in user.again().list()] == ["in flight"]

    def test_is_quick_when_connections_are_idle(self, start):
        server = start()
        idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(50)]
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 3 * SLOWNESS
        for connection in idle:
            connection.close()

    @pytest.mark.parametrize("first", [signal.SIGTERM, signal.SIGINT])
    def test_is_immediate_at_a_second_signal(self, start, first):
        server = start()
        with socket.create_connection(("127.0.0.1", server.port)) as flying:
            flying.sendall(
                b"POST /api/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            )
            eventually(lambda: server.raw(b"GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")[0])
            server.signal(first)
            eventually(lambda: "Stopping" in server.output(), 5, "the line that it stops")
            began = time.monotonic()
            server.signal(signal.SIGTERM)
            assert server.wait(5) == 0
            assert time.monotonic() - began < 2 * SLOWNESS

    def test_under_load_loses_nothing_that_was_answered(self, start):
        import httpx

        server = start()
        user = server.register()
        answered, failures = [], []

        def load():
            with (
                server.client(headers={"Authorization": f"Bearer {user.access_token}"}) as client,
                contextlib.suppress(httpx.TransportError),
            ):
                while True:
                    answer = client.post("/api/tasks", json={"title": "x"})
                    if answer.status_code == 503:
                        return
                    (answered if answer.status_code == 201 else failures).append(answer.json())

        threads = [threading.Thread(target=load) for _ in range(4)]
        for thread in threads:
            thread.start()
        eventually(lambda: len(answered) > 100, 30)
        server.stop()
        for thread in threads:
            thread.join(30)
        server.start()
        assert failures == []
        assert {task["id"] for task in answered} == {task["id"] for task in user.again().list()}

    def test_of_a_terminal_by_ctrl_c_is_orderly(self, tmp_path):
        leader, follower = pty.openpty()
        process = subprocess.Popen(
            [BINARY, "serve"],
            cwd=tmp_path,
            env=environment(DATABASE_URL="sqlite:///todo.db"),
            stdin=follower,
            stdout=follower,
            stderr=follower,
            start_new_session=True,
        )
        os.close(follower)
        seen = b""
        while not START_LINE.search(seen.decode("utf-8", "replace")):
            seen += os.read(leader, 4096)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        os.close(leader)


@pytest.mark.skipif(SANITIZED, reason="the sanitizer's own memory is in the way of the limit")
def test_when_files_run_out_it_waits_and_goes_on(tmp_path):
    port = free_port()
    env = environment(DATABASE_URL=f"sqlite:///{tmp_path}/todo.db") | {"PORT": str(port)}
    process = subprocess.Popen(
        ["sh", "-c", 'ulimit -n 64; exec "$0" serve', str(BINARY)],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        serves(process, port, requests=1)
        crowd = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(150)]
        before = cpu_seconds(process.pid)
        time.sleep(1)  # what is measured is a second of doing nothing
        assert cpu_seconds(process.pid) - before < 0.5, "it spins"
        for connection in crowd:
            connection.close()
        import httpx

        eventually(
            lambda: (
                httpx.get(f"http://127.0.0.1:{port}/livez", trust_env=False, verify=False, timeout=10).status_code
                == 200
            ),
            10,
        )
    finally:
        process.terminate()
        assert process.wait(60) == 0


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
