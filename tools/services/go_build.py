"""Programs built with Go from the modules of a file like go.mod, and the sums beside it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from services import running


def go_build(modules: Path, package: str, program: Path, variables: dict[str, str], needs: str) -> None:
    """`variables` are set by the linker. Without Go it ends with what `needs` it, as with a service that a machine lacks."""
    go = shutil.which("go")
    if not go:
        print(f"{needs} or newer: see https://go.dev/dl", file=sys.stderr)
        raise SystemExit(running.MISSING_EXIT)
    flags = " ".join(["-s", "-w", *(f"-X {name}={value}" for name, value in variables.items())])
    command = [go, "build", "-mod=readonly", f"-modfile={modules}", "-trimpath", "-buildvcs=false", "-ldflags", flags]
    subprocess.run(
        [*command, "-o", program, package],
        cwd=modules.parent,
        check=True,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"CGO_ENABLED": "0"},
    )
