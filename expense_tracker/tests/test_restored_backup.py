"""What there is to do when a backup is restored, and what clients then hear."""

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rest_framework.test import APIClient

from accounts.models import RevisionCounter, User
from expense_tracker.tests.people import PASSWORD

pytestmark = [
    pytest.mark.django_db(transaction=True),  # pg_dump sees what is committed
    pytest.mark.skipif(django_settings.DATABASE_POOLER, reason="a backup goes past the pooler"),
]
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
    """Makes new and empty databases, each of which is the one in use from then on."""

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
        """As the README says."""
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


@pytest.fixture
def databases(tmp_path: Path) -> Iterator[Databases]:
    databases = Databases(tmp_path)
    yield databases
    databases.remove()


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


def client_of(device: Device) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {device.access_token}")
    return client


def changes_since(client: APIClient, cursor: int) -> int:
    return client.get("/api/expenses/changes", {"since": cursor}).status_code


def test_everything_comes_back(alice: APIClient, tmp_path: Path, databases: Databases) -> None:
    alice.post("/api/expenses", LUNCH | {"description": "Zoë's 🍕\n= two lines", "date": "1970-01-01"})
    gone = alice.post("/api/expenses", LUNCH).json()["id"]
    alice.delete(f"/api/expenses/{gone}")
    alice.put("/api/budgets", {"category": None, "amount": 1})
    paths = ["/api/expenses", "/api/expenses?deleted=true", "/api/budgets", "/api/categories", "/api/me"]
    before = [alice.get(path).json() for path in paths]
    file = backup(tmp_path / "backup")

    databases.restore(file)
    client, _ = log_in()

    assert [client.get(path).json() for path in paths] == before
    assert client.get("/readyz").status_code == 200
    assert client.post("/api/expenses", LUNCH).json()["id"] > gone


def test_nobody_trusts_what_they_know_from_the_lost_future(
    alice: APIClient, tmp_path: Path, databases: Databases
) -> None:
    kept = alice.post("/api/expenses", LUNCH).json()["id"]
    early = device(*log_in(), kept)
    file = backup(tmp_path / "backup")
    client, tokens = log_in()
    client.patch(f"/api/expenses/{kept}", {"amount": 1})
    lost = client.post("/api/expenses", LUNCH).json()["id"]
    late = device(client, tokens, kept)

    databases.restore(file)
    after_restore()

    for known in (early, late):
        assert client_of(known).get("/api/me").status_code == 401
        assert APIClient().post("/api/refresh", {"refresh_token": known.refresh_token}).status_code == 401
    client, _ = log_in()
    assert changes_since(client, early.cursor) == 200
    for writes in range(late.cursor + 2):
        # As many writes as there were: the numbers of the lost future never come back.
        response = client.get("/api/expenses/changes", {"since": late.cursor})
        assert (response.status_code, response.json()["detail"]) == (410, "resync"), writes
        assert client.get("/api/expenses", HTTP_IF_NONE_MATCH=late.list_tag).status_code == 200
        assert client.get(f"/api/expenses/{kept}", HTTP_IF_NONE_MATCH=late.expense_tag).status_code == 200
        assert client.patch(f"/api/expenses/{kept}", {"amount": 9}, HTTP_IF_MATCH=late.expense_tag).status_code == 412
        client.patch(f"/api/expenses/{kept}", {"amount": 2 + writes})
    assert client.get(f"/api/expenses/{lost}").status_code == 404
    everything = client.get("/api/expenses/changes").json()
    assert [row["id"] for row in everything["changed"]] == [kept]
    assert everything["revision"] > time.time() * 1000 - 60_000
    assert changes_since(client, everything["revision"]) == 200


def test_a_second_restore_forgets_nothing_of_the_first(alice: APIClient, tmp_path: Path, databases: Databases) -> None:
    first = alice.post("/api/expenses", LUNCH).json()
    backup(tmp_path / "monday")
    lost_first = alice.post("/api/expenses", LUNCH).json()["revision"]
    databases.restore(tmp_path / "monday")
    after_restore()
    client, _ = log_in()
    between = client.post("/api/expenses", LUNCH).json()["revision"]
    backup(tmp_path / "tuesday")
    lost_second = client.post("/api/expenses", LUNCH).json()["revision"]

    databases.restore(tmp_path / "tuesday")
    after_restore()

    client, _ = log_in()
    new = client.post("/api/expenses", LUNCH).json()["revision"]
    kept, lost = (first["revision"], between, new), (lost_first, between - 2, lost_second, new - 2, new + 1)
    assert [changes_since(client, cursor) for cursor in kept] == [200, 200, 200]
    assert [changes_since(client, cursor) for cursor in lost] == [410] * 5
    # Whoever begins again gets through, one page after another.
    cursor, pages = 0, 0
    while (page := client.get("/api/expenses/changes", {"since": cursor, "limit": 1}).json())["has_more"]:
        cursor, pages = page["revision"], pages + 1
    assert (page["revision"], pages) == (new, 2)


