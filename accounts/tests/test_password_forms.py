"""Passwords are compared in Unicode's form NFC (RFC 8265)."""

from unicodedata import normalize
from unittest.mock import Mock

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher, check_password, make_password
from rest_framework.test import APIClient

from accounts.models import User
from accounts.tests.api import ANOTHER, log_in
from expense_tracker.tests.people import make_user

COMPOSED = normalize("NFC", "Pässwörd-für-Ångström")
DECOMPOSED = normalize("NFD", COMPOSED)
MIXED = COMPOSED.replace("ä", normalize("NFD", "ä"))


def login_status(password: str, username: str = "alice") -> int:
    return int(log_in(username, password).status_code)


@pytest.mark.parametrize("registered", [COMPOSED, DECOMPOSED], ids=["NFC", "NFD"])
@pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED], ids=["NFC", "NFD"])
def test_password_is_compared_in_nfc(db: None, registered: str, typed: str) -> None:
    sent = {"username": "alice", "password": registered}
    assert APIClient().post("/api/register", sent).status_code == 201

    assert login_status(typed) == 200
    assert login_status(typed.upper()) == 401


@pytest.mark.parametrize("stored", [COMPOSED, DECOMPOSED, MIXED], ids=["NFC", "NFD", "neither"])
def test_hash_of_another_form_still_logs_in_and_is_replaced(db: None, stored: str) -> None:
    make_user("alice")
    User.objects.update(password=make_password(stored))

    assert login_status(stored) == 200

    assert check_password(COMPOSED, User.objects.get().password)
    assert login_status(COMPOSED) == login_status(DECOMPOSED) == 200


@pytest.mark.parametrize("stored", [COMPOSED, DECOMPOSED], ids=["NFC", "NFD"])
@pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED, MIXED], ids=["NFC", "NFD", "neither"])
def test_hash_of_one_form_is_found_by_every_other(db: None, stored: str, typed: str) -> None:
    make_user("alice")
    User.objects.update(password=make_password(stored))

    assert login_status(typed.upper()) == 401
    assert login_status(typed) == 200


def test_changed_password_is_normalized(alice: APIClient) -> None:
    change = {"current_password": "SecurePassword123!", "new_password": DECOMPOSED}
    assert alice.post("/api/me/password", change).status_code == 200

    assert login_status(COMPOSED) == 200


@pytest.mark.parametrize(("password", "hashes"), [(ANOTHER, 1), (COMPOSED, 2), (DECOMPOSED, 2), (MIXED, 3)])
@pytest.mark.parametrize("username", ["alice", "nobody"])
def test_unknown_name_costs_as_many_hashes_as_a_wrong_password(
    db: None, monkeypatch: pytest.MonkeyPatch, username: str, password: str, hashes: int
) -> None:
    make_user("alice")
    encode = Mock(wraps=MD5PasswordHasher().encode)
    monkeypatch.setattr(MD5PasswordHasher, "encode", encode)

    assert login_status(password, username) == 401

    assert encode.call_count == hashes
