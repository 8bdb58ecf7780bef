"""`manage.py backup FILE`, and what there is to do when one is restored."""

import os
import secrets
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from rest_framework.test import APIClient

from expense_tracker.tests.people import PASSWORD

pytestmark = [
    pytest.mark.django_db(transaction=True),  # pg_dump sees what is committed
    pytest.mark.skipif(django_settings.DATABASE_POOLER, reason="a backup goes past the pooler"),
]
CREDENTIALS = {"username": "alice", "password": PASSWORD}
LUNCH = {"amount": 2500, "category": "Food"}


def backup(file: Path) -> str:
    output = StringIO()
    call_command("backup", str(file), stdout=output)
    return output.getvalue()


@pytest.fixture
def restore(tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """Restores a file into a fresh database as the README says, which is the one in use from then on."""
    original, fresh = connection.settings_dict["NAME"], f"restored_{secrets.token_hex(4)}"

    def administer(statement: str) -> None:
        with psycopg.connect(django_settings.DATABASE_URL, autocommit=True) as administrator:
            administrator.execute(statement.encode())

    def use(name: str) -> None:
        connection.close()
        connection.settings_dict["NAME"] = name

    def into_sqlite(file: Path) -> None:
        shutil.copyfile(file, tmp_path / fresh)
        use(str(tmp_path / fresh))

    def into_postgresql(file: Path) -> None:
        administer(f"CREATE DATABASE {fresh}")
        program = Path(os.environ["POSTGRES_BIN"]) / "pg_restore"
        url = urlsplit(django_settings.DATABASE_URL)._replace(path=f"/{fresh}").geturl()
        subprocess.run([program, "--exit-on-error", "--no-owner", f"--dbname={url}", file], check=True)
        use(fresh)

    yield into_sqlite if connection.vendor == "sqlite" else into_postgresql
    use(original)
    if connection.vendor == "postgresql":
        administer(f"DROP DATABASE IF EXISTS {fresh} WITH (FORCE)")


class Device(NamedTuple):
    """What a client knows."""

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


def test_a_backup_can_be_read_by_its_owner_only(alice: APIClient, tmp_path: Path) -> None:
    file = tmp_path / "backup"

    said = backup(file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert said == f"{file.stat().st_size} bytes written to {file}.\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["backup"]


def test_existing_file_is_not_overwritten(alice: APIClient, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("the only one")

    with pytest.raises(CommandError, match=r"exists already\.$"):
        backup(file)

    assert file.read_text() == "the only one"


def test_a_backup_goes_past_the_pooler(tmp_path: Path, settings: Any) -> None:
    settings.DATABASE_POOLER = True

    with pytest.raises(CommandError, match=r"^Go past the pooler"):
        backup(tmp_path / "backup")

    assert not (tmp_path / "backup").exists()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite needs no other program")
@pytest.mark.parametrize(
    ("folder", "message"),
    [("/nowhere", "is not installed"), ("failing", "failed with code 7")],
    ids=["absent", "fails"],
)
def test_a_backup_that_fails_leaves_no_file(
    alice: APIClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str, message: str
) -> None:
    program = tmp_path / "failing" / "pg_dump"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\nexit 7\n")
    program.chmod(0o700)
    monkeypatch.setenv("POSTGRES_BIN", str(tmp_path / folder))

    with pytest.raises(CommandError, match=message):
        backup(tmp_path / "backup")

    assert not (tmp_path / "backup").exists()


def test_restored_backup_has_everything(alice: APIClient, tmp_path: Path, restore: Callable[[Path], None]) -> None:
    alice.post("/api/expenses", LUNCH | {"description": "Zoë's 🍕\n= two lines", "date": "1970-01-01"})
    gone = alice.post("/api/expenses", LUNCH).json()["id"]
    alice.delete(f"/api/expenses/{gone}")
    alice.put("/api/budgets", {"category": None, "amount": 1})
    paths = ["/api/expenses", "/api/expenses?deleted=true", "/api/budgets", "/api/categories", "/api/me"]
    before = [alice.get(path).json() for path in paths]
    backup(tmp_path / "backup")

    restore(tmp_path / "backup")
    client, _ = log_in()

    assert [client.get(path).json() for path in paths] == before
    assert client.get("/readyz").status_code == 200
    assert client.post("/api/expenses", LUNCH).json()["id"] > gone


def test_tokens_cursors_and_etags_from_after_the_backup_are_refused(
    alice: APIClient, tmp_path: Path, restore: Callable[[Path], None]
) -> None:
    kept = alice.post("/api/expenses", LUNCH).json()["id"]
    early = device(*log_in(), kept)
    backup(tmp_path / "backup")
    client, tokens = log_in()
    client.patch(f"/api/expenses/{kept}", {"amount": 1})
    lost = client.post("/api/expenses", LUNCH).json()["id"]
    late = device(client, tokens, kept)

    restore(tmp_path / "backup")
    call_command("after_restore", stdout=StringIO())

    for known in (early, late):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {known.access_token}")
        assert client.get("/api/me").status_code == 401
        assert client.post("/api/refresh", {"refresh_token": known.refresh_token}).status_code == 401
    client, _ = log_in()
    for writes in range(late.cursor + 2):
        # As many writes as there were: the numbers of the lost future never come back.
        response = client.get("/api/expenses/changes", {"since": late.cursor})
        assert (response.status_code, response.json()) == (410, {"detail": "resync"}), writes
        assert client.get("/api/expenses", HTTP_IF_NONE_MATCH=late.list_tag).status_code == 200
        assert client.get(f"/api/expenses/{kept}", HTTP_IF_NONE_MATCH=late.expense_tag).status_code == 200
        assert client.patch(f"/api/expenses/{kept}", {"amount": 9}, HTTP_IF_MATCH=late.expense_tag).status_code == 412
        client.patch(f"/api/expenses/{kept}", {"amount": 2 + writes})
    assert client.get(f"/api/expenses/{lost}").status_code == 404
    everything = client.get("/api/expenses/changes").json()
    assert [row["id"] for row in everything["changed"]] == [kept]
    assert everything["revision"] > late.cursor + 900_000
    assert client.get("/api/expenses/changes", {"since": everything["revision"]}).status_code == 200


def test_user_without_revision_counter_gets_one_that_is_ahead(django_user_model: Any) -> None:
    user = django_user_model.objects.create_user("carol", PASSWORD)
    assert not hasattr(user, "revision_counter")

    call_command("after_restore", stdout=StringIO())

    user = django_user_model.objects.get()
    assert user.revision_counter.revision >= 1_000_000
