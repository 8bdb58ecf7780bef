"""What is installed where: everything as wheels, and production without the tools of the tests."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

PINNED = re.compile(r"^([\w.-]+)(?:\[\w+\])?==([^\s;]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """The version of each package that the file names, by its normalized name (PEP 503)."""
    text = (settings.BASE_DIR / name).read_text()
    return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in PINNED.findall(text)}


@pytest.mark.parametrize("name", sorted(path.name for path in settings.BASE_DIR.glob("requirements*.txt")))
def test_constraints_pin_every_package_at_the_same_version(name: str) -> None:
    assert pins(name).items() <= pins("constraints.txt").items()


def test_production_needs_no_test_tools_and_no_compiler() -> None:
    assert not {"hypothesis", "schemathesis", "gunicorn-h1c"} & pins("requirements.txt").keys()
    assert "gunicorn-h1c" not in pins("constraints.txt")
    assert "export PIP_ONLY_BINARY=:all:" in (settings.BASE_DIR / ".ci" / "run").read_text()


@pytest.mark.one_database
def test_pytest_reports_what_it_skips_without_the_development_requirements() -> None:
    script = (
        "import sys, pytest; sys.modules.update(hypothesis=None, schemathesis=None);sys.exit(pytest.main(sys.argv[1:]))"
    )
    options = ["--collect-only", "-q", "-p", "pytest_django.plugin", "-p", "no:cacheprovider"]

    process = subprocess.run(
        [sys.executable, "-c", script, *options, "expense_tracker/tests"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert process.returncode == 0, process.stdout + process.stderr
    assert "files of tests need hypothesis and schemathesis: pip install -r requirements-dev.txt" in process.stdout
    assert "test_isolation_properties.py, test_schemathesis.py, test_text.py" in process.stdout
    assert "test_health.py::" in process.stdout
