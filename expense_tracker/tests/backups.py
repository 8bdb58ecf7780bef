"""Backups, databases to restore them into, and what clients know from before."""

import os
import secrets
import shutil
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import psycopg
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from rest_framework.test import APIClient

from expense_tracker.tests.people import PASSWORD

CREDENTIALS = {"username": "alice", "password": PASSWORD}
LUNCH = {"amount": 2500, "category": "Food"}


def backup(file: Path) -> Path:
    call_command("backup", str(file), stdout=StringIO())
    return file


def after_restore() -> str:
    output = StringIO()
    call_command("after_restore", stdout=output)
    return output.getvalue()


class Databases:
    """Create empty databases and connect to the newest one."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.original = folder, connection.settings_dict["NAME"]
        self.names: list[str] = []

    def use(self, name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name

    def administer(self, statement: str) -> None:
        with psycopg.connect(django_settings.DATABASE_URL, autocommit=True) as administrator:
            administrator.execute(statement.encode())

    def new(self) -> str:
        name = f"restored_{secrets.token_hex(4)}"
        self.names.append(name)
        if connection.vendor == "sqlite":
            name = str(self.folder / name)
        else:
            self.administer(f"CREATE DATABASE {name}")
        self.use(name)
        return name

    def restore(self, file: Path) -> None:
        """Restore the file into a new database, as the documentation says."""
        name = self.new()
        if connection.vendor == "sqlite":
            shutil.copyfile(file, name)
        else:
            program = Path(os.environ["POSTGRES_BIN"]) / "pg_restore"
            url = urlsplit(django_settings.DATABASE_URL)._replace(path=f"/{name}").geturl()
            options = ["--exit-on-error", "--single-transaction", "--no-owner"]
            subprocess.run([program, *options, f"--dbname={url}", file], check=True)

    def remove(self) -> None:
        self.use(self.original)
        if connection.vendor == "postgresql":
            for name in self.names:
                self.administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


class Device(NamedTuple):
    """Tokens, cursor and ETags that a client holds."""

    access_token: str
    refresh_token: str
    cursor: int
    list_tag: str
    expense_tag: str


def log_in() -> tuple[APIClient, dict[str, Any]]:
    tokens = APIClient().post("/api/login", CREDENTIALS).json()
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access_token']}")
    return client, tokens


def device(client: APIClient, tokens: dict[str, Any], expense_id: int) -> Device:
    return Device(
        tokens["access_token"],
        tokens["refresh_token"],
        client.get("/api/expenses/changes").json()["revision"],
        client.get("/api/expenses")["ETag"],
        client.get(f"/api/expenses/{expense_id}")["ETag"],
    )


def client_of(device: Device) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {device.access_token}")
    return client


def changes_since(client: APIClient, cursor: int) -> int:
    return client.get("/api/expenses/changes", {"since": cursor}).status_code
