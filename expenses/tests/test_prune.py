"""manage.py prune"""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.models import AdminSession, RateCounter, Session, User
from expenses.models import Expense

KEPT = {
    "sessions": {"live", "revoked"},
    "counters": {"counting"},
    "admin": {"logged in"},
}
EXPIRED = {
    "sessions": {"expired", "revoked and expired"},
    "counters": {"over"},
    "admin": {"logged in last month"},
}


@pytest.fixture(autouse=True)
def rows(alice: APIClient) -> None:
    """What has expired and what has not. Alice's own login and her registration's counter are not looked at."""
    alice.post("/api/expenses", {"amount": 1, "category": "Food"})
    Session.objects.all().delete()
    RateCounter.objects.all().delete()
    user, now = User.objects.get(), timezone.now()
    for name, days, revoked in (
        ("live", 1, None),
        ("revoked", 1, now),
        ("expired", -1, None),
        ("revoked and expired", -1, now),
    ):
        Session.objects.create(user=user, name=name, expires_at=now + timedelta(days=days), revoked_at=revoked)
    for key, seconds in (("counting", 60), ("over", -1)):
        RateCounter.objects.create(key=key, count=1, window_ends=int(time.time()) + seconds)
    for key, days in (("logged in", 1), ("logged in last month", -30)):
        AdminSession.objects.create(session_key=key, expire_date=now + timedelta(days=days))


def stored() -> dict[str, set[Any]]:
    return {
        "sessions": set(Session.objects.values_list("name", flat=True)),
        "counters": set(RateCounter.objects.values_list("key", flat=True)),
        "admin": set(AdminSession.objects.values_list("session_key", flat=True)),
    }


def test_prune_deletes_expired_rows_and_reports_them(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prune")

    assert capsys.readouterr().out == (
        "2 expired sessions deleted.\n"
        "1 counters whose window has ended deleted.\n"
        "0 answers kept for idempotency keys deleted.\n"
        "1 expired logins of the admin deleted.\n"
        "0 deleted expenses blanked.\n"
        "0 rows of totals merged into others.\n"
    )
    assert stored() == KEPT
    assert User.objects.count() == Expense.objects.count() == 1


def test_dry_run_reports_and_deletes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prune", "--dry-run")

    assert capsys.readouterr().out == (
        "2 expired sessions would be deleted.\n"
        "1 counters whose window has ended would be deleted.\n"
        "0 answers kept for idempotency keys would be deleted.\n"
        "1 expired logins of the admin would be deleted.\n"
        "0 deleted expenses would be blanked.\n"
    )
    assert stored() == {kind: KEPT[kind] | EXPIRED[kind] for kind in KEPT}


def test_second_run_finds_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("prune")
    capsys.readouterr()

    call_command("prune")

    assert capsys.readouterr().out == (
        "0 expired sessions deleted.\n"
        "0 counters whose window has ended deleted.\n"
        "0 answers kept for idempotency keys deleted.\n"
        "0 expired logins of the admin deleted.\n"
        "0 deleted expenses blanked.\n"
        "0 rows of totals merged into others.\n"
    )
