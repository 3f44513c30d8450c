"""The control plane of Kubernetes without a node: etcd, kube-apiserver and kube-controller-manager on free loopback
ports, and kubectl. Objects are judged, admitted and acted upon; pods are made and never run. A start after a stop finds
its ports and objects again.

Needs openssl, and Go 1.26 or newer the first time on a machine: 100 MB of modules, about a quarter of an hour of one
core, 290 MB in the end. Ready in about 5 s, 560 MB of memory.
"""

import http.client
import re
import secrets
import shutil
import ssl
import subprocess
import sys
from pathlib import Path

from services import running
from services.cached_build import cached
from services.go_build import go_build

INPUTS = Path(__file__).resolve().parent / "kubernetes"
PROGRAMS = {
    "etcd": "go.etcd.io/etcd/server/v3",
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
    "kubectl": "k8s.io/kubernetes/cmd/kubectl",
}
STARTED_WITHIN_S = 120
# In the order in which they are started.
PARTS = ["etcd", "kube-apiserver", "kube-controller-manager"]

KUBECONFIG = """apiVersion: v1
kind: Config
current-context: tests
contexts: [{name: tests, context: {cluster: tests, user: admin}}]
clusters:
  - name: tests
    cluster: {server: "https://127.0.0.1:@PORT@", certificate-authority: @CERTIFICATE@}
users: [{name: admin, user: {token: @TOKEN@}}]
"""


def start(folder: Path) -> dict[str, str]:
    if found := status(folder):
        return found
    stop(folder)  # what is left when one of them has ended
    built = programs()
    folder.mkdir(parents=True, exist_ok=True)
    etcd_port, peer_port, port = prepare(folder)
    start_etcd(folder, built, etcd_port, peer_port)
    start_apiserver(folder, built, etcd_port, port)
    start_controllers(folder, built, port)
    return environment(folder)


def stop(folder: Path) -> None:
    for part in reversed(PARTS):
        running.end(folder / part)


def status(folder: Path) -> dict[str, str] | None:
    return environment(folder) if all(running.pid_of(folder / part) for part in PARTS) else None


def environment(folder: Path) -> dict[str, str]:
    return {"RONDO_TEST_KUBECONFIG": str(folder / "kubeconfig"), "RONDO_TEST_KUBECTL": str(programs() / "kubectl")}


def programs() -> Path:
    def build(into: Path) -> None:
        major, minor, _ = version = re.search(
            r"k8s.io/kubernetes v(\d+)\.(\d+)\.(\d+)", (INPUTS / "go.mod").read_text()
        ).groups()
        told = {"gitVersion": "v" + ".".join(version), "gitMajor": major, "gitMinor": minor}
        packages = ("k8s.io/component-base/version", "k8s.io/client-go/pkg/version")
        variables = {f"{package}.{name}": value for package in packages for name, value in told.items()}
        for name, package in PROGRAMS.items():
            print(f"Building {name} ...", file=sys.stderr, flush=True)
            go_build(INPUTS / "go.mod", package, into / name, variables, "Kubernetes is built with Go 1.26")

    return cached("kubernetes", [INPUTS / "go.mod", INPUTS / "go.sum"], build)


def prepare(folder: Path) -> list[int]:
    """What a first start makes and the next ones find: ports, a key for the tokens of service accounts, one for us."""
    key, ports, token, tokens = (folder / name for name in ("accounts.key", "ports", "token", "tokens.csv"))
    if not key.exists():
        if not shutil.which("openssl"):
            print("Kubernetes needs openssl for a key: apt-get install openssl", file=sys.stderr)
            raise SystemExit(running.MISSING_EXIT)
        subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
    if not token.exists():
        token.write_text(secrets.token_hex(32))
        tokens.write_text(f"{token.read_text()},admin,admin,system:masters\n")
    if not ports.exists():
        ports.write_text(" ".join(map(str, running.free_ports(3))))
    found = [int(port) for port in ports.read_text().split()]
    text = KUBECONFIG.replace("@PORT@", str(found[2])).replace("@TOKEN@", token.read_text())
    (folder / "kubeconfig").write_text(text.replace("@CERTIFICATE@", str(certificate(folder))))
    for private in (key, token, tokens, folder / "kubeconfig"):
        private.chmod(0o600)
    return found


def certificate(folder: Path) -> Path:
    """The one that the API server makes for itself."""
    return folder / "certificates" / "apiserver.crt"


def start_etcd(folder: Path, built: Path, port: int, peer_port: int) -> None:
    own, peers = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer_port}"
    command = [built / "etcd", "--data-dir", folder / "data", "--log-level", "warn", "--unsafe-no-fsync"]
    command += ["--listen-client-urls", own, "--advertise-client-urls", own]
    command += ["--listen-peer-urls", peers, "--initial-advertise-peer-urls", peers]
    command += ["--initial-cluster", f"default={peers}"]

    def ready() -> bool:
        return answers(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/readyz")

    running.start(folder / "etcd", command, ready, STARTED_WITHIN_S)


def start_apiserver(folder: Path, built: Path, etcd_port: int, port: int) -> None:
    command = [built / "kube-apiserver", "--etcd-servers", f"http://127.0.0.1:{etcd_port}"]
    command += ["--bind-address", "127.0.0.1", "--advertise-address", "127.0.0.1", "--secure-port", port]
    command += ["--cert-dir", folder / "certificates", "--endpoint-reconciler-type", "none"]
    command += ["--authorization-mode", "RBAC", "--token-auth-file", folder / "tokens.csv"]
    command += ["--service-account-issuer", "https://kubernetes.default.svc"]
    for option in ("--service-account-key-file", "--service-account-signing-key-file"):
        command += [option, folder / "accounts.key"]
    command += ["--service-cluster-ip-range", "10.0.0.0/16"]

    def ready() -> bool:
        return is_answered(folder, port, "/readyz")

    running.start(folder / "kube-apiserver", command, ready, STARTED_WITHIN_S)


def start_controllers(folder: Path, built: Path, port: int) -> None:
    command = [built / "kube-controller-manager", "--kubeconfig", folder / "kubeconfig", "--leader-elect=false"]
    command += ["--secure-port", 0, "--service-account-private-key-file", folder / "accounts.key"]
    command += ["--root-ca-file", certificate(folder), "--horizontal-pod-autoscaler-sync-period", "1s"]

    def ready() -> bool:
        """They have made the account that a namespace's pods are made with."""
        return is_answered(folder, port, "/api/v1/namespaces/default/serviceaccounts/default")

    running.start(folder / "kube-controller-manager", command, ready, STARTED_WITHIN_S)


def is_answered(folder: Path, port: int, path: str) -> bool:
    if not certificate(folder).exists():
        return False
    trusted = ssl.create_default_context(cafile=certificate(folder))
    connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=5, context=trusted)
    return answers(connection, path, {"Authorization": f"Bearer {(folder / 'token').read_text()}"})


def answers(connection: http.client.HTTPConnection, path: str, headers: dict[str, str] | None = None) -> bool:
    try:
        connection.request("GET", path, headers=headers or {})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
