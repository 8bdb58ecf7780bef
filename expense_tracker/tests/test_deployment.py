"""The files that put the service on a machine. nginx's is tried by `make faults`."""

import json
import runpy
from pathlib import Path

import pytest
from django.conf import settings

DOCKERFILE = [line.split(maxsplit=1) for line in (settings.BASE_DIR / "Dockerfile").read_text().splitlines() if line]
UNITS = sorted((settings.BASE_DIR / "deploy").glob("*.service"))


def test_image_build_context_contains_every_copied_file() -> None:
    let_through = (settings.BASE_DIR / ".dockerignore").read_text().split()
    copied = [words.split()[:-1] for name, words in DOCKERFILE if name == "COPY" and not words.startswith("--from")]

    sources = {source for line in copied for source in line}
    assert {"manage.py", "requirements.txt", "expense_tracker", "accounts", "expenses"} <= sources
    for source in sources:
        assert (settings.BASE_DIR / source).exists(), source
        assert f"!{source}" in let_through


def test_image_runs_unprivileged_and_receives_sigterm() -> None:
    instructions = dict(DOCKERFILE)

    assert instructions["USER"] != "root"
    assert json.loads(instructions["CMD"]) == ["gunicorn"]
    assert "/healthz" in instructions["HEALTHCHECK"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_unit_keeps_the_data_outside_of_the_code(unit: Path) -> None:
    text = unit.read_text()

    assert "User=expense-tracker\n" in text
    assert "Environment=DATA_DIR=/var/lib/expense-tracker\n" in text


@pytest.mark.parametrize(("environment", "workers"), [(None, 5), ("3", 3)])
def test_number_of_workers_is_read_from_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, environment: str | None, workers: int
) -> None:
    monkeypatch.delenv("WEB_CONCURRENCY", raising=False)
    if environment:
        monkeypatch.setenv("WEB_CONCURRENCY", environment)
    (tmp_path / ".env").write_text("WEB_CONCURRENCY=5\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("logging.config.dictConfig", lambda _: None)  # of this process

    assert runpy.run_path(str(settings.BASE_DIR / "gunicorn.conf.py"))["workers"] == workers
