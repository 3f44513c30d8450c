"""A PostgreSQL cluster of its own: initdb in a folder, a free loopback port, no password, fsync on.

Its role `rondo` is what a server would be given: no superuser, owner of its database, subject to row-level security.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from services import running

STARTED_WITHIN_S = 60
STOPPED_WITHIN_S = 30
CONNECTIONS_MAX = 400
UNPRIVILEGED = "postgres"  # PostgreSQL refuses to run as root; Debian's package makes this user

SETTINGS = f"""
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = {CONNECTIONS_MAX}
shared_buffers = 128MB
fsync = on
synchronous_commit = on
log_min_messages = warning
"""


def start(folder: Path) -> dict[str, str]:
    if running := status(folder):
        return running
    programs = find_programs()
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        make_cluster(programs, folder, data)
    port = choose_port(folder)
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, "-p", str(port)],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **as_unprivileged(),
        )
    wait_until_ready(programs, process, folder, port)
    make_database(programs, port)
    return environment(port)


def stop(folder: Path) -> None:
    pid = running_pid(folder)
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)  # "fast": ends sessions, writes a checkpoint
    deadline = time.monotonic() + STOPPED_WITHIN_S
    while is_alive(pid):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGQUIT)
            raise SystemExit(f"postgres {pid} did not stop within {STOPPED_WITHIN_S} s; it has been ended at once")
        time.sleep(0.02)


def status(folder: Path) -> dict[str, str] | None:
    return environment(int((folder / "port").read_text())) if running_pid(folder) else None


def environment(port: int) -> dict[str, str]:
    return {"RONDO_TEST_POSTGRES": f"postgresql://rondo@127.0.0.1:{port}/rondo"}


def make_cluster(programs: Path, folder: Path, data: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, UNPRIVILEGED, UNPRIVILEGED)
    made = subprocess.run(
        [programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"],
        capture_output=True,
        text=True,
        cwd="/",
        **as_unprivileged(),
    )
    if made.returncode != 0:
        raise SystemExit(
            f"initdb failed in {data}; as root, {UNPRIVILEGED} must be able to enter every folder above it\n{made.stderr}"
        )
    with (data / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS)


def make_database(programs: Path, port: int) -> None:
    """Makes the role and its database, unless an earlier start did."""
    sql = [
        "SELECT 'CREATE ROLE rondo LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rondo') \\gexec",
        "SELECT 'CREATE DATABASE rondo OWNER rondo'"
        " WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'rondo') \\gexec",
    ]
    made = subprocess.run(
        [programs / "psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(port), "-U", "postgres"],
        input="\n".join(sql),
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        raise SystemExit(f"the database could not be made: {made.stderr}")


def wait_until_ready(programs: Path, process: subprocess.Popen, folder: Path, port: int) -> None:
    deadline = time.monotonic() + STARTED_WITHIN_S
    probe = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port)]
    while subprocess.run(probe, stdin=subprocess.DEVNULL).returncode != 0:
        if process.poll() is not None or time.monotonic() > deadline:
            stop(folder)
            log = (folder / "server.log").read_text(errors="replace")
            raise SystemExit(f"postgres did not start within {STARTED_WITHIN_S} s:\n{log[-2000:]}")
        time.sleep(0.02)


def running_pid(folder: Path) -> int | None:
    try:
        pid = int((folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None
    return pid if is_alive(pid) else None


def is_alive(pid: int) -> bool:
    """Whether it runs: a process that has ended and waits for its parent does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return "(postgres)" in stat and stat.rsplit(")", 1)[1].split()[0] != "Z"


def as_unprivileged() -> dict:
    return {"user": UNPRIVILEGED, "group": UNPRIVILEGED, "extra_groups": []} if os.geteuid() == 0 else {}


def find_programs() -> Path:
    """The newest version's programs: Debian keeps them out of the PATH."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda found: int(found.parts[-3]))
    found = versions[-1] if versions else shutil.which("initdb")
    if not found:
        raise SystemExit("PostgreSQL's server is not installed: tools/install-packages test")
    return Path(found).parent


def choose_port(folder: Path) -> int:
    """The one that it had before, so that its clients find it again, or a free one."""
    kept = folder / "port"
    if not kept.exists() or not is_free(int(kept.read_text())):
        kept.write_text(str(running.free_ports(1)[0]))
    return int(kept.read_text())


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False
