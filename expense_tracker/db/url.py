"""DATABASE_URL: the one variable that says which database there is."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

from django.core.exceptions import ImproperlyConfigured
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

# Of PostgreSQL: none of them is ever reached by what the API does.
TIMEOUTS = {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "30s"}
# How long a server may say nothing: the network is asked after a while whether it is still there (`keepalives`, in
# seconds), and has so long to take what is sent (`tcp_user_timeout`, in milliseconds).
TCP = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 15_000}
CONNECT_SECONDS = 2
# A server that obeys `statement_timeout` has answered before.
SILENT_SECONDS = 32
SQLITE = "sqlite://"
POSTGRESQL = ("postgres://", "postgresql://")


def read_database(url: str, *, data_dir: Path, pooler: bool = False) -> dict[str, Any]:
    """Return Django's settings for the database that the URL names, by default a file of SQLite in `data_dir`.

    Raise ImproperlyConfigured for a URL of another kind."""
    if url.startswith(POSTGRESQL):
        return read_postgresql(url, pooler=pooler)
    if url and not url.startswith(SQLITE):
        raise ImproperlyConfigured(f"DATABASE_URL must begin with one of {', '.join((SQLITE, *POSTGRESQL))}")
    if pooler:
        raise ImproperlyConfigured("DATABASE_POOLER is for PostgreSQL.")
    return {
        "ENGINE": "expense_tracker.db.backends.sqlite",
        "NAME": unquote(url.removeprefix(SQLITE)).removeprefix("/") or str(data_dir / "db.sqlite3"),
        # With Django's defaults parallel writers fail with "database is locked": a transaction that begins with a
        # read cannot wait for the write lock. IMMEDIATE takes that lock first, and WAL lets readers go on meanwhile.
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
        # The last connection to be closed takes away files that readers need; on a full disk, or in a folder that has
        # become read-only, they can't make them anew. To open one takes a millisecond, too.
        "CONN_MAX_AGE": None,
        # In a file, so that the tests' parallel requests meet the same locks as a real server's.
        "TEST": {"NAME": str(data_dir / "test.sqlite3")},
    }


def read_postgresql(url: str, *, pooler: bool) -> dict[str, Any]:
    """Return Django's settings for the PostgreSQL of a URL as libpq reads it (PostgreSQL's manual, 32.1.1.2): of one
    host, or of several, the first of which that takes connections (and writes, with
    `target_session_attrs=read-write`) is used. Its parameters win over our defaults."""
    options = parse(url)
    database: dict[str, Any] = {
        "ENGINE": "expense_tracker.db.backends.postgresql",
        "NAME": options.pop("dbname"),
        "USER": options.pop("user", ""),
        "PASSWORD": options.pop("password", ""),
        "HOST": options.pop("host", ""),
        "PORT": options.pop("port", ""),
        # Large results are read in pages, which need no open cursor on the server.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
    defaults: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, **TCP}
    if not pooler:
        defaults["options"] = " ".join(f"-c {name}={value}" for name, value in TIMEOUTS.items())
        database |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    if "options" not in options:  # which may allow for longer
        database["SILENT_SECONDS"] = SILENT_SECONDS
    # Statements that a connection sees again and again are parsed and planned once. Connections to a pooler are not
    # ours: what is set for one would be met by others.
    ours = {"server_side_binding": True, "prepare_threshold": None if pooler else 5}
    return database | {"OPTIONS": defaults | options | ours}


def parse(url: str) -> dict[str, Any]:
    """Return the parameters of a URL of PostgreSQL, by libpq's names for them.

    Raise ImproperlyConfigured where it is malformed, with nothing of what it holds."""
    try:
        parameters = conninfo_to_dict(url)
    except ProgrammingError as error:
        reason, _, _ = str(error).partition(': "')
        raise ImproperlyConfigured(f"DATABASE_URL is malformed: {reason}") from None
    if "@" in str(parameters.get("host", "")):
        raise ImproperlyConfigured("DATABASE_URL is malformed: @ in a password is written %40")
    if not all(port.isdecimal() or not port for port in str(parameters.get("port", "")).split(",")):
        raise ImproperlyConfigured("DATABASE_URL is malformed: a port is a number")
    if not parameters.get("dbname"):
        raise ImproperlyConfigured("DATABASE_URL is malformed: it names no database")
    return parameters
