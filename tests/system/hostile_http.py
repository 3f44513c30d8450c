"""Requests that are not HTTP as it should be: bytes to send, by name, and what the server may answer.

Each is sent with a second request behind it. A refused request ends its connection, so that nothing of it can be taken
for that second one.
"""

LINE = b"\r\n"
BODY = b"hello"
CHUNKED = b"5\r\nhello\r\n0\r\n\r\n"


def post(*lines, body=b"", host=b"Host: a"):
    """`POST /api/tasks` with these header lines, as bytes."""
    head = [b"POST /api/tasks HTTP/1.1"] + ([host] if host else []) + [*lines]
    return LINE.join(head) + LINE * 2 + body


def get(line=b"GET /livez HTTP/1.1", *lines, host=b"Host: a"):
    return LINE.join([line] + ([host] if host else []) + [*lines]) + LINE * 2


TE, CL = b"Transfer-Encoding: ", b"Content-Length: "

# What a lenient parser takes: every one is a way to smuggle or to confuse.
FRAMING = {
    "gzip with a length": post(TE + b"gzip", CL + b"5", body=BODY),
    "length with gzip": post(CL + b"5", TE + b"gzip", body=BODY),
    "HTTP/1.0 chunked": post(TE + b"chunked", body=CHUNKED).replace(b"HTTP/1.1", b"HTTP/1.0"),
    "gzip alone": post(TE + b"gzip", body=CHUNKED),
    "identity": post(TE + b"identity", body=BODY),
    "chunked, identity": post(TE + b"chunked, identity", body=CHUNKED),
    "identity, chunked": post(TE + b"identity, chunked", body=CHUNKED),
    "gzip, chunked": post(TE + b"gzip, chunked", body=CHUNKED),
    "chunked, chunked": post(TE + b"chunked, chunked", body=CHUNKED),
    "xchunked": post(TE + b"xchunked", body=CHUNKED),
    "chunkedx": post(TE + b"chunkedx", body=CHUNKED),
    "quoted chunked": post(TE + b'"chunked"', body=CHUNKED),
    "chunked with a parameter": post(TE + b"chunked;q=1", body=CHUNKED),
    "empty transfer encoding": post(b"Transfer-Encoding:", body=CHUNKED),
    "chunked and a length": post(TE + b"chunked", CL + b"5", body=CHUNKED),
    "a length and chunked": post(CL + b"5", TE + b"chunked", body=CHUNKED),
    "chunked twice": post(TE + b"chunked", TE + b"chunked", body=CHUNKED),
    "chunked then identity": post(TE + b"chunked", TE + b"identity", body=CHUNKED),
    "vertical tab before chunked": post(TE + b"\x0bchunked", body=CHUNKED),
    "form feed before chunked": post(TE + b"\x0cchunked", body=CHUNKED),
    "NUL in chunked": post(TE + b"chun\x00ked", body=CHUNKED),
    "folded chunked": post(b"Transfer-Encoding:" + LINE + b" chunked", body=CHUNKED),
    "space before the colon of transfer encoding": post(b"Transfer-Encoding : chunked", body=CHUNKED),
    "tab before the colon of transfer encoding": post(b"Transfer-Encoding\t: chunked", body=CHUNKED),
    "length twice": post(CL + b"5", CL + b"5", body=BODY),
    "two lengths": post(CL + b"5", CL + b"6", body=BODY),
    "length list": post(CL + b"5, 5", body=BODY),
    "length list of two": post(CL + b"5, 6", body=BODY),
    "signed length": post(CL + b"+5", body=BODY),
    "negative length": post(CL + b"-1", body=BODY),
    "minus zero length": post(CL + b"-0"),
    "hexadecimal length": post(CL + b"0x5", body=BODY),
    "octal looking length": post(CL + b"5_0", body=BODY),
    "fraction length": post(CL + b"5.0", body=BODY),
    "exponent length": post(CL + b"5e0", body=BODY),
    "empty length": post(b"Content-Length:"),
    "length of twenty digits": post(CL + b"9" * 20, body=BODY),
    "length of 2^64": post(CL + b"18446744073709551616", body=BODY),
    "length with a word": post(CL + b"5 bytes", body=BODY),
    "spaced length": post(b"Content-Length : 5", body=BODY),
    "full-width digit length": post(CL + "５".encode(), body=BODY),
    "trailer with a field": post(TE + b"chunked", body=b"5\r\nhello\r\n0\r\nAuthorization: x\r\n\r\n"),
    "trailer with a length": post(TE + b"chunked", body=b"5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n"),
    "trailer with an encoding": post(TE + b"chunked", body=b"5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n"),
    "chunk size 0x5": post(TE + b"chunked", body=b"0x5\r\nhello\r\n0\r\n\r\n"),
    "chunk size +5": post(TE + b"chunked", body=b"+5\r\nhello\r\n0\r\n\r\n"),
    "chunk size -5": post(TE + b"chunked", body=b"-5\r\nhello\r\n0\r\n\r\n"),
    "chunk size of 17 digits": post(TE + b"chunked", body=b"00000000000000005\r\nhello\r\n0\r\n\r\n"),
    "chunk size beyond 64 bits": post(TE + b"chunked", body=b"fffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
    "chunk size with a trailing space": post(TE + b"chunked", body=b"5 \r\nhello\r\n0\r\n\r\n"),
    "chunk size with a leading space": post(TE + b"chunked", body=b" 5\r\nhello\r\n0\r\n\r\n"),
    "chunk size of no digit": post(TE + b"chunked", body=b"\r\nhello\r\n0\r\n\r\n"),
    "chunk size of a letter g": post(TE + b"chunked", body=b"g\r\nhello\r\n0\r\n\r\n"),
    "chunk line ended by LF": post(TE + b"chunked", body=b"5\nhello\r\n0\r\n\r\n"),
    "chunk line ended by CR": post(TE + b"chunked", body=b"5\rhello\r\n0\r\n\r\n"),
    "chunk data ended by LF": post(TE + b"chunked", body=b"5\r\nhello\n0\r\n\r\n"),
    "chunk data without an end": post(TE + b"chunked", body=b"5\r\nhello0\r\n\r\n"),
    "chunk data too long": post(TE + b"chunked", body=b"5\r\nhello!\r\n0\r\n\r\n"),
    "LF in a chunk extension": post(TE + b"chunked", body=b"5;a\nb\r\nhello\r\n0\r\n\r\n"),
    "CR in a chunk extension": post(TE + b"chunked", body=b"5;a\rb\r\nhello\r\n0\r\n\r\n"),
    "NUL in a chunk extension": post(TE + b"chunked", body=b"5;a\x00b\r\nhello\r\n0\r\n\r\n"),
}

SYNTAX = {
    "folded field": get(b"GET /livez HTTP/1.1", b"X: 1", b" folded"),
    "field folded by a tab": get(b"GET /livez HTTP/1.1", b"X: 1", b"\tfolded"),
    "first field indented": b"GET /livez HTTP/1.1\r\n Host: a\r\n\r\n",
    "space before a colon": get(b"GET /livez HTTP/1.1", b"X : 1"),
    "no colon": get(b"GET /livez HTTP/1.1", b"X"),
    "empty field name": get(b"GET /livez HTTP/1.1", b": 1"),
    "0x80 in a field name": get(b"GET /livez HTTP/1.1", b"X\x80: 1"),
    "parenthesis in a field name": get(b"GET /livez HTTP/1.1", b"X(): 1"),
    "space in a field name": get(b"GET /livez HTTP/1.1", b"X Y: 1"),
    "NUL in a value": get(b"GET /livez HTTP/1.1", b"X: a\x00b"),
    "bare CR in a value": get(b"GET /livez HTTP/1.1", b"X: a\rb"),
    "bare LF between fields": b"GET /livez HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n",
    "bare LF after the request line": b"GET /livez HTTP/1.1\nHost: a\r\n\r\n",
    "bare LF everywhere": b"GET /livez HTTP/1.1\nHost: a\n\n",
    "bell in a value": get(b"GET /livez HTTP/1.1", b"X: a\x07b"),
    "DEL in a value": get(b"GET /livez HTTP/1.1", b"X: a\x7fb"),
    "no Host": get(host=None),
    "two Hosts": get(b"GET /livez HTTP/1.1", b"Host: b"),
    "the same Host twice": get(b"GET /livez HTTP/1.1", b"Host: a"),
    "Host with a path": get(host=b"Host: a/b"),
    "Host with a user": get(host=b"Host: u@a"),
    "Host with a space": get(host=b"Host: a b"),
    "Host list": get(host=b"Host: a, b"),
    "tabs in the request line": get(b"GET\t/livez\tHTTP/1.1"),
    "two spaces after the method": get(b"GET  /livez HTTP/1.1"),
    "two spaces before the version": get(b"GET /livez  HTTP/1.1"),
    "space after the version": get(b"GET /livez HTTP/1.1 "),
    "space before the method": get(b" GET /livez HTTP/1.1"),
    "space in the target": get(b"GET /li vez HTTP/1.1"),
    "no version": get(b"GET /livez"),
    "HTTP/1.9": get(b"GET /livez HTTP/1.9"),
    "HTTP/2.0": get(b"GET /livez HTTP/2.0"),
    "HTTP/0.9": get(b"GET /livez HTTP/0.9"),
    "http/1.1": get(b"GET /livez http/1.1"),
    "HTTP/1.10": get(b"GET /livez HTTP/1.10"),
    "HTTP/01.1": get(b"GET /livez HTTP/01.1"),
    "HTTQ/1.1": get(b"GET /livez HTTQ/1.1"),
    "0xff in the target": get(b"GET /\xff HTTP/1.1"),
    "NUL in the target": get(b"GET /\x00 HTTP/1.1"),
    "DEL in the target": get(b"GET /\x7f HTTP/1.1"),
    "absolute form": get(b"GET http://evil/livez HTTP/1.1"),
    "authority form": get(b"GET evil:80 HTTP/1.1"),
    "asterisk with GET": get(b"GET * HTTP/1.1"),
    "fragment in the target": get(b"GET /livez#x HTTP/1.1"),
    "target without a slash": get(b"GET livez HTTP/1.1"),
    "TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
    "HTTP/2 preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00\x00\x00\x04\x00\x00\x00\x00\x00",
    "SSH hello": b"SSH-2.0-OpenSSH_9.2\r\n",
    "noise": bytes((i * 73 + 41) % 256 for i in range(2048)) + b"\r\n\r\n",
    "NULs": b"\x00" * 512 + b"\r\n\r\n",
    "a colon": b":\r\n\r\n",
    "leading empty line": b"\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n",
}

TOO_MUCH = {
    "10,000 fields": (get(b"GET /livez HTTP/1.1", *[b"X%d: 1" % i for i in range(10_000)]), {431}),
    "65 fields": (get(b"GET /livez HTTP/1.1", *[b"X%d: 1" % i for i in range(65)]), {431}),
    "a value of 1 MB": (get(b"GET /livez HTTP/1.1", b"X: " + b"a" * 1_000_000), {431}),
    "a name of 100 KB": (get(b"GET /livez HTTP/1.1", b"X" * 100_000 + b": a"), {431}),
    "a flood of cookies": (
        get(b"GET /livez HTTP/1.1", *[b"Cookie: a%d=%s" % (i, b"b" * 300) for i in range(60)]),
        {431},
    ),
    "a target of 100 KB": (get(b"GET /" + b"a" * 100_000 + b" HTTP/1.1"), {414, 431}),
    "a query of 100 KB": (get(b"GET /api/tasks?q=" + b"a" * 100_000 + b" HTTP/1.1"), {414, 431}),
    "a method of 100 KB": (get(b"G" * 100_000 + b" /livez HTTP/1.1"), {400, 414, 431, 501}),
    "a body over the limit by its length": (
        post(CL + b"1048577", b"Content-Type: application/json", body=b"a" * 1000),
        {413},
    ),
    "a body of a terabyte by its length": (post(CL + b"1099511627776", b"Content-Type: application/json"), {413}),
    "a body over the limit by chunks": (
        post(
            TE + b"chunked",
            b"Content-Type: application/json",
            body=(b"10000\r\n" + b"a" * 65536 + b"\r\n") * 17 + b"0\r\n\r\n",
        ),
        {413},
    ),
    "one chunk over the limit": (
        post(TE + b"chunked", b"Content-Type: application/json", body=b"7fffffff\r\n" + b"a" * 1000),
        {413},
    ),
    "an unknown expectation": (post(b"Expect: 200-ok", CL + b"5", body=BODY), {417}),
    "a gzip bomb": (post(b"Content-Encoding: gzip", b"Content-Type: application/json", CL + b"5", body=BODY), {415}),
    "deflate": (post(b"Content-Encoding: deflate", b"Content-Type: application/json", CL + b"5", body=BODY), {415}),
}

# Methods: known ones that the path does not take, and unknown ones. None may have an effect.
METHODS = {
    method: (get(f"{method} /api/tasks HTTP/1.1".encode()), statuses)
    for method, statuses in {
        "TRACE": {405, 501},
        "CONNECT": {400, 405, 501},
        "DELETE": {405},
        "PUT": {405},
        "PATCH": {405},
        "TRACK": {501},
        "PROPFIND": {501},
        "get": {405, 501},
        "Get": {405, 501},
        "GETX": {501},
        "M-SEARCH": {501},
        "QUERY": {405, 501},
        "DEBUG": {501},
        "G\x00T": {400},
        "G@T": {400, 501},
        "PRI": {400, 501},
    }.items()
}

# Paths that try to reach another place than they name. Sent without a login: what is found is only told by its status.
PATHS = {
    path: (get(f"GET {path} HTTP/1.1".encode()), {400, 404})
    for path in (
        "/../etc/passwd",
        "/%2e%2e/etc/passwd",
        "/%2E%2E%2Fetc%2Fpasswd",
        "/..%2fetc/passwd",
        "/..%5cetc",
        "/..\\etc",
        "/%00",
        "/livez%00",
        "/livez%00.html",
        "/%252e%252e/etc",
        "/./livez",
        "/livez/.",
        "/livez/..",
        "/api/../livez",
        "/api/%2e%2e/livez",
        "//livez",
        "/livez/",
        "/api//tasks",
        "/api/tasks/",
        "/api%2ftasks",
        "/api%2Ftasks",
        "/api%5ctasks",
        "/%",
        "/%2",
        "/%zz",
        "/%c0%ae",
        "/%ff",
        "/.env",
        "/.git/config",
        "/LIVEZ",
        "/Api/Tasks",
        "/livez;a=b",
        "/docs/../../etc/passwd",
        "/docs/page.html",
        "/openapi.json%00",
        "/%e0%80%af",
        "/api/tasks%0d%0aSet-Cookie:x",
        "/index.php",
        "/actuator",
        "/debug/pprof",
    )
}
