"""Settings fail loudly: a value that cannot be right stops the start and says what to do."""

import re
from pathlib import Path

import pytest

from expense_tracker import environment
from expense_tracker.environment import BASE_DIR
from expense_tracker.tests.commands import run


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
        ("METRICS_TOKEN", "0123456789abcde", "must be at least 16 random characters, or not set."),
        ("DATA_DIR", "/nowhere", "must be a folder that exists"),
    ],
)
def test_invalid_value_stops_the_start_with_one_sentence(variable: str, value: str, sentence: str) -> None:
    process = run("manage.py", "check", **{variable: value})

    output = process.communicate()[0]
    assert process.returncode == 3
    assert output.count("\n") == 1
    assert variable in output
    assert sentence in output


@pytest.mark.parametrize("module", ["expense_tracker.wsgi", "expense_tracker.asgi"])
def test_invalid_value_stops_other_servers_with_the_same_sentence(module: str) -> None:
    process = run("-c", f"import {module}", DEBUG="maybe")

    assert process.communicate()[0] == 'Environment variable "DEBUG" invalid: Not a valid boolean.\n'
    assert process.returncode == 3


def test_invalid_value_stops_gunicorn_without_a_traceback() -> None:
    process = run("-m", "gunicorn", "--bind=127.0.0.1:0", "--workers=1", DEBUG="maybe")

    output = process.communicate(timeout=30)[0]
    assert process.returncode == 3
    assert 'Environment variable "DEBUG" invalid: Not a valid boolean.\n' in output
    assert "Traceback" not in output


def test_origin_without_a_scheme_is_refused() -> None:
    process = run("manage.py", "check", CORS_ALLOWED_ORIGINS="localhost:3000")

    assert "CORS_ALLOWED_ORIGINS" in process.communicate()[0]
    assert process.returncode == 1


def test_data_dir_holds_the_database_and_the_key(tmp_path: Path) -> None:
    process = run("manage.py", "migrate", "--verbosity=0", DATA_DIR=str(tmp_path), SECRET_KEY="")

    assert process.communicate()[0] == ""
    assert {"db.sqlite3", ".secret_key"} <= {file.name for file in tmp_path.iterdir()}


def test_unknown_variable_is_reported_with_the_nearest_name(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("ALOWED_HOSTS=a.example\n# HTTP=\nHTTPS=true\nCOLOUR=blue\n")

    assert list(environment.unknown_variables(file, environment.env.dump())) == [
        ".env: nothing reads ALOWED_HOSTS; did you mean ALLOWED_HOSTS?",
        ".env: nothing reads COLOUR.",
    ]
    assert list(environment.unknown_variables(tmp_path / "none", [])) == []


def test_unknown_variable_is_reported_once_at_the_start(tmp_path: Path) -> None:
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
def test_hsts_covers_subdomains_only_on_request(variables: dict[str, str], header: tuple[int, bool, bool]) -> None:
    script = (
        "from expense_tracker.settings import *;"
        "print((SECURE_HSTS_SECONDS, SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD))"
    )

    assert run("-c", script, **variables).communicate()[0] == f"{header}\n"


def test_defaults_pass_the_check() -> None:
    process = run("manage.py", "check")

    assert process.communicate()[0] == "System check identified no issues (0 silenced).\n"


def test_server_with_tls_passes_the_deployment_check() -> None:
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
