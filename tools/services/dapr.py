"""A Dapr sidecar, built with the two components that are needed here. As a service it is the program alone: each test
starts its own sidecars, beside its own server.

Needs Go 1.26 or newer the first time on a machine: 146 MB of modules, about four minutes of one core, 62 MB in the end.
"""

import http.client
import re
import signal
from pathlib import Path

from services import release, running
from services.cached_build import cached
from services.go_build import go_build

ROOT = Path(__file__).resolve().parents[2]
INPUTS = Path(__file__).resolve().parent / "daprd"
DEPLOYED = ROOT / "deploy" / "dapr"
APP_ID = "todo-backend"
STARTED_WITHIN_S = 60


def start(folder: Path) -> dict[str, str]:
    return {"RONDO_TEST_DAPRD": str(daprd())}


def stop(folder: Path) -> None:
    """The program alone leaves nothing running."""


def status(folder: Path) -> dict[str, str] | None:
    return start(folder)


def daprd() -> Path:
    modules = INPUTS / ("former.mod" if release.is_former() else "go.mod")

    def build(into: Path) -> None:
        version = re.search(r"github.com/dapr/dapr v(\S+)", modules.read_text())[1]
        names = ("github.com/dapr/dapr/pkg/buildinfo.version", "github.com/dapr/kit/logger.DaprVersion")
        go_build(modules, ".", into / "daprd", dict.fromkeys(names, version), "The sidecar is built with Go 1.26")

    return cached("daprd", [modules, modules.with_suffix(".sum"), INPUTS / "main.go"], build) / "daprd"


def write_resources(into: Path, broker: str, topic: str = "task-events", group: str = "todo-backend") -> Path:
    """The files of deploy/dapr, for this broker, topic and group."""
    into.mkdir(parents=True, exist_ok=True)
    for path in sorted(DEPLOYED.glob("*/*.yaml")):
        text = path.read_text().replace("127.0.0.1:9092", broker)
        text = re.sub(r"(topic|deadLetterTopic): task-events", rf"\1: {topic}", text)
        text = text.replace('value: "todo-backend"', f'value: "{group}"')
        (into / f"{path.parent.name}-{path.name}").write_text(text)
    return into


class Sidecar:
    """One daprd in `folder`, beside the app on `app_port`."""

    def __init__(self, folder: Path, resources: Path, app_port: int, env: dict | None = None, flags: tuple = ()):
        self.folder, self.resources, self.app_port = folder, resources, app_port
        self.env, self.flags = env or {}, flags
        self.port, self.grpc_port, self.internal_port, self.metrics_port = running.free_ports(4)

    def start(self) -> "Sidecar":
        command = [daprd(), "--app-id", APP_ID, "--app-port", self.app_port, "--resources-path", self.resources]
        command += ["--dapr-http-port", self.port, "--dapr-grpc-port", self.grpc_port]
        command += ["--dapr-internal-grpc-port", self.internal_port, "--metrics-port", self.metrics_port]
        for option in ("dapr-listen-addresses", "dapr-internal-grpc-listen-address", "metrics-listen-address"):
            command += [f"--{option}", "127.0.0.1"]
        running.start(self.folder, [*command, *self.flags], self.ready, STARTED_WITHIN_S, self.env)
        return self

    def ready(self) -> bool:
        """Whether it takes publishes; what it delivers waits for the app."""
        return self.get("/v1.0/healthz/outbound") == 204

    def get(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def stop(self) -> None:
        running.end(self.folder)

    def kill(self) -> None:
        running.end(self.folder, signal.SIGKILL)

    def output(self) -> str:
        return (self.folder / "log").read_text(errors="replace")
