"""Settings fail loudly: a value that cannot be right stops the start and says what to do."""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from expense_tracker import settings

KEY = "k" * 50
POSTGRES = "postgresql://alice:secret@db.example:5433/expenses"


@pytest.fixture
def set_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Sets SECRET_KEY; the file for the key that is made up is in a folder of the test's own."""
    monkeypatch.setattr(settings, "BASE_DIR", tmp_path)
    return lambda key: monkeypatch.setenv("SECRET_KEY", key)


@pytest.mark.parametrize("url", ["", POSTGRES])
def test_a_given_key_is_used(set_key: Callable[[str], None], tmp_path: Path, url: str) -> None:
    set_key(KEY)

    assert settings.read_secret_key(url) == KEY
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("key", "url"), [("", POSTGRES), (KEY[1:], POSTGRES), (KEY[1:], ""), ("x", "")])
def test_a_short_key_is_refused_with_advice(set_key: Callable[[str], None], key: str, url: str) -> None:
    set_key(key)

    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY must be set to at least 50 .* Make one with: python"):
        settings.read_secret_key(url)


def test_on_sqlite_a_key_is_made_once_and_only_its_owner_reads_it(
    set_key: Callable[[str], None], tmp_path: Path
) -> None:
    set_key("")

    key = settings.read_secret_key("")

    assert len(key) >= 50
    assert settings.read_secret_key("") == key
    [file] = tmp_path.iterdir()
    assert file.name == ".secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def run(*command: str, **environment: str) -> "subprocess.Popen[str]":
    """Starts Python in the checkout with nothing in the environment but `environment`."""
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": KEY, "DATABASE_URL": ""} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from expense_tracker.settings import local_secret_key;"
        f"print(local_secret_key(Path({str(tmp_path)!r}) / 'key'))"
    )

    processes = [run("-c", script) for _ in range(8)]

    keys = [process.communicate()[0] for process in processes]
    assert len(set(keys)) == 1
    assert keys[0] == (tmp_path / "key").read_text() + "\n"
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_git_ignores_the_key_and_the_database() -> None:
    ignored = (settings.BASE_DIR / ".gitignore").read_text().split()

    assert {".secret_key*", ".env", "*.sqlite3"} <= set(ignored)


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("", {"ENGINE": "expense_tracker.db.backends.sqlite", "NAME": str(settings.BASE_DIR / "db.sqlite3")}),
        (
            "sqlite:////srv/expenses.sqlite3",
            {"ENGINE": "expense_tracker.db.backends.sqlite", "NAME": "/srv/expenses.sqlite3"},
        ),
        (
            POSTGRES,
            {
                "ENGINE": "expense_tracker.db.backends.postgresql",
                "NAME": "expenses",
                "USER": "alice",
                "PASSWORD": "secret",
                "HOST": "db.example",
                "PORT": 5433,
                "CONN_HEALTH_CHECKS": True,
            },
        ),
        (
            POSTGRES.replace("postgresql", "postgres"),
            {"ENGINE": "expense_tracker.db.backends.postgresql", "NAME": "expenses"},
        ),
    ],
)
def test_one_variable_names_the_database(url: str, database: dict[str, Any]) -> None:
    read = settings.read_database(url)

    assert {name: read[name] for name in database} == database


def test_sqlite_lets_writers_wait_and_readers_go_on() -> None:
    options = settings.read_database("")["OPTIONS"]

    assert (options["timeout"], options["transaction_mode"]) == (20, "IMMEDIATE")
    assert options["init_command"] == "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"


def test_postgresql_never_waits_for_ever() -> None:
    options = settings.read_database(POSTGRES)["OPTIONS"]

    assert options["connect_timeout"] > 0
    assert "statement_timeout" in options["options"]


@pytest.mark.parametrize(
    "url", ["mysql://alice@db.example/expenses", "db.sqlite3", "postgresql:/db", "postgresql://alice@db.example:port/x"]
)
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        settings.read_database(url)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("DEBUG", "maybe"),
        ("HTTPS", "sometimes"),
        ("ACCESS_TOKEN_MINUTES", "0"),
        ("ACCESS_TOKEN_MINUTES", "soon"),
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://alice@db.example/expenses"),
        ("CORS_ALLOWED_ORIGINS", "localhost:3000"),
    ],
)
def test_a_bad_value_stops_the_start_and_is_named(variable: str, value: str) -> None:
    process = run("manage.py", "check", **{variable: value})

    output = process.communicate()[0]
    assert process.returncode != 0
    assert variable in output


def test_the_defaults_pass_the_check() -> None:
    process = run("manage.py", "check")

    assert process.communicate()[0] == "System check identified no issues (0 silenced).\n"


def test_a_server_with_tls_passes_djangos_check_for_deployment() -> None:
    process = run(
        "manage.py", "check", "--deploy", "--fail-level", "WARNING", HTTPS="true", SECRET_KEY="0123456789" * 5
    )

    assert process.communicate()[0] == "System check identified no issues (0 silenced).\n"


@pytest.mark.parametrize("file", [".env.example", "README.md"])
def test_every_setting_is_documented(file: str) -> None:
    source = Path(settings.__file__).read_text()
    names = set(re.findall(r'(?:env\.\w+|positive)\(\s*"([A-Z_]+)"', source))

    assert len(names) >= 11
    text = (settings.BASE_DIR / file).read_text()
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", text)] == []
