"""Databases for servers under test. Not the suite's own, whose tests are transactions that a server would not see."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from django.conf import settings
from psycopg import sql


@contextmanager
def new_database(folder: Path) -> Iterator[str]:
    """Return the URL of an empty database of the kind that the suite runs on; that of SQLite is a file in `folder`."""
    if not settings.DATABASE_URL.startswith("postgres"):
        yield f"sqlite:///{folder / 'db.sqlite3'}"
        return
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(settings.DATABASE_URL, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
