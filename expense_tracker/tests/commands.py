"""Python processes with given environment variables."""

import os
import subprocess
import sys

from expense_tracker.environment import BASE_DIR

KEY = "k" * 50
POSTGRES = "postgresql://alice:secret@db.example:5433/expenses"


def run(*command: str, **variables: str) -> "subprocess.Popen[str]":
    """Start Python in the checkout with nothing in the environment but `variables`."""
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": KEY, "DATABASE_URL": ""} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
