"""nginx in front of a server, as many put it there: it compresses what the server answers, and by that makes its strong
entity tags weak (RFC 9110, section 8.8.3.3), keeps a request until it is whole and an answer until it has ended.

Stands before RONDO_TEST_UPSTREAM (http://127.0.0.1:PORT), which need not run yet. RONDO_TEST_NGINX is where it listens;
a start after a stop finds that port again.
"""

import contextlib
import os
import shutil
import socket
from pathlib import Path

from services import running

STARTED_WITHIN_S = 30
UPSTREAM = "RONDO_TEST_UPSTREAM"

# Everything that nginx writes lies below the folder. One process: it ends with the one that is asked to.
SETTINGS = """
daemon off;
master_process off;
pid @FOLDER@/nginx.pid;
error_log stderr warn;
events {}
http {
    access_log off;
    client_body_temp_path @FOLDER@/bodies;
    proxy_temp_path @FOLDER@/answers;
    fastcgi_temp_path @FOLDER@/unused;
    scgi_temp_path @FOLDER@/unused;
    uwsgi_temp_path @FOLDER@/unused;
    gzip on;
    gzip_proxied any;
    gzip_types application/json application/problem+json;
    gzip_min_length 0;
    server {
        listen 127.0.0.1:@PORT@;
        location / {
            proxy_pass @UPSTREAM@;
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Connection "";
        }
    }
}
"""


def start(folder: Path) -> dict[str, str]:
    if found := status(folder):
        return found
    upstream = os.environ.get(UPSTREAM)
    if not upstream:
        raise SystemExit(f"nginx stands before a server: {UPSTREAM}=http://127.0.0.1:PORT says which")
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "port"
    if not kept.exists():
        kept.write_text(str(running.free_ports(1)[0]))
    port = int(kept.read_text())
    settings = folder / "nginx.conf"
    text = SETTINGS.replace("@FOLDER@", str(folder)).replace("@PORT@", str(port))
    settings.write_text(text.replace("@UPSTREAM@", upstream))

    def ready() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
        return False

    running.start(folder, [program(), "-p", folder, "-c", settings], ready, STARTED_WITHIN_S)
    return environment(folder)


def stop(folder: Path) -> None:
    running.end(folder)


def status(folder: Path) -> dict[str, str] | None:
    return environment(folder) if running.pid_of(folder) else None


def environment(folder: Path) -> dict[str, str]:
    return {"RONDO_TEST_NGINX": f"http://127.0.0.1:{(folder / 'port').read_text()}"}


def program() -> str:
    """Debian keeps it out of the PATH of those who are not root."""
    found = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin")
    if not found:
        raise SystemExit("nginx is not installed: apt-get install nginx-light")
    return found
