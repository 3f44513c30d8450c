"""Requests in the forms that RFC 9110 and RFC 9112 ask a server to read: bytes, by name, and the status they get.

Those of CLOSES end their connection; all others leave it ready for the next request.
"""

from hostile_http import BODY, CHUNKED, CL, TE, get

EVENT = b"/api/events/task-completed"  # takes a body without a login
EMPTY_EVENT = b"2\r\n{}\r\n0\r\n\r\n"
JSON = b"Content-Type: application/json"
KEEP = b"Connection: keep-alive"


def request(line, *fields, body=b""):
    return b"\r\n".join([line, *fields, b"", body])


def event(version, *fields, body=b"{}", target=EVENT):
    return request(b"POST " + target + b" " + version, JSON, *fields, body=body)


HTTP_1_0 = {
    "1.0 kept": (request(b"GET /livez HTTP/1.0", KEEP), 200),
    "1.0 kept, with Host": (request(b"GET /livez HTTP/1.0", b"Host: a", KEEP), 200),
    "1.0 kept, in capitals": (request(b"GET /livez HTTP/1.0", b"CONNECTION: Keep-Alive"), 200),
    "1.0 kept, in a list": (request(b"GET /livez HTTP/1.0", b"Connection: x, keep-alive"), 200),
    "1.0 with a query": (request(b"GET /livez?a=b HTTP/1.0", KEEP), 200),
    "1.0 with a body": (event(b"HTTP/1.0", KEEP, CL + b"2"), 200),
    "1.0 with an expectation that it cannot have": (event(b"HTTP/1.0", KEEP, b"Expect: 100-continue", CL + b"2"), 200),
    "1.0 that says no length": (event(b"HTTP/1.0", KEEP, body=b""), 200),
    "1.0 for what is not there": (request(b"GET /nowhere HTTP/1.0", KEEP), 404),
    "1.0 without a login": (request(b"GET /api/tasks HTTP/1.0", KEEP), 401),
    "1.0 with the wrong method": (request(b"PUT /api/tasks HTTP/1.0", KEEP), 405),
    "1.0 OPTIONS": (request(b"OPTIONS /api/tasks HTTP/1.0", KEEP), 204),
}

CLOSES = {
    "1.0": (request(b"GET /livez HTTP/1.0"), 200),
    "1.0 with Host": (request(b"GET /livez HTTP/1.0", b"Host: a"), 200),
    "1.0 to be closed": (request(b"GET /livez HTTP/1.0", b"Connection: close"), 200),
    "1.0 to be kept and closed": (request(b"GET /livez HTTP/1.0", b"Connection: keep-alive, close"), 200),
    "1.0 to be closed and kept": (request(b"GET /livez HTTP/1.0", b"Connection: close", KEEP), 200),
    "1.0 with an option for a proxy": (request(b"GET /livez HTTP/1.0", b"Proxy-Connection: keep-alive"), 200),
    "1.0 with another option": (request(b"GET /livez HTTP/1.0", b"Connection: keep"), 200),
    "1.0 with a body, closed": (event(b"HTTP/1.0", CL + b"2"), 200),
    "1.0 HEAD": (request(b"HEAD /livez HTTP/1.0"), 200),
    "1.0 behind an empty line": (b"\r\n" + request(b"GET /livez HTTP/1.0"), 200),
    "1.0 in the absolute form": (request(b"GET http://a/livez HTTP/1.0"), 200),
    "1.1 closed": (get(b"GET /livez HTTP/1.1", b"Connection: close"), 200),
    "1.1 closed, in a list": (get(b"GET /livez HTTP/1.1", b"Connection: x, Close"), 200),
    "1.2 closed": (get(b"GET /livez HTTP/1.2", b"Connection: close"), 200),
}

VERSIONS = {f"1.{minor}": (get(f"GET /livez HTTP/1.{minor}".encode()), 200) for minor in range(1, 10)} | {
    "1.2 with a body": (event(b"HTTP/1.2", b"Host: a", CL + b"2"), 200),
    "1.5 with chunks": (event(b"HTTP/1.5", b"Host: a", TE + b"chunked", body=EMPTY_EVENT), 200),
    "1.9 kept by name": (get(b"GET /livez HTTP/1.9", KEEP), 200),
    "1.3 OPTIONS of the server": (get(b"OPTIONS * HTTP/1.3"), 204),
    "1.4 for what is not there": (get(b"GET /nowhere HTTP/1.4"), 404),
}

