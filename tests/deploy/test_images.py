"""The Dockerfiles and what a Space starts, as far as no image is needed for it (tools/image-test makes one)."""

import os
import platform
import re
import subprocess

import pytest
import yaml
from files import DEPLOY, ROOT
from support import BINARY

DOCKERFILE = (DEPLOY / "docker/Dockerfile").read_text()
SPACE = DEPLOY / "huggingface"


BASE = re.search(r"^FROM debian:(\w+)-slim AS build$", DOCKERFILE, re.M)[1]
HERE = platform.freedesktop_os_release().get("VERSION_CODENAME")


def packages():
    return set(re.search(r"--no-install-recommends (.*? tzdata)", DOCKERFILE, re.S)[1].replace("\\\n", " ").split())


@pytest.mark.skipif(HERE != BASE, reason=f"the image is made of {BASE}, the program here of {HERE}")
def test_the_image_has_the_packages_of_every_library_that_the_program_is_linked_with():
    needed = re.findall(
        r"NEEDED.*\[(.*)\]", subprocess.run(["readelf", "-d", BINARY], capture_output=True, text=True).stdout
    )
    assert needed
    linked = subprocess.run(["ldd", BINARY], capture_output=True, text=True, check=True).stdout
    paths = dict(re.findall(r"^\s*(\S+) => (\S+)", linked, re.M))
    files = {"*/" + os.path.basename(os.path.realpath(paths[name])) for name in needed if name in paths}
    owners = subprocess.run(["dpkg", "-S", *files], capture_output=True, text=True, check=True).stdout
    named = {line.split(":")[0] for line in owners.splitlines() if "/x86_64-linux-gnu/" in line}
    # What the base or one of the others brings.
    wanted = named - {"libc6", "libgcc-s1"}
    assert wanted <= packages(), wanted - packages()
    assert packages() - wanted == {"ca-certificates", "tzdata"}, "a package that nothing needs"


def test_the_image_runs_as_nobody_special_and_looks_after_itself():
    assert re.search(r"^USER 10001:10001$", DOCKERFILE, re.M)
    assert DOCKERFILE.count("VOLUME") == 1 and "\nVOLUME /data\n" in DOCKERFILE
    assert 'CMD ["rondo", "healthcheck"]' in DOCKERFILE
    assert 'ENTRYPOINT ["rondo"]\nCMD ["serve"]\n' in DOCKERFILE


def test_what_docker_leaves_out_holds_the_data_and_the_builds():
    left_out = set((ROOT / ".dockerignore").read_text().split("\n"))
    assert {".git", ".venv", "build", "var", "**/node_modules"} <= left_out


def test_the_space_is_built_as_the_image_is():
    def shared(text):
        """How the program is built, and the packages of the stage that runs it."""
        built = re.search(r"^FROM .*? AS build\n.*?^RUN tools/build release rondo$", text, re.M | re.S)[0]
        return built, re.search(r"# The libraries .*? tzdata", text, re.S)[0]

    assert shared((SPACE / "Dockerfile").read_text()) == shared(DOCKERFILE)


def test_the_image_is_nothing_but_what_was_collected():
    last = DOCKERFILE.split("\nFROM ")[-1]
    assert last.startswith("scratch\nCOPY --from=files /image /\n") and last.count("COPY") == 1 and "RUN" not in last


def test_the_space_listens_where_its_front_matter_says():
    _, front, _ = (SPACE / "README.md").read_text().split("---\n", 2)
    told = yaml.safe_load(front)
    assert told["sdk"] == "docker"
    dockerfile = (SPACE / "Dockerfile").read_text()
    assert f"PORT={told['app_port']}\n" in dockerfile and f"EXPOSE {told['app_port']}\n" in dockerfile
    assert "USER 1000:1000" in dockerfile
    assert len(told["short_description"]) <= 60  # what the front matter allows
    assert "VOLUME" not in re.sub(r"#.*", "", dockerfile), "a volume would look like persistent storage"


@pytest.mark.parametrize("storage", [True, False])
def test_the_space_warns_when_what_it_keeps_will_not_last(tmp_path, storage):
    for name, line in (("mountpoint", f"exit {0 if storage else 1}"), ("rondo", 'echo "rondo $*"')):
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o755)
    started = subprocess.run([SPACE / "start"], env={"PATH": f"{tmp_path}:/bin"}, capture_output=True, text=True)
    assert started.stdout == "rondo serve\n" and started.returncode == 0
    assert ("no persistent storage" in started.stderr) is not storage
