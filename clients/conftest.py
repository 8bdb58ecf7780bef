"""A server as in production, and its OpenAPI document in a file."""

import os
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.server import environment, manage, serving

FOLDER = Path(__file__).parent
MISSING = "THE CLIENTS IN TYPESCRIPT AND THE LINTERS DID NOT RUN: there is no {}. To install it: {}"


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("server")
    env = environment(f"sqlite:///{folder}/db.sqlite3")
    manage("migrate", "--verbosity=0", env=env)
    with serving(env, folder) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="session")
def document(base: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("document") / "openapi.json"
    with urllib.request.urlopen(f"{base}/openapi.json", timeout=30) as response:  # noqa: S310  # nosec B310  # our own server
        path.write_bytes(response.read())
    return path


@pytest.fixture(scope="session")
def tools() -> Path:
    """The folder of the programs that `npm ci` installs. With NODE, as in CI, they must be there."""
    programs = FOLDER / "node_modules" / ".bin"
    missing = None
    if shutil.which("node") is None:
        missing = MISSING.format("node", "apt-get install nodejs npm")
    elif not programs.is_dir():
        missing = MISSING.format("clients/node_modules", "npm ci --prefix clients")
    if missing is None:
        return programs
    return pytest.fail(missing, pytrace=False) if os.environ.get("NODE") else pytest.skip(missing)
