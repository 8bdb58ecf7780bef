"""`manage.py backup FILE`: the whole database, consistent, while the service goes on."""

import os
import sqlite3
import subprocess
from argparse import ArgumentParser
from contextlib import closing
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection


class Command(BaseCommand):
    help = "Writes the database to FILE: a copy of SQLite's file, or PostgreSQL's custom format (for pg_restore)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="Where to; it must not exist.")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if settings.DATABASE_POOLER:
            # pg_dump empties the search path of its session, and leaves that to whom the pooler gives it next.
            raise CommandError("Go past the pooler: with the database's own DATABASE_URL and DATABASE_POOLER=false.")
        if file.exists():
            raise CommandError(f"{file} exists already.")
        # It holds everything of everybody: nobody but the owner may read it.
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600))
        try:
            if connection.vendor == "sqlite":
                self.copy_sqlite(file)
            else:
                self.dump_postgresql(file)
        except BaseException:
            file.unlink()
            raise
        self.stdout.write(f"{file.stat().st_size} bytes written to {file}.")

    def copy_sqlite(self, file: Path) -> None:
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as target:
            connection.connection.backup(target)

    def dump_postgresql(self, file: Path) -> None:
        client, environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
        program = os.path.join(os.environ.get("POSTGRES_BIN", ""), "pg_dump")  # noqa: PTH118  # a name is looked up in PATH
        command = [program, "--format=custom", f"--file={file}", *client[1:]]
        try:
            subprocess.run(command, env=os.environ | (environment or {}), check=True)
        except FileNotFoundError:
            raise CommandError("pg_dump is not installed; it comes with PostgreSQL's client programs.") from None
        except subprocess.CalledProcessError as error:
            raise CommandError(f"pg_dump failed with code {error.returncode}.") from None
