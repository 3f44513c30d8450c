"""A control plane to ask: by kubectl as a person would, and by its interface."""

import http.client
import json
import os
import pathlib
import shlex
import ssl
import subprocess
import time
import urllib.parse

import pytest
import yaml
from files import ROOT

STAND_IN = """#!/usr/bin/env bash
# What needs a node is answered from files, everything else by kubectl.
set -euo pipefail
case " $* " in
    *" logs "*) exec cat {folder}/"${{*: -1}}".log ;;
    *" exec "*) printf 'PGDMP and more' ;;
    *) exec {kubectl} "$@" ;;
esac
"""


class Cluster:
    def __init__(self, folder: pathlib.Path):
        config = os.environ.get("RONDO_TEST_KUBECONFIG")
        if not config:
            pytest.exit("RONDO_TEST_KUBECONFIG is not set: tools/dev-services start kubernetes", 1)
        self.folder = folder
        stand_in = folder / "kubectl"
        stand_in.write_text(STAND_IN.format(folder=folder, kubectl=shlex.quote(os.environ["RONDO_TEST_KUBECTL"])))
        stand_in.chmod(0o755)
        self.env = os.environ | {"KUBECONFIG": config, "PATH": f"{folder}:{os.environ['PATH']}"}
        read = yaml.safe_load(pathlib.Path(config).read_text())
        server = read["clusters"][0]["cluster"]
        self.address = urllib.parse.urlsplit(server["server"]).netloc
        self.trusted = ssl.create_default_context(cafile=server["certificate-authority"])
        self.token = read["users"][0]["user"]["token"]

    def run(self, *command, given=None):
        return subprocess.run(
            [str(word) for word in command],
            cwd=ROOT,
            env=self.env,
            input=given,
            capture_output=True,
            text=True,
            timeout=300,
        )

    def kubectl(self, *words, given=None):
        ended = self.run("kubectl", *words, given=given)
        assert ended.returncode == 0, f"{words}\n{ended.stdout}{ended.stderr}"
        return ended.stdout

    def say(self, line):
        """A line of the guide, word for word."""
        assert f"    {line}\n" in (ROOT / "docs" / "deployment.md").read_text(), line
        ended = self.run("bash", "-o", "pipefail", "-c", line)
        assert ended.returncode == 0, f"{line}\n{ended.stdout}{ended.stderr}"
        assert "Warning" not in ended.stderr, ended.stderr

    def judge(self, *objects):
        """What the server says of them, without keeping them: unknown fields and warnings are faults."""
        dry = ("--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "--warnings-as-errors")
        return self.run("kubectl", "apply", *dry, "-f", "-", given=yaml.safe_dump_all(objects))

    def ask(self, method, path, body=None):
        """The answer's object, or None when there is no such thing (any more)."""
        connection = http.client.HTTPSConnection(self.address, timeout=30, context=self.trusted)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/merge-patch+json"}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            answer = connection.getresponse()
            text = answer.read()
            assert answer.status < 300 or answer.status == 404, text
            return json.loads(text) if answer.status < 300 else None
        finally:
            connection.close()

    def get(self, kind, namespace="todo-app"):
        return json.loads(self.kubectl("-n", namespace, "get", kind, "-o", "json"))

    def pods(self, namespace=None):
        return self.ask("GET", f"/api/v1{f'/namespaces/{namespace}' if namespace else ''}/pods")["items"]


def eventually(probe, within_s=60.0, what="the condition"):
    """What `probe` gives as soon as that is true; fails when it never is."""
    deadline = time.monotonic() + within_s
    while not (found := probe()):
        assert time.monotonic() < deadline, f"{what} did not come true within {within_s} s"
        time.sleep(0.1)
    return found
