"""A process of a service: started with its log in a folder, found again by its pid file, ended whole."""

import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

MISSING_EXIT = 69  # EX_UNAVAILABLE of sysexits.h: what a service is made with is not on this machine

STOPPED_WITHIN_S = 30
GIVEN_TO_NOBODY = 10240, 32768  # ports below ip_local_port_range of Linux


def start(folder: Path, command: list, ready: Callable[[], bool], within_s: float, env: dict | None = None) -> int:
    """Returns its pid when `ready` says so; fails with the end of its log."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            list(map(str, command)),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
            env=os.environ | (env or {}),
        )
    # With its start time, so that a pid given to another process meanwhile is not taken for it.
    (folder / "pid").write_text(f"{process.pid} {started_at(process.pid)}")
    deadline = time.monotonic() + within_s
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            end(folder, signal.SIGKILL)
            tail = log.read_text(errors="replace")[-3000:]
            raise SystemExit(f"{command[0]} was not ready within {within_s} s:\n{tail}")
        time.sleep(0.02)
    return process.pid


def pid_of(folder: Path) -> int | None:
    """The pid of the process that `start` started there, if it still runs."""
    try:
        pid, began = (folder / "pid").read_text().split()
    except (OSError, ValueError):
        return None
    return int(pid) if started_at(int(pid)) == began else None


def started_at(pid: int) -> str:
    """When it began, in ticks since the machine did; empty when it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def end(folder: Path, how: int = signal.SIGTERM) -> None:
    """Returns when it has ended."""
    pid = pid_of(folder)
    if pid is None:
        return
    os.kill(pid, how)
    deadline = time.monotonic() + STOPPED_WITHIN_S
    while pid_of(folder):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            pass  # another process started it
        time.sleep(0.01)
    (folder / "pid").unlink()


def free_ports(count: int) -> list[int]:
    """Of 127.0.0.1, below those that the system gives to outgoing connections, so that they are free a moment later too."""
    probes: list[socket.socket] = []
    try:
        while len(probes) < count:
            probe = socket.socket()
            try:
                probe.bind(("127.0.0.1", secrets.choice(range(*GIVEN_TO_NOBODY))))
                probes.append(probe)
            except OSError:
                probe.close()
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
