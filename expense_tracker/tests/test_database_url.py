"""DATABASE_URL, and the options of each database"""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from expense_tracker.db.backends.postgresql.base import DatabaseWrapper
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
                "PORT": "5433",
                "CONN_HEALTH_CHECKS": True,
            },
        ),
        (
            POSTGRES.replace("postgresql", "postgres"),
            {"ENGINE": "expense_tracker.db.backends.postgresql", "NAME": "expenses"},
        ),
        (
            "postgresql://alice:s%40%25@one.example:5433,[::1]:5434,two.example/expenses?target_session_attrs=read-write",
            {
                "NAME": "expenses",
                "PASSWORD": "s@%",
                "HOST": "one.example,::1,two.example",
                "PORT": "5433,5434,",
            },
        ),
        ("postgresql:///expenses?host=/run/postgresql", {"NAME": "expenses", "USER": "", "HOST": "/run/postgresql"}),
    ],
)
def test_url_names_the_database(url: str, database: dict[str, Any]) -> None:
    read = read_database(url, data_dir=BASE_DIR)

    assert {name: read[name] for name in database} == database


def test_sqlite_writers_wait_and_readers_do_not() -> None:
    options = read_database("", data_dir=BASE_DIR)["OPTIONS"]

    assert (options["timeout"], options["transaction_mode"]) == (20, "IMMEDIATE")
    assert options["init_command"] == "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"


@pytest.mark.parametrize("pooler", [False, True])
def test_postgresql_has_timeouts(pooler: bool) -> None:
    database = read_database(POSTGRES, data_dir=BASE_DIR, pooler=pooler)

    options = database["OPTIONS"]
    assert (options["connect_timeout"], options["keepalives_idle"], options["tcp_user_timeout"]) == (2, 10, 15_000)
    assert ("statement_timeout" in options.get("options", "")) is not pooler
    assert database["SILENT_SECONDS"] == 32


def test_parameters_of_the_url_win_over_our_timeouts() -> None:
    database = read_database(
        f"{POSTGRES}?connect_timeout=5&options=-c%20statement_timeout%3D0&sslmode=require", data_dir=BASE_DIR
    )

    options = database["OPTIONS"]
    assert (options["connect_timeout"], options["sslmode"]) == ("5", "require")
    assert options["options"] == "-c statement_timeout=0"
    assert "SILENT_SECONDS" not in database


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://alice@db.example/expenses", "must begin with one of sqlite://, postgres://, postgresql://"),
        ("db.sqlite3", "must begin with one of sqlite://, postgres://, postgresql://"),
        ("postgresql:/db", "must begin with one of sqlite://, postgres://, postgresql://"),
        ("postgresql://alice@db.example:port/x", "is malformed: a port is a number"),
        ("postgresql://alice@one:5432,two:port/x", "is malformed: a port is a number"),
        ("postgresql://alice:s@cret@db.example/x", "is malformed: @ in a password is written %40"),
        ("postgresql://alice:s%cret@db.example/x", "is malformed: invalid percent-encoded token"),
        ("postgresql://alice:secret@[::1/x", "is malformed: end of string reached when looking for matching"),
        ("postgresql://alice@db.example/x?target=1", "is malformed: invalid URI query parameter"),
        ("postgresql://alice@db.example", "is malformed: it names no database"),
    ],
)
def test_other_urls_are_refused_with_a_sentence_that_holds_no_password(url: str, sentence: str) -> None:
    with pytest.raises(ImproperlyConfigured) as error:
        read_database(url, data_dir=BASE_DIR)

    assert str(error.value).startswith(f"DATABASE_URL {sentence}")
    assert "cret" not in str(error.value)


def test_several_hosts_are_passed_to_psycopg_as_they_are() -> None:
    hosts = "postgresql://alice@standby,primary/x?target_session_attrs=read-write"

    parameters = DatabaseWrapper(read_database(hosts, data_dir=BASE_DIR) | {"TIME_ZONE": None}).get_connection_params()

    assert (parameters["host"], parameters["port"]) == ("standby,primary", ",")
    assert parameters["target_session_attrs"] == "read-write"
