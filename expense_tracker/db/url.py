"""DATABASE_URL: the one variable that says which database there is."""

from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

# Of PostgreSQL: none of them is ever reached by what the API does.
TIMEOUTS = {"statement_timeout": "30s", "lock_timeout": "10s", "idle_in_transaction_session_timeout": "30s"}
DATABASE_SCHEMES = ("sqlite://", "postgres://", "postgresql://")


def read_database(url: str, *, data_dir: Path, pooler: bool = False) -> dict[str, Any]:
    """Return Django's settings for the database that the URL names, by default a file of SQLite in `data_dir`.

    Raise ImproperlyConfigured for a URL of another kind."""
    if not url:
        url = f"sqlite:///{data_dir / 'db.sqlite3'}"
    if not url.startswith(DATABASE_SCHEMES):
        raise ImproperlyConfigured(f"DATABASE_URL must begin with one of {', '.join(DATABASE_SCHEMES)}")
    try:
        database: dict[str, Any] = {**dj_database_url.parse(url)}
    except ValueError as error:
        raise ImproperlyConfigured(f"DATABASE_URL is malformed: {error}") from error
    if pooler and url.startswith("sqlite://"):
        raise ImproperlyConfigured("DATABASE_POOLER is for PostgreSQL.")
    options = database.setdefault("OPTIONS", {})
    if url.startswith("sqlite://"):
        # With Django's defaults parallel writers fail with "database is locked": a transaction that begins with a
        # read cannot wait for the write lock. IMMEDIATE takes that lock first, and WAL lets readers go on meanwhile.
        database["ENGINE"] = "expense_tracker.db.backends.sqlite"
        options |= {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
        # The last connection to be closed takes away files that readers need; on a full disk, or in a folder that has
        # become read-only, they can't make them anew. To open one takes a millisecond, too.
        database["CONN_MAX_AGE"] = None
        # In a file, so that the tests' parallel requests meet the same locks as a real server's.
        database["TEST"] = {"NAME": str(data_dir / "test.sqlite3")}
    else:
        database["ENGINE"] = "expense_tracker.db.backends.postgresql"
        options.setdefault("connect_timeout", 2)
        # Large results are read in pages, which need no open cursor on the server.
        database["DISABLE_SERVER_SIDE_CURSORS"] = True
        # Statements that a connection sees again and again are parsed and planned once.
        options |= {"server_side_binding": True, "prepare_threshold": 5}
        if pooler:
            # Connections belong to the pooler: what is set for one would be met by others.
            options["prepare_threshold"] = None
        else:
            options.setdefault("options", " ".join(f"-c {name}={value}" for name, value in TIMEOUTS.items()))
            database |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    return database
