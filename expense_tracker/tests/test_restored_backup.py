"""Backups of this version: restored, and what clients hear afterwards"""

import time
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from rest_framework.test import APIClient

from accounts.models import RevisionCounter, User
from expense_tracker.tests.backups import (
    LUNCH,
    Databases,
    Device,
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


def test_all_data_is_restored(alice: APIClient, tmp_path: Path, databases: Databases) -> None:
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


def test_tokens_cursors_and_etags_from_after_the_backup_are_invalid(
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


def test_cursors_stay_valid_or_invalid_after_a_second_restore(
    alice: APIClient, tmp_path: Path, databases: Databases
) -> None:
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


def test_backup_restored_twice_does_not_issue_revisions_twice(
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


def test_wrong_clock_moves_counters_forward_all_the_same(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    alice.post("/api/expenses", LUNCH)
    monkeypatch.setattr("time.time_ns", lambda: 0)

    assert after_restore() == "1 revision counters moved forward, 1 sessions ended.\n"

    client, _ = log_in()
    assert client.post("/api/expenses", LUNCH).json()["revision"] == 1_000_002
    assert changes_since(client, 1) == 200
    assert changes_since(client, 2) == 410


def test_user_without_a_revision_counter_gets_one_moved_forward() -> None:
    User.objects.create_user("carol", PASSWORD)
    assert not RevisionCounter.objects.exists()

    after_restore()

    assert User.objects.get().revision >= RevisionCounter.LEAST_GAP
