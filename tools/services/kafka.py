"""Apache Kafka, one broker in KRaft mode on free loopback ports; a start after a stop finds its ports and data again.

Needs Java 17 and, the first time on a machine, Maven, which brings the broker's 44 MB of jars. Ready in about 5 s, 160 to
220 MB of memory.
"""

import shutil
import signal
import subprocess
import sys
from pathlib import Path

from services import running
from services.cached_build import cached

INPUTS = Path(__file__).resolve().parent / "kafka"
STARTED_WITHIN_S = 180
JVM = ["-Xms64m", "-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]


def start(folder: Path) -> dict[str, str]:
    if found := status(folder):
        return found
    folder.mkdir(parents=True, exist_ok=True)
    ports = folder / "ports"
    if not ports.exists():
        ports.write_text(" ".join(map(str, running.free_ports(2))))
    broker_port, controller_port = ports.read_text().split()
    data = folder / "data"
    settings = folder / "server.properties"
    text = (INPUTS / "server.properties").read_text()
    for name, value in {"@DATA@": str(data), "@PORT@": broker_port, "@CONTROLLER_PORT@": controller_port}.items():
        text = text.replace(name, value)
    settings.write_text(text)
    if not (data / "meta.properties").exists():
        cluster = tool("kafka.tools.StorageTool", "random-uuid").strip().split("\n")[-1]
        tool("kafka.tools.StorageTool", "format", "-c", str(settings), "-t", cluster)
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
    port = (folder / "ports").read_text().split()[0]
    return {"RONDO_TEST_KAFKA": f"127.0.0.1:{port}", "RONDO_TEST_KAFKA_DIR": str(folder.parent)}


def java(*arguments: str) -> list[str]:
    program = shutil.which("java")
    if not program:
        raise SystemExit("Kafka needs Java 17: apt-get install openjdk-17-jre-headless")
    return [program, *JVM, "-Dorg.slf4j.simpleLogger.showDateTime=true", "-cp", f"{jars()}/*", *arguments]


def tool(*arguments: str) -> str:
    made = subprocess.run(java(*arguments), capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if made.returncode != 0:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{made.stdout[-1000:]}{made.stderr[-2000:]}")
    return made.stdout


def jars() -> Path:
    def build(into: Path) -> None:
        maven = shutil.which("mvn")
        if not maven:
            raise SystemExit("Kafka's jars are brought by Maven: apt-get install maven")
        command = [maven, "-q", "-B", "-ntp", "-f", INPUTS / "pom.xml", "dependency:copy-dependencies"]
        subprocess.run(
            [*command, "-DincludeScope=runtime", f"-DoutputDirectory={into}"],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr,
        )

    return cached("kafka", [INPUTS / "pom.xml"], build)
