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

from expense_tracker import environment
from expense_tracker.db.url import read_database
from expense_tracker.environment import BASE_DIR

KEY = "k" * 50
POSTGRES = "postgresql://alice:secret@db.example:5433/expenses"


@pytest.fixture
def set_key(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets SECRET_KEY."""
    return lambda key: monkeypatch.setenv("SECRET_KEY", key)


@pytest.mark.parametrize("url", ["", POSTGRES])
def test_a_given_key_is_used(set_key: Callable[[str], None], tmp_path: Path, url: str) -> None:
    set_key(KEY)

    assert environment.read_secret_key(url, tmp_path) == KEY
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("key", "url"), [("", POSTGRES), (KEY[1:], POSTGRES), (KEY[1:], ""), ("x", "")])
def test_a_short_key_is_refused_with_advice(set_key: Callable[[str], None], tmp_path: Path, key: str, url: str) -> None:
    set_key(key)

    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY must be set to at least 50 .* Make one with: python"):
        environment.read_secret_key(url, tmp_path)


def test_sqlite_makes_a_key_once_readable_by_its_owner_only(set_key: Callable[[str], None], tmp_path: Path) -> None:
    set_key("")

    key = environment.read_secret_key("", tmp_path)

    assert len(key) >= 50
    assert environment.read_secret_key("", tmp_path) == key
    [file] = tmp_path.iterdir()
    assert file.name == ".secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def run(*command: str, **variables: str) -> "subprocess.Popen[str]":
    """Starts Python in the checkout with nothing in the environment but `variables`."""
    return subprocess.Popen(
        [sys.executable, *command],
        cwd=BASE_DIR,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": KEY, "DATABASE_URL": ""} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_concurrent_starts_agree_on_one_key(tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from expense_tracker.environment import local_secret_key;"
        f"print(local_secret_key(Path({str(tmp_path)!r}) / 'key'))"
    )

    processes = [run("-c", script) for _ in range(8)]

    keys = [process.communicate()[0] for process in processes]
    assert len(set(keys)) == 1
    assert keys[0] == (tmp_path / "key").read_text() + "\n"
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


def test_git_ignores_the_key_and_the_database() -> None:
    ignored = (BASE_DIR / ".gitignore").read_text().split()

    assert {".secret_key*", ".env", "*.sqlite3"} <= set(ignored)


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("", {"ENGINE": "expense_tracker.db.backends.sqlite", "NAME": str(BASE_DIR / "db.sqlite3")}),
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
    read = read_database(url, data_dir=BASE_DIR)

    assert {name: read[name] for name in database} == database


def test_sqlite_writers_wait_and_readers_do_not() -> None:
    options = read_database("", data_dir=BASE_DIR)["OPTIONS"]

    assert (options["timeout"], options["transaction_mode"]) == (20, "IMMEDIATE")
    assert options["init_command"] == "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"


def test_postgresql_never_waits_for_ever() -> None:
    options = read_database(POSTGRES, data_dir=BASE_DIR)["OPTIONS"]

    assert options["connect_timeout"] > 0
    assert "statement_timeout" in options["options"]


@pytest.mark.parametrize(
    "url", ["mysql://alice@db.example/expenses", "db.sqlite3", "postgresql:/db", "postgresql://alice@db.example:port/x"]
)
def test_another_database_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        read_database(url, data_dir=BASE_DIR)


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("DEBUG", "maybe", "Not a valid boolean."),
        ("HTTPS", "sometimes", "Not a valid boolean."),
        ("REGISTRATION_OPEN", "soon", "Not a valid boolean."),
        ("ACCESS_TOKEN_MINUTES", "0", "Must be greater than or equal to 1."),
        ("ACCESS_TOKEN_MINUTES", "soon", "Not a valid integer."),
        ("HSTS_SECONDS", "-1", "Must be greater than or equal to 0."),
        ("WEB_CONCURRENCY", "abc", "Not a valid integer."),
        ("WEB_CONCURRENCY", "0", "Must be greater than or equal to 1."),
        ("SECRET_KEY", "short", "must be set to at least 50 random characters."),
        ("DATABASE_URL", "mysql://alice@db.example/expenses", "must begin with one of"),
        ("DATA_DIR", "/nowhere", "must be a folder that exists"),
    ],
)
def test_a_bad_value_stops_the_start_with_one_sentence(variable: str, value: str, sentence: str) -> None:
    process = run("manage.py", "check", **{variable: value})

    output = process.communicate()[0]
    assert process.returncode == 3
    assert output.count("\n") == 1
    assert variable in output
    assert sentence in output


@pytest.mark.parametrize("module", ["expense_tracker.wsgi", "expense_tracker.asgi"])
def test_a_bad_value_stops_other_servers_with_the_same_sentence(module: str) -> None:
    process = run("-c", f"import {module}", DEBUG="maybe")

    assert process.communicate()[0] == 'Environment variable "DEBUG" invalid: Not a valid boolean.\n'
    assert process.returncode == 3


def test_gunicorn_stops_at_a_bad_value_without_a_traceback() -> None:
    process = run("-m", "gunicorn", "--bind=127.0.0.1:0", "--workers=1", DEBUG="maybe")

    output = process.communicate(timeout=30)[0]
    assert process.returncode == 3
    assert 'Environment variable "DEBUG" invalid: Not a valid boolean.\n' in output
    assert "Traceback" not in output


def test_an_origin_without_a_scheme_is_refused() -> None:
    process = run("manage.py", "check", CORS_ALLOWED_ORIGINS="localhost:3000")

    assert "CORS_ALLOWED_ORIGINS" in process.communicate()[0]
    assert process.returncode == 1


def test_the_data_and_the_key_are_in_a_folder_of_their_own(tmp_path: Path) -> None:
    process = run("manage.py", "migrate", "--verbosity=0", DATA_DIR=str(tmp_path), SECRET_KEY="")

    assert process.communicate()[0] == ""
    assert {"db.sqlite3", ".secret_key"} <= {file.name for file in tmp_path.iterdir()}


def test_a_misspelt_variable_is_named_with_the_nearest(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("ALOWED_HOSTS=a.example\n# HTTP=\nHTTPS=true\nCOLOUR=blue\n")

    assert list(environment.unknown_variables(file, environment.env.dump())) == [
        ".env: nothing reads ALOWED_HOSTS; did you mean ALLOWED_HOSTS?",
        ".env: nothing reads COLOUR.",
    ]
    assert list(environment.unknown_variables(tmp_path / "none", [])) == []


def test_a_misspelt_variable_is_named_at_the_start(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ALOWED_HOSTS=a.example\n")
    script = (
        "from pathlib import Path; from expense_tracker import environment as e;"
        f"e.ENV_FILE = Path({str(tmp_path)!r}) / '.env'; e.load_settings(); e.load_settings()"
    )

    process = run("-c", script)

    assert process.communicate()[0] == ".env: nothing reads ALOWED_HOSTS; did you mean ALLOWED_HOSTS?\n"
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("variables", "header"),
    [
        ({"HTTPS": "true"}, (31536000, False, False)),
        ({"HTTPS": "true", "HSTS_SECONDS": "60", "HSTS_INCLUDE_SUBDOMAINS": "true"}, (60, True, False)),
        ({"HTTPS": "true", "HSTS_PRELOAD": "true"}, (31536000, False, True)),
        ({"HSTS_SECONDS": "60"}, (0, False, False)),
    ],
)
def test_hsts_takes_subdomains_only_where_that_is_asked_for(
    variables: dict[str, str], header: tuple[int, bool, bool]
) -> None:
    script = (
        "from expense_tracker.settings import *;"
        "print((SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD))"
    )

    assert run("-c", script, **variables).communicate()[0] == f"{header}\n"


def test_the_defaults_pass_the_check() -> None:
    process = run("manage.py", "check")

    assert process.communicate()[0] == "System check identified no issues (0 silenced).\n"


def test_a_server_with_tls_passes_djangos_check_for_deployment() -> None:
    variables = {"HTTPS": "true", "TRUSTED_PROXY_COUNT": "1", "SECRET_KEY": "0123456789" * 5}
    process = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **variables)

    # Silenced is what HSTS leaves out by choice.
    assert process.communicate()[0] == "System check identified no issues (2 silenced).\n"


@pytest.mark.parametrize("file", [".env.example", "README.md"])
def test_every_setting_is_documented(file: str) -> None:
    names = set(environment.env.dump())

    assert len(names) >= 11
    text = (BASE_DIR / file).read_text()
    assert [name for name in sorted(names) if not re.search(rf"\b{name}\b", text)] == []
