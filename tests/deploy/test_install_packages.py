"""tools/install-packages, with an apt, or a system without one, of the test's own."""

import re
import shutil
import subprocess

import pytest
from files import ROOT

COMMANDS = {
    "apt-get": '#!/bin/sh\necho "$*" >>"$CALLS"\n',
    # Knows what is in $AVAILABLE.
    "apt-cache": """#!/bin/sh
shift
for name; do
    case " $AVAILABLE " in *" $name "*) candidate=1.0 ;; *) candidate="(none)" ;; esac
    printf '%s:\\n  Installed: (none)\\n  Candidate: %s\\n' "$name" "$candidate"
done
""",
    "dpkg-query": """#!/bin/sh
for name in $INSTALLED; do echo "installed $name, "; done
""",
    "id": "#!/bin/sh\necho 0\n",
}
# What the tool itself is made of.
PLAIN = ("awk", "bash", "cat", "dirname", "echo", "env", "mktemp", "rm", "sed", "sort", "tail", "tr", "xargs", "sh")
PACKAGES = """
[build]
new-dev | old-dev
clang-19 # clang++-19
cmake
libthing-dev

[test]
maven # mvn
"""


def programs(folder, texts):
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)


@pytest.fixture
def project(tmp_path):
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools/install-packages", tmp_path / "tools")
    (tmp_path / "packages.txt").write_text(PACKAGES)
    (tmp_path / "plain").mkdir()
    for name in PLAIN:
        (tmp_path / "plain" / name).symlink_to(shutil.which(name))
    return tmp_path


def run(project, *sections, **env):
    """What it says, and the packages that apt was to install (None: it was not asked)."""
    calls = project / "calls"
    calls.unlink(missing_ok=True)
    given = {
        "PATH": f"{project / 'bin'}:{project / 'plain'}",
        "CALLS": str(calls),
        "INSTALLED": "",
        "AVAILABLE": "",
    } | env
    ended = subprocess.run(
        [project / "tools/install-packages", *sections], env=given, capture_output=True, text=True, timeout=60
    )
    asked = calls.read_text() if calls.exists() else ""
    installed = re.search(r"install --no-install-recommends (.*)", asked)
    return ended, installed and installed[1].split()


class TestDebian:
    @pytest.fixture(autouse=True)
    def apt(self, project):
        programs(project / "bin", COMMANDS)

    @pytest.mark.parametrize(("release", "chosen"), [("new-dev old-dev", "new-dev"), ("old-dev", "old-dev")])
    def test_the_first_alternative_that_the_release_has_is_taken(self, project, release, chosen):
        ended, installed = run(project, "build", AVAILABLE=f"{release} clang-19 cmake libthing-dev")
        assert ended.returncode == 0, ended.stderr
        assert installed == [chosen, "clang-19", "cmake", "libthing-dev"]

    def test_apt_is_not_asked_when_all_is_there(self, project):
        ended, installed = run(project, "build", INSTALLED="old-dev clang-19 cmake libthing-dev")
        assert (ended.returncode, ended.stdout + ended.stderr, installed) == (0, "", None)
        assert not (project / "calls").exists()

    def test_what_is_missing_alone_is_installed(self, project):
        _, installed = run(project, "build", "test", INSTALLED="old-dev clang-19 cmake", AVAILABLE="libthing-dev maven")
        assert installed == ["libthing-dev", "maven"]

    def test_a_release_without_one_gets_one_line_and_nothing_is_installed(self, project):
        ended, installed = run(project, "build", AVAILABLE="cmake libthing-dev")
        assert (ended.returncode, installed, ended.stdout) == (69, None, "")
        assert len(ended.stderr.splitlines()) == 1
        for word in ("new-dev or old-dev, clang-19.", "Debian 12 or 13", "tarball", "docs/deployment.md"):
            assert word in ended.stderr


class TestAnotherSystem:
    """Without apt: programs are looked for by their names, libraries by CMake."""

    FOUND = dict.fromkeys(("clang++-19", "cmake", "mvn"), "#!/bin/sh\n")

    def configuring(self, project, code):
        programs(project / "tools", {"build": f'#!/bin/sh\necho "$*" >"$CALLS"\nexit {code}\n'})

    def test_what_was_installed_by_hand_is_enough(self, project):
        programs(project / "bin", self.FOUND)
        self.configuring(project, 0)
        ended, _ = run(project, "build", "test")
        assert (ended.returncode, ended.stdout + ended.stderr) == (0, "")
        assert (project / "calls").read_text() == "--configure release\n"

    def test_a_missing_program_is_named_in_one_line(self, project):
        programs(project / "bin", {"cmake": "#!/bin/sh\n"})
        self.configuring(project, 0)
        ended, _ = run(project, "build", "test")
        assert (ended.returncode, ended.stdout) == (69, "")
        assert len(ended.stderr.splitlines()) == 1
        for word in ("lacks clang++-19 mvn.", "Debian 12 or 13", "tarball", "docs/deployment.md"):
            assert word in ended.stderr

    def test_a_missing_library_is_one_line_too(self, project):
        programs(project / "bin", self.FOUND)
        self.configuring(project, 1)
        ended, _ = run(project, "build")
        assert ended.returncode == 69
        assert len(ended.stderr.splitlines()) == 1 and "build/configure-release.log" in ended.stderr


@pytest.mark.parametrize("target", ["setup", "build", "test", "lint", "release"])
def test_make_stops_where_packages_are_missing(target, tmp_path):
    """Nothing runs after a tool that failed."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / "tools").mkdir()
    programs(tmp_path / "tools", {"install-packages": "#!/bin/sh\necho one line >&2\nexit 69\n"})
    asked = subprocess.run(["make", "-C", tmp_path, target], capture_output=True, text=True)
    assert asked.returncode == 2
    assert asked.stderr.startswith("one line\n") and asked.stderr.count("\n") == 2, asked.stderr
