"""Users and their names, beyond registration: the command line, the admin's forms, the database."""

# ruff: noqa: RUF001 - letters that look alike are the point

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from accounts.models import User, fold_username
from expense_tracker.tests.people import PASSWORD


@pytest.fixture
def createsuperuser(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    return lambda username: call_command("createsuperuser", username=username, interactive=False, verbosity=0)


def test_createsuperuser_creates_a_superuser_who_can_use_the_api(api: APIClient, createsuperuser: Any) -> None:
    createsuperuser("root")

    user = User.objects.get()
    assert (user.username, user.username_key) == ("root", "root")
    assert user.is_staff
    assert user.is_superuser
    token = api.post("/api/login", {"username": "root", "password": PASSWORD}).json()["access_token"]
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    assert api.get("/api/expenses").json() == []
    assert api.post("/api/expenses", {"amount": 1, "category": "Food"}).json()["revision"] == 1


@pytest.mark.parametrize("username", ["alice", "ALICE", "ａlice"])
def test_createsuperuser_refuses_a_taken_name(alice: APIClient, createsuperuser: Any, username: str) -> None:
    with pytest.raises(CommandError, match="already taken"):
        createsuperuser(username)


@pytest.mark.parametrize(
    ("username", "key"),
    [
        ("Alice", "alice"),
        ("ＡＬＩＣＥ", "alice"),
        ("Straße", "strasse"),
        ("JOSE\u0301", "josé"),
        ("ΐ" * 150, "ΐ" * 150),
    ],
)
def test_saving_folds_the_name_into_its_key(db: None, username: str, key: str) -> None:
    assert fold_username(username) == key
    assert fold_username(key) == key
    user = User.objects.create_user("somebody")

    user.username = username
    user.save()

    assert User.objects.get().username_key == key


def test_database_refuses_two_names_with_one_key(alice: APIClient) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ALICE")


def test_user_without_a_revision_counter_is_at_revision_0(db: None) -> None:
    assert User.objects.create_user("alice").revision == 0
