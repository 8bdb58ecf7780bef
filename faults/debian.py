"""Programs of Debian's packages, which are installed where they are missing."""

import os
import shutil
import subprocess
import sys
from contextlib import suppress

SECONDS = 120


def find_program(name: str) -> str | None:
    """Return the path of the program whose package has the same name, or None where it cannot be had: only root can
    install it, and Debian puts servers where only root looks."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    if not shutil.which(name, path=path) and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {name} …", file=sys.stderr)
        command = ["apt-get", "install", "-y", "--no-install-recommends", name]
        quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        # Where it fails, nothing is there, which is said in the table.
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(command, env=quiet, check=False, stdout=sys.stderr, timeout=SECONDS)
    return shutil.which(name, path=path)
