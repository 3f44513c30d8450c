"""A Debian of its own in a folder: made by debootstrap, and shown this machine's ways to the packages."""

import os
import re
import shutil
import subprocess
from pathlib import Path

MIRROR = "http://deb.debian.org/debian"
SECURITY_MIRROR = "http://deb.debian.org/debian-security"
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
# Programs that bring authorities of their own are shown the system's.
ASK_THE_SYSTEM = ("SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")


def debootstrap(release: str, folder: Path, packages: tuple[str, ...] = ()) -> None:
    """Fills the new `folder`. In namespaces of its own, so that it leaves no mount behind when it is ended."""
    command = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "debootstrap", "--variant=minbase"]
    if packages:
        command.append(f"--include={','.join(packages)}")
    made = subprocess.run(
        [*command, release, folder, mirrors()[0]],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if made.returncode:
        raise SystemExit(f"debootstrap {release} failed:\n{made.stdout[-2000:]}")
    # It need not outlive a power cut: dpkg would wait for the disk at each file.
    (folder / "etc/dpkg/dpkg.cfg.d/unsafe-io").write_text("force-unsafe-io\n")


def mirrors() -> tuple[str, str]:
    """Where this machine has Debian and its security updates from; without apt, where most have them from."""
    asked = ["apt-get", "indextargets", "--format", "$(LABEL) $(REPO_URI)", "Created-By: Packages", "Origin: Debian"]
    listed = subprocess.run(asked, capture_output=True, text=True).stdout if shutil.which("apt-get") else ""
    known = dict(line.split(" ", 1) for line in reversed(listed.splitlines()))
    return known.get("Debian", MIRROR), known.get("Debian-Security", SECURITY_MIRROR)


def show_the_way(folder: Path, release: str) -> None:
    """Mirrors, proxies, names and certificates, as this machine has them today."""
    mirror, security = mirrors()
    sources = (f"{mirror} {release}", f"{mirror} {release}-updates", f"{security} {release}-security")
    (folder / "etc/apt/sources.list").write_text("".join(f"deb {one} main\n" for one in sources))
    asked = ["apt-config", "dump"]
    settings = (
        subprocess.run(asked, capture_output=True, text=True, check=True).stdout if shutil.which(asked[0]) else ""
    )
    kept = re.findall(r"^Acquire::(?:https?|Retries|Check-Date|Check-Valid-Until)\b.*\n", settings, re.M)
    (folder / "etc/apt/apt.conf.d/80network").write_text("".join(kept))
    for name in ("resolv.conf", "hosts"):
        shutil.copy(Path("/etc") / name, folder / "etc" / name)
    own = Path("usr/local/share/ca-certificates")
    if ("/" / own).is_dir() and (folder / "usr/sbin/update-ca-certificates").exists():
        shutil.copytree("/" / own, folder / own, dirs_exist_ok=True)
        subprocess.run(["chroot", folder, "update-ca-certificates"], env=environment(), check=True, capture_output=True)


def environment() -> dict[str, str]:
    """A fresh login's of root, and the proxies that this machine goes through."""
    kept = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy") or name == "TERM"}
    plain = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LANG": "C.UTF-8"}
    return plain | kept | dict.fromkeys(ASK_THE_SYSTEM, AUTHORITIES)
