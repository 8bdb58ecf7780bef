"""Clients are generated from the OpenAPI document, checked as strictly as can be, and used for the whole flow."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
SPECTRAL = 'extends: ["spectral:oas"]\n'


def run(*command: str | Path, cwd: Path, **variables: str) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"PATH": path} | variables
    process = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=300, check=False)
    assert process.returncode == 0, process.stdout + process.stderr


def test_a_client_in_python_is_typed_and_does_the_whole_flow(base: str, document: Path, tmp_path: Path) -> None:
    pytest.importorskip("openapi_python_client", reason="pip install -r requirements-dev.txt")
    # Left to itself it changes its own code by the rules of whichever ruff there is.
    (tmp_path / "generator.yaml").write_text("post_hooks: []\n")
    options = ["--meta=none", "--fail-on-warning", "--config=generator.yaml", "--output-path=expense_tracker_client"]
    run("openapi-python-client", "generate", f"--path={document}", *options, cwd=tmp_path)
    shutil.copy(FOLDER / "flow.py", tmp_path)

    run("mypy", "--strict", "--config-file=", "expense_tracker_client", "flow.py", cwd=tmp_path)
    run(sys.executable, "flow.py", cwd=tmp_path, BASE=base)


def test_a_client_in_typescript_is_typed_and_does_the_whole_flow(
    base: str, document: Path, tools: Path, tmp_path: Path
) -> None:
    for name in ("flow.ts", "tsconfig.json"):
        shutil.copy(FOLDER / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(tools.parent)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    run(tools / "openapi-typescript", document, "--output", "schema.d.ts", cwd=tmp_path)

    run(tools / "tsc", cwd=tmp_path)
    run("node", "flow.js", cwd=tmp_path, BASE=base)


def test_redocly_finds_no_error(document: Path, tools: Path, tmp_path: Path) -> None:
    run(tools / "redocly", "lint", "--extends=recommended", document, cwd=tmp_path)


def test_spectral_finds_no_error(document: Path, tools: Path, tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(SPECTRAL)

    run(tools / "spectral", "lint", "--ruleset=rules.yaml", "--fail-severity=warn", document, cwd=tmp_path)
