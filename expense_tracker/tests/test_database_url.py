"""DATABASE_URL, and the options of each database"""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from expense_tracker.db.url import read_database
from expense_tracker.environment import BASE_DIR
from expense_tracker.tests.commands import POSTGRES


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
def test_url_names_the_database(url: str, database: dict[str, Any]) -> None:
    read = read_database(url, data_dir=BASE_DIR)

    assert {name: read[name] for name in database} == database


def test_sqlite_writers_wait_and_readers_do_not() -> None:
    options = read_database("", data_dir=BASE_DIR)["OPTIONS"]

    assert (options["timeout"], options["transaction_mode"]) == (20, "IMMEDIATE")
    assert options["init_command"] == "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"


def test_postgresql_has_timeouts() -> None:
    options = read_database(POSTGRES, data_dir=BASE_DIR)["OPTIONS"]

    assert options["connect_timeout"] > 0
    assert "statement_timeout" in options["options"]


@pytest.mark.parametrize(
    "url", ["mysql://alice@db.example/expenses", "db.sqlite3", "postgresql:/db", "postgresql://alice@db.example:port/x"]
)
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        read_database(url, data_dir=BASE_DIR)
