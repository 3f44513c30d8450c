"""Requests in every form of HTTP/1.x that a server is to read, and programs that send them."""

import http.client
import shutil
import socket
import subprocess

import pytest
from hostile_http import get
from http_forms import CLOSES, STAYS

LAST = get(b"GET /livez HTTP/1.1", b"X-Request-ID: last", b"Connection: close")


def answers(received):
    """Status and headers of each answer, in order; all of them say how long they are."""
    found = []
    while received:
        assert received.startswith(b"HTTP/1.1 "), received[:200]
        head, _, rest = received.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        found.append((int(lines[0].split()[1]), headers))
        received = rest[int(headers.get("content-length", 0)) :]
    return found


def dribbled(server, data):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in data:
            connection.sendall(bytes([byte]))
        received = b""
        while chunk := connection.recv(65536):
            received += chunk
    return received


@pytest.mark.parametrize("name", STAYS)
def test_a_form_is_read_and_the_next_request_behind_it(server, name):
    data, status = STAYS[name]
    for received in (server.raw(data * 3 + LAST)[0], dribbled(server, data * 3 + LAST)):
        got = answers(received)
        assert [one for one, _ in got] == [status] * 3 + [200], received[:1000]
        assert got[-1][1]["x-request-id"] == "last"
        for _, headers in got[:-1]:
            assert headers.get("connection") == ("keep-alive" if b" HTTP/1.0\r\n" in data else None)
            assert "transfer-encoding" not in headers


@pytest.mark.parametrize("name", CLOSES)
def test_a_form_is_read_and_ends_its_connection(server, name):
    data, status = CLOSES[name]
    for sent in (data, LAST.replace(b"Connection: close\r\n", b"") + data + get(b"GET /smuggled HTTP/1.1")):
        received, closed = server.raw(sent)
        if data.startswith(b"HEAD"):
            received = received[: received.index(b"\r\n\r\n", received.rindex(b"HTTP/1.1 ")) + 4]
        statuses = [int(part[:3]) for part in received.split(b"HTTP/1.1 ")[1:]]
        assert closed and statuses == [200] * (len(statuses) - 1) + [status], received[:1000]
        assert len(statuses) == (1 if sent == data else 2)
        assert b"\r\nConnection: close\r\n" in received[received.rindex(b"HTTP/1.1 ") :]


def test_the_absolute_form_is_the_same_request_to_everything_behind_it(server, user):
    """Routes, links, CORS, repeated calls: nothing sees which form was sent."""
    for title in "abc":
        user.create(title)
    page = (
        b"GET http://elsewhere.example:1/api/tasks?limit=1 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        b"Origin: http://localhost:3000\r\nAuthorization: Bearer " + user.access_token.encode() + b"\r\n\r\n"
    )
    [(status, headers)] = answers(server.raw(page)[0])
    assert status == 200 and headers["link"].startswith("</api/tasks?limit=1&cursor=")
    assert headers["access-control-allow-origin"] == "http://localhost:3000"

    made = []
    for target in (b"/api/tasks", b"http://a/api/tasks", b"https://b:443/api/tasks"):
        [(status, headers)] = answers(
            server.raw(
                b"POST " + target + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\nIdempotency-Key: once\r\n"
                b"Authorization: Bearer " + user.access_token.encode() + b"\r\nContent-Type: application/json\r\n"
                b'Content-Length: 13\r\n\r\n{"title":"x"}'
            )[0]
        )
        assert status == 201
        made.append(headers["location"])
    assert len(set(made)) == 1 and made[0].startswith("/api/tasks/")


def test_a_stream_to_http_1_0_ends_with_its_connection(server, user):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(
            b"GET /api/events/stream HTTP/1.0\r\nConnection: keep-alive\r\nAuthorization: Bearer "
            + user.access_token.encode()
            + b"\r\n\r\n"
        )
        received = b""
        while b"\r\n\r\n" not in received:
            received += connection.recv(4096)
        assert b" 200 OK\r\n" in received and b"\r\nConnection: close\r\n" in received
        assert b"Transfer-Encoding" not in received
        user.create("seen")
        while b"task.created" not in received:
            chunk = connection.recv(4096)
            assert chunk, received
            received += chunk


def test_http_1_0_is_not_told_to_continue(server):
    received, closed = server.raw(
        b"POST /api/events/task-completed HTTP/1.0\r\nExpect: 100-continue\r\nContent-Type: application/json\r\n"
        b"Content-Length: 2\r\n\r\n{}"
    )
    assert closed and received.startswith(b"HTTP/1.1 200 OK\r\n")


def test_an_empty_line_behind_a_body_is_no_request(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        for _ in range(5):
            connection.sendall(
                b"POST /api/events/task-completed HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                b"Content-Length: 2\r\n\r\n{}\r\n"
            )
            received = connection.recv(4096)
            assert received.startswith(b"HTTP/1.1 200 OK\r\n") and received.count(b"HTTP/1.1 ") == 1


class TestPrograms:
    def curl(self, *arguments):
        return subprocess.run(
            [shutil.which("curl"), "-q", "--silent", "--show-error", "--max-time", "20", "--noproxy", "", *arguments],
            capture_output=True,
            text=True,
            check=True,
            env={"PATH": "/usr/bin:/bin"},
        ).stdout

    def test_curl_over_http_1_0(self, server):
        assert self.curl("--http1.0", "--write-out", "%{http_code}", "--output", "/dev/null", server.url) == "200"

    def test_curl_that_takes_the_server_for_a_proxy(self, server):
        """Then it sends the absolute form."""
        for url in ("http://rondo.example/livez", "http://rondo.example:81/livez?x=y", "http://[2001:db8::1]/livez"):
            told = self.curl("--proxy", server.url, "--write-out", "%{http_code}", "--output", "/dev/null", url)
            assert told == "200", url

    def test_curl_that_says_its_target_itself(self, server):
        code = ("--write-out", "%{http_code}", "--output", "/dev/null")
        assert self.curl("--request-target", "http://a.example/livez", *code, server.url) == "200"
        assert self.curl("--request", "OPTIONS", "--request-target", "*", *code, server.url) == "204"
        assert self.curl("--request", "OPTIONS", "--request-target", "http://a", *code, server.url) == "204"

    def test_curl_that_offers_http_2(self, server):
        told = self.curl("--http2", "--write-out", "%{http_version} %{http_code}", "--output", "/dev/null", server.url)
        assert told == "1.1 200"

    def test_python_over_http_1_0(self, server):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        connection._http_vsn, connection._http_vsn_str = 10, "HTTP/1.0"
        for kept in (True, True, False):
            connection.putrequest("GET", "/livez", skip_host=True)
            if kept:
                connection.putheader("Connection", "keep-alive")
            connection.endheaders()
            answer = connection.getresponse()
            assert answer.status == 200 and answer.read() and answer.will_close != kept
