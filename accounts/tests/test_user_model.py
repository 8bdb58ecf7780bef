"""Users and their names, beyond registration: the command line, the admin's forms, the database."""

# ruff: noqa: RUF001 - letters that look alike are the point

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from accounts.models import User, fold_username

PASSWORD = "SecurePassword123!"


@pytest.fixture
def createsuperuser(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    return lambda username: call_command("createsuperuser", username=username, interactive=False, verbosity=0)


def test_createsuperuser_makes_somebody_who_can_use_the_api_and_the_admin(api: APIClient, createsuperuser: Any) -> None:
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
def test_createsuperuser_says_that_a_name_is_taken(alice: APIClient, createsuperuser: Any, username: str) -> None:
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
def test_a_name_is_folded_into_its_key_whenever_it_is_saved(db: None, username: str, key: str) -> None:
    assert fold_username(username) == key
    assert fold_username(key) == key
    user = User.objects.create_user("somebody")

    user.username = username
    user.save()

    assert User.objects.get().username_key == key


@pytest.mark.parametrize("username", ["alice", "ALICE", "ａlice"])
def test_a_form_is_told_that_a_name_is_taken(alice: APIClient, username: str) -> None:
    with pytest.raises(ValidationError) as refused:
        User(username=username, password="!").full_clean()

    assert refused.value.message_dict == {"username": ["A user with that username already exists."]}


def test_a_user_may_change_the_case_of_their_own_name(alice: APIClient) -> None:
    user = User.objects.get()

    user.username = "Alice"
    user.full_clean()


def test_the_database_refuses_two_names_with_one_key(alice: APIClient) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ALICE")


def test_a_user_without_a_revision_counter_has_seen_no_changes(db: None) -> None:
    assert User.objects.create_user("alice").revision == 0
