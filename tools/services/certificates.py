"""A certificate for a service on loopback, and the authority that signed it, made by openssl within 50 ms."""

import secrets
import shutil
import subprocess
from pathlib import Path

NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "3650"]
LOOPBACK = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]


def make_certificate(folder: Path) -> None:
    """Leaves ca.pem there for clients, and for the server both its key and its certificate in server.pem."""
    program = shutil.which("openssl")
    if not program:
        raise SystemExit("A certificate needs openssl: apt-get install openssl")
    folder.mkdir(parents=True, exist_ok=True)
    authority, authority_key = folder / "ca.pem", folder / "ca.key"
    certificate, key = folder / "server.crt", folder / "server.key"

    def make(*arguments) -> None:
        command = [program, "req", "-x509", *NEW_KEY, *map(str, arguments)]
        made = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if made.returncode != 0:
            raise SystemExit(f"openssl could not make a certificate:\n{made.stderr[-2000:]}")

    make("-subj", f"/CN=test authority {secrets.token_hex(4)}", "-keyout", authority_key, "-out", authority)
    signed = ["-CA", authority, "-CAkey", authority_key, "-addext", "basicConstraints=critical,CA:FALSE"]
    make(*signed, *LOOPBACK, "-keyout", key, "-out", certificate)
    both = folder / "server.pem"
    both.touch(mode=0o600)
    both.write_text(key.read_text() + certificate.read_text())