TARGETS = {
    "absolute": (get(b"GET http://a/livez HTTP/1.1"), 200),
    "absolute with https": (get(b"GET https://a/livez HTTP/1.1"), 200),
    "absolute in capitals": (get(b"GET HTTPS://A/livez HTTP/1.1"), 200),
    "absolute in mixed case": (get(b"GET hTTp://a/livez HTTP/1.1"), 200),
    "absolute with another host": (get(b"GET http://b.example/livez HTTP/1.1"), 200),
    "absolute with a port": (get(b"GET http://a:8000/livez HTTP/1.1"), 200),
    "absolute with an empty port": (get(b"GET http://a:/livez HTTP/1.1"), 200),
    "absolute with an address": (get(b"GET http://192.0.2.1/livez HTTP/1.1"), 200),
    "absolute with an address and a port": (get(b"GET http://192.0.2.1:80/livez HTTP/1.1"), 200),
    "absolute with an IPv6 address": (get(b"GET http://[2001:db8::1]/livez HTTP/1.1"), 200),
    "absolute with an IPv6 address and a port": (get(b"GET http://[::1]:8000/livez HTTP/1.1"), 200),
    "absolute with an underscore": (get(b"GET http://my_host/livez HTTP/1.1"), 200),
    "absolute with a dot at the end": (get(b"GET http://a.example./livez HTTP/1.1"), 200),
    "absolute with a query": (get(b"GET http://a/livez?x=http://b/ HTTP/1.1"), 200),
    "absolute without a path": (get(b"GET http://a HTTP/1.1"), 200),
    "absolute without a path, with a query": (get(b"GET http://a?x=1 HTTP/1.1"), 200),
    "absolute with a slash": (get(b"GET http://a/ HTTP/1.1"), 200),
    "absolute with two slashes": (get(b"GET http://a//livez HTTP/1.1"), 404),
    "absolute for what is not there": (get(b"GET http://a/nowhere HTTP/1.1"), 404),
    "absolute without a login": (get(b"GET http://a/api/tasks HTTP/1.1"), 401),
    "absolute with the wrong method": (get(b"PUT http://a/api/tasks HTTP/1.1"), 405),
    "absolute with a body": (event(b"HTTP/1.1", b"Host: a", CL + b"2", target=b"http://a" + EVENT), 200),
    "absolute with chunks": (
        event(b"HTTP/1.1", b"Host: a", TE + b"chunked", body=EMPTY_EVENT, target=b"http://a" + EVENT),
        200,
    ),
    "absolute OPTIONS": (get(b"OPTIONS http://a/api/tasks HTTP/1.1"), 204),
    "absolute OPTIONS of the server": (get(b"OPTIONS http://a HTTP/1.1"), 204),
    "absolute OPTIONS of the server at a port": (get(b"OPTIONS http://a:8001 HTTP/1.1"), 204),
    "asterisk": (get(b"OPTIONS * HTTP/1.1"), 204),
    "a path that looks absolute": (get(b"GET /http://a/livez HTTP/1.1"), 404),
    "two slashes": (get(b"GET //a/livez HTTP/1.1"), 404),
    "a question mark alone": (get(b"GET /livez? HTTP/1.1"), 200),
    "Host with a port": (get(host=b"Host: a.example:8000"), 200),
    "Host with an IPv6 address": (get(host=b"Host: [::1]:8000"), 200),
    "Host with a zone": (get(host=b"Host: [fe80::1%25eth0]:8000"), 200),
    "Host without a blank": (get(host=b"Host:a"), 200),
    "Host with blanks around it": (get(host=b"host:   a  "), 200),
    "an expectation without a body": (get(b"GET /livez HTTP/1.1", b"Expect: 100-continue"), 200),
    "an upgrade that is not taken": (get(b"GET /livez HTTP/1.1", b"Connection: Upgrade", b"Upgrade: h2c"), 200),
    "a length of none": (get(b"GET /livez HTTP/1.1", CL + b"0"), 200),
    "GET with a body": (get(b"GET /livez HTTP/1.1", CL + b"5") + BODY, 200),
    "GET with chunks": (get(b"GET /livez HTTP/1.1", TE + b"chunked") + CHUNKED, 200),
    "chunks with extensions": (
        event(b"HTTP/1.1", b"Host: a", TE + b"Chunked", body=b"0002;a=b\r\n{}\r\n000;c\r\n\r\n"),
        200,
    ),
}

EMPTY_LINES = {
    "an empty line": (b"\r\n" + get(), 200),
    "an empty line before 1.0": (b"\r\n" + request(b"GET /livez HTTP/1.0", KEEP), 200),
    "an empty line before 1.9": (b"\r\n" + get(b"GET /livez HTTP/1.9"), 200),
    "an empty line before the absolute form": (b"\r\n" + get(b"GET http://a/livez HTTP/1.1"), 200),
    "an empty line before a body": (b"\r\n" + event(b"HTTP/1.1", b"Host: a", CL + b"2"), 200),
    "an empty line before chunks": (b"\r\n" + event(b"HTTP/1.1", b"Host: a", TE + b"chunked", body=EMPTY_EVENT), 200),
    "an empty line before OPTIONS": (b"\r\n" + get(b"OPTIONS * HTTP/1.1"), 204),
}

STAYS = HTTP_1_0 | VERSIONS | TARGETS | EMPTY_LINES
