"""Backups of earlier versions: restored, migrated and served"""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.hashers import make_password
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rest_framework.test import APIClient

from accounts.models import RevisionCounter
from expense_tracker.tests.backups import (
    CREDENTIALS,
    LUNCH,
    Databases,
    after_restore,
    backup,
    changes_since,
    client_of,
    device,
    log_in,
)
from expense_tracker.tests.people import PASSWORD

pytestmark = [
    pytest.mark.django_db(transaction=True),  # pg_dump sees what is committed
    pytest.mark.skipif(django_settings.DATABASE_POOLER, reason="a backup goes past the pooler"),
]
OLDER = {"accounts": "0003_ledger_restored_at", "expenses": "0003_covering_index"}


def fill_older_database() -> None:
    """alice, with expenses, as an earlier version left them."""
    call_command("migrate", "admin", verbosity=0)
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


def test_backup_of_an_earlier_version_is_restored_migrated_and_served(tmp_path: Path, databases: Databases) -> None:
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


def test_restore_under_the_previous_version_is_remembered(databases: Databases) -> None:
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
