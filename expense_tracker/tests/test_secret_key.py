"""SECRET_KEY, given or made"""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from expense_tracker import environment
from expense_tracker.environment import BASE_DIR
from expense_tracker.tests.commands import KEY, POSTGRES, run


@pytest.fixture
def set_key(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that sets SECRET_KEY."""
    return lambda key: monkeypatch.setenv("SECRET_KEY", key)


@pytest.mark.parametrize("url", ["", POSTGRES])
def test_given_key_is_used(set_key: Callable[[str], None], tmp_path: Path, url: str) -> None:
    set_key(KEY)

    assert environment.read_secret_key(url, tmp_path) == KEY
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("key", "url"), [("", POSTGRES), (KEY[1:], POSTGRES), (KEY[1:], ""), ("x", "")])
def test_short_key_is_refused_with_advice(set_key: Callable[[str], None], tmp_path: Path, key: str, url: str) -> None:
    set_key(key)

    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY must be set to at least 50 .* Make one with: python"):
        environment.read_secret_key(url, tmp_path)


def test_sqlite_creates_a_key_readable_by_its_owner_only(set_key: Callable[[str], None], tmp_path: Path) -> None:
    set_key("")

    key = environment.read_secret_key("", tmp_path)

    assert len(key) >= 50
    assert environment.read_secret_key("", tmp_path) == key
    [file] = tmp_path.iterdir()
    assert file.name == ".secret_key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


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
