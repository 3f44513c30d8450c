"""Apache Kafka, one broker in KRaft mode on free loopback ports; a start after a stop finds its ports and data again.

RONDO_TEST_KAFKA is where everybody is let in, without encryption. RONDO_TEST_KAFKA_TLS is SASL_SSL: the certificate is
signed by the authority in the file RONDO_TEST_KAFKA_CA, and RONDO_TEST_KAFKA_USER with RONDO_TEST_KAFKA_PASSWORD may
log in, by PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512. Certificate and password are made at the first start.

Needs Java 17 or newer, openssl and, the first time on a machine, Maven, which brings the broker's 44 MB of jars. Ready in about
5 s, 160 to 220 MB of memory.
"""

import secrets
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from services import release, running
from services.cached_build import cached
from services.certificates import make_certificate

INPUTS = Path(__file__).resolve().parent / "kafka"
USER = "rondo"
SCRAM = ["SCRAM-SHA-256", "SCRAM-SHA-512"]
STARTED_WITHIN_S = 180
JVM = ["-Xms64m", "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]


def start(folder: Path) -> dict[str, str]:
    if found := status(folder):
        return found
    folder.mkdir(parents=True, exist_ok=True)
    ports, secret = folder / "ports", folder / "password"
    if not secret.exists():
        make_certificate(folder)
        ports.write_text(" ".join(map(str, running.free_ports(3))))
        private(secret, secrets.token_hex(16))
    broker_port, controller_port, tls_port = ports.read_text().split()
    password = secret.read_text()
    data = folder / "data"
    settings = folder / "server.properties"
    text = (INPUTS / "server.properties").read_text()
    for name, value in {
        "@DATA@": str(data),
        "@PORT@": broker_port,
        "@CONTROLLER_PORT@": controller_port,
        "@TLS_PORT@": tls_port,
        "@KEYSTORE@": str(folder / "server.pem"),
        "@USER@": USER,
        "@PASSWORD@": password,
    }.items():
        text = text.replace(name, value)
    private(settings, text)
    if not (data / "meta.properties").exists():
        cluster = tool("kafka.tools.StorageTool", "random-uuid").strip().split("\n")[-1]
        users = [f"{mechanism}=[name={USER},password={password}]" for mechanism in SCRAM]
        with_users = [word for user in users for word in ("--add-scram", user)]
        tool("kafka.tools.StorageTool", "format", "-c", str(settings), "-t", cluster, *with_users)
    log = folder / "log"
    before = log.stat().st_size if log.exists() else 0

    def ready() -> bool:
        with log.open("rb") as written:
            written.seek(before)
            return b"Kafka Server started" in written.read()

    running.start(folder, java("kafka.Kafka", str(settings)), ready, STARTED_WITHIN_S)
    return environment(folder)


def stop(folder: Path) -> None:
    running.end(folder)


def kill(folder: Path) -> None:
    running.end(folder, signal.SIGKILL)


def status(folder: Path) -> dict[str, str] | None:
    return environment(folder) if running.pid_of(folder) else None


def environment(folder: Path) -> dict[str, str]:
    port, _, tls_port = (folder / "ports").read_text().split()
    return {
        "RONDO_TEST_KAFKA": f"127.0.0.1:{port}",
        "RONDO_TEST_KAFKA_DIR": str(folder.parent),
        "RONDO_TEST_KAFKA_TLS": f"127.0.0.1:{tls_port}",
        "RONDO_TEST_KAFKA_CA": str(folder / "ca.pem"),
        "RONDO_TEST_KAFKA_USER": USER,
        "RONDO_TEST_KAFKA_PASSWORD": (folder / "password").read_text(),
    }


def private(file: Path, text: str) -> None:
    file.touch(mode=0o600)
    file.write_text(text)


def java(*arguments: str) -> list[str]:
    program = shutil.which("java")
    if not program:
        raise SystemExit("Kafka needs Java 17 or newer: tools/install-packages test")
    return [program, *JVM, "-Dorg.slf4j.simpleLogger.showDateTime=true", "-cp", f"{jars()}/*", *arguments]


def tool(*arguments: str) -> str:
    made = subprocess.run(java(*arguments), capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if made.returncode != 0:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{made.stdout[-1000:]}{made.stderr[-2000:]}")
    return made.stdout


def jars() -> Path:
    project = INPUTS / ("former.xml" if release.is_former() else "pom.xml")

    def build(into: Path) -> None:
        maven = shutil.which("mvn")
        if not maven:
            raise SystemExit("Kafka's jars are brought by Maven: apt-get install maven")
        command = [maven, "-q", "-B", "-ntp", "-f", project, "dependency:copy-dependencies"]
        subprocess.run(
            [*command, "-DincludeScope=runtime", f"-DoutputDirectory={into}"],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
        )

    return cached("kafka", [project], build)