def test_a_backup_that_is_restored_twice_does_not_issue_revisions_twice(
    alice: APIClient, tmp_path: Path, databases: Databases
) -> None:
    kept = alice.post("/api/expenses", LUNCH).json()["id"]
    file = backup(tmp_path / "backup")
    seen: list[Device] = []

    for _ in range(2):
        databases.restore(file)
        after_restore()
        client, tokens = log_in()
        client.patch(f"/api/expenses/{kept}", {"amount": 1})
        seen.append(device(client, tokens, kept))

    first, second = seen
    assert changes_since(client, first.cursor) == 410
    assert client.patch(f"/api/expenses/{kept}", {"amount": 9}, HTTP_IF_MATCH=first.expense_tag).status_code == 412
    assert client.get("/api/expenses", HTTP_IF_NONE_MATCH=first.list_tag).status_code == 200
    assert changes_since(client, second.cursor) == 200


def test_a_clock_that_is_wrong_moves_counters_all_the_same(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    alice.post("/api/expenses", LUNCH)
    monkeypatch.setattr("time.time_ns", lambda: 0)

    assert after_restore() == "1 revision counters moved forward, 1 sessions ended.\n"

    client, _ = log_in()
    assert client.post("/api/expenses", LUNCH).json()["revision"] == 1_000_002
    assert changes_since(client, 1) == 200
    assert changes_since(client, 2) == 410


OLDER = {"accounts": "0003_ledger_restored_at", "expenses": "0003_covering_index"}


def fill_older_database() -> None:
    """alice, with expenses, as an earlier version left them."""
    for label in ("admin", "sessions"):
        call_command("migrate", label, verbosity=0)
    for label, name in OLDER.items():
        call_command("migrate", label, name, verbosity=0)
    apps = MigrationExecutor(connection).loader.project_state(list(OLDER.items())).apps
    user = apps.get_model("accounts", "User").objects.create(
        username="alice", username_key="alice", password=make_password(PASSWORD)
    )
    apps.get_model("accounts", "Ledger").objects.create(user=user, revision=20)
    expense = apps.get_model("expenses", "Expense")
    expense.objects.bulk_create(
        expense(owner=user, revision=number, search_text="food", **LUNCH) for number in range(1, 21)
    )


def test_a_backup_of_an_earlier_version_is_restored_migrated_and_served(tmp_path: Path, databases: Databases) -> None:
    databases.new()
    fill_older_database()
    file = backup(tmp_path / "backup")
    call_command("migrate", verbosity=0)  # the upgrade, after which things went wrong
    client, tokens = log_in()
    APIClient().post("/api/register", CREDENTIALS | {"username": "bob"})
    client.post("/api/expenses", LUNCH, HTTP_IDEMPOTENCY_KEY="one")
    kept = client.get("/api/expenses").json()[-1]["id"]
    client.patch(f"/api/expenses/{kept}", {"amount": 1})
    late = device(client, tokens, kept)

    databases.restore(file)
    with pytest.raises(CommandError, match=r"^Run `manage.py migrate` first; nothing was changed\.$"):
        after_restore()
    with connection.cursor() as cursor:
        cursor.execute("SELECT revision, restored_at FROM accounts_ledger")
        assert cursor.fetchall() == [(20, 0)]
    call_command("migrate", verbosity=0)
    assert after_restore() == "1 revision counters moved forward, 0 sessions ended.\n"

    assert client_of(late).get("/api/me").status_code == 401
    client, _ = log_in()
    assert changes_since(client, late.cursor) == 410
    assert client.patch(f"/api/expenses/{kept}", {"amount": 9}, HTTP_IF_MATCH=late.expense_tag).status_code == 412
    assert [row["amount"] for row in client.get("/api/expenses/changes").json()["changed"]] == [2500] * 20
    assert APIClient().post("/api/login", CREDENTIALS | {"username": "bob"}).status_code == 401
    assert client.post("/api/expenses", LUNCH, HTTP_IDEMPOTENCY_KEY="one").status_code == 201
    assert client.get("/readyz").status_code == 200


def test_a_restore_under_the_version_before_is_not_forgotten(databases: Databases) -> None:
    databases.new()
    call_command("migrate", "accounts", "0006_expense_count", verbosity=0)
    apps = MigrationExecutor(connection).loader.project_state(("accounts", "0006_expense_count")).apps
    user = apps.get_model("accounts", "User").objects.create(username="alice", username_key="alice")
    counter = apps.get_model("accounts", "RevisionCounter")
    counter.objects.create(user=user, revision=1_000_010, restored_at=1_000_005)

    call_command("migrate", "accounts", verbosity=0)

    alice = RevisionCounter.objects.get()
    issued = [each for each in (5, 6, 1_000_004, 1_000_005, 1_000_010, 1_000_011) if alice.has_issued(each)]
    assert issued == [5, 1_000_005, 1_000_010]


def test_a_user_without_a_revision_counter_gets_one_that_is_ahead_too() -> None:
    User.objects.create_user("carol", PASSWORD)
    assert not RevisionCounter.objects.exists()

    after_restore()

    assert User.objects.get().revision >= RevisionCounter.LEAST_GAP
