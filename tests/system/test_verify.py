"""tools/verify, which judges a deployment from outside: against the real binary, and against one that is not well."""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from support import ROOT, SLOWNESS, free_port

# What a deployment could get wrong: the step that must fail, and how an answer is spoilt.
FAULTS = {
    "health": lambda path, status, body: (status, body.replace(b'"status":"healthy"', b'"status":"unhealthy"', 1)),
    "ready": lambda path, status, body: (503 if path == "/readyz" else status, body),
    "metrics": lambda path, status, body: (status, body.replace(b"rondo_recurrence_missing", b"x")),
    "refuses_strangers": lambda path, status, body: (200 if status == 401 else status, body),
    "next_occurrence": lambda path, status, body: (status, body.replace(b'"2026-02-09T09:00', b'"2026-02-10T09:00')),
    "refuses_nonsense": lambda path, status, body: (status, body.replace(b'"/due_date"', b'"/due"')),
}


def verify(*arguments):
    return subprocess.run(
        [sys.executable, ROOT / "tools/verify", *arguments], capture_output=True, text=True, timeout=60 * SLOWNESS
    )


def test_every_step_passes_against_a_server_that_is_well(server):
    ended = verify(server.url)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.splitlines()[-1] == "17 passed, 0 failed"
    assert server.rows("select count(*) from tasks where deleted_at is null") == [(0,)]


def test_json_tells_each_step(server):
    told = json.loads(verify(server.url, "--json").stdout)
    assert told["failed"] == 0 and told["passed"] == len(told["steps"]) == 17
    assert all(one["what"] and one["seconds"] >= 0 for one in told["steps"])


@pytest.mark.parametrize("step", FAULTS)
def test_what_is_wrong_fails_its_step_and_the_whole(server, step):
    with spoilt(server.url, FAULTS[step]) as url:
        ended = verify(url, "--json")
    assert ended.returncode == 1
    failed = [one["step"] for one in json.loads(ended.stdout)["steps"] if not one["passed"]]
    assert step in failed


def test_nobody_there_is_told_in_one_line():
    ended = verify(f"http://127.0.0.1:{free_port()}")
    assert ended.returncode == 69
    assert len(ended.stderr.splitlines()) == 1 and "Nobody answers" in ended.stderr


def test_an_address_that_is_none_is_refused():
    assert verify("localhost:8000").returncode == 2


class spoilt:
    """A proxy before the server that spoils answers."""

    def __init__(self, url, spoil):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                headers = {
                    k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "accept-encoding")
                }
                answer = httpx.request(self.command, url + self.path, content=body, headers=headers, trust_env=False)
                status, content = spoil(self.path, answer.status_code, answer.content)
                self.send_response(status)
                for name in ("Content-Type", "WWW-Authenticate"):
                    if name in answer.headers:
                        self.send_header(name, answer.headers[name])
                if status != 204:
                    self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PATCH = do_DELETE = pass_on

            def log_message(self, *_):
                pass

        self.proxy = ThreadingHTTPServer(("127.0.0.1", 0), Handler)

    def __enter__(self):
        threading.Thread(target=self.proxy.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.proxy.server_port}"

    def __exit__(self, *_):
        self.proxy.shutdown()
        self.proxy.server_close()
