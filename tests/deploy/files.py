"""What is under deploy/, read; and files of Go modules, which are looked at where Go keeps them."""

import functools
import importlib.machinery
import importlib.util
import json
import pathlib
import re
import shutil
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
OVERLAYS = ["minikube", "production"]
WORKLOADS = ("Deployment", "StatefulSet", "Job")


def load(path):
    return [one for one in yaml.safe_load_all(path.read_text()) if one]


@functools.cache
def rendered(overlay):
    return load(DEPLOY / "kubernetes" / "rendered" / f"{overlay}.yaml")


def pick(objects, kind, name=None, namespace=None):
    """Those of a kind; with a name, the one."""
    found = [
        one
        for one in objects
        if one["kind"] == kind
        and (name is None or one["metadata"]["name"] == name)
        and (namespace is None or one["metadata"].get("namespace") == namespace)
    ]
    if name is None:
        return found
    assert len(found) == 1, f"{len(found)} {kind} named {name}"
    return found[0]


def say(one):
    return f"{one['kind']} {one['metadata'].get('namespace', '')}/{one['metadata']['name']}"


def pods_of(objects):
    """The workloads that make pods, each with its pod's template."""
    return [(one, one["spec"]["template"]) for one in objects if one["kind"] in WORKLOADS]


def environment_of(container):
    """Values as they are written; of a secret, its name and key."""
    named = {}
    for one in container.get("env", []):
        source = one.get("valueFrom", {})
        secret = source.get("secretKeyRef")
        named[one["name"]] = (secret["name"], secret["key"]) if secret else one.get("value", source)
    return named


def metadata_of(component):
    """Settings of a Dapr component by name."""
    return {one["name"]: one.get("value") for one in component["spec"]["metadata"]}


def is_within(wanted, labels):
    return all(labels.get(key) == value for key, value in wanted.items())


@functools.cache
def module_folder(module, version):
    """Where the Go module's files are on this machine."""
    if not shutil.which("go"):
        pytest.skip(f"Go is not there to fetch the files of {module}")
    asked = subprocess.run(
        ["go", "mod", "download", "-json", f"{module}@v{version}"], cwd="/", capture_output=True, text=True, check=True
    )
    return pathlib.Path(json.loads(asked.stdout)["Dir"])


def dapr_folder():
    version = re.search(r"github.com/dapr/dapr v(\S+)", (ROOT / "tools/services/daprd/go.mod").read_text())[1]
    return module_folder("github.com/dapr/dapr", version)


def script(path):
    """A program of the project, as a module."""
    loader = importlib.machinery.SourceFileLoader(path.name.replace("-", "_"), str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module
