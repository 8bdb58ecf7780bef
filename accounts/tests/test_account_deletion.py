"""POST /api/me/delete"""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from rest_framework.test import APIClient

from accounts import actions
from accounts.models import RevisionCounter, Session, User
from accounts.tests.api import CHANGE, log_in
from accounts.tests.refusals import assert_refused
from expense_tracker.tests.concurrency import with_own_connection
from expense_tracker.tests.people import PASSWORD

Expense: Any = apps.get_model("expenses", "Expense")


def test_erased_account_leaves_nothing_behind(alice: APIClient, bob: APIClient) -> None:
    for client in (alice, bob):
        expense = client.post("/api/expenses", {"amount": 1, "category": "Food"}).json()["id"]
        client.post("/api/expenses", {"amount": 2, "category": "Food"})
        client.delete(f"/api/expenses/{expense}")
        client.post("/api/sessions", {"name": "Script", "expires_in_days": 1, "scope": "read"})

    response = alice.post("/api/me/delete", {"password": PASSWORD})

    assert response.status_code == 200
    assert response.json() == {"message": "Account deleted successfully"}
    assert log_in("alice", PASSWORD).json() == {"detail": "Invalid credentials", "code": "invalid_credentials"}
    bobs = User.objects.get()
    assert bobs.username == "bob"
    assert RevisionCounter.objects.get().user == bobs
    assert set(Session.objects.values_list("user", "name")) == {(bobs.pk, ""), (bobs.pk, "Script")}
    assert list(Expense.objects.values_list("owner", flat=True)) == [bobs.pk, bobs.pk]
    assert len(bob.get("/api/expenses").json()) == 1
    again = APIClient().post("/api/register", {"username": "alice", "password": PASSWORD})
    assert again.status_code == 201
    assert again.json()["user_id"] != bobs.pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("method", "path", "sent"),
    [
        ("post", "/api/expenses", {"amount": 2, "category": "Food"}),
        ("put", "{expense}", {"amount": 2, "category": "Food"}),
        ("patch", "{expense}", {"amount": 2}),
        ("delete", "{expense}", None),
        ("post", "/api/sessions", {"name": "Script", "expires_in_days": 1, "scope": "read"}),
        ("post", "/api/me/password", CHANGE),
        ("post", "/api/me/delete", {"password": PASSWORD}),
    ],
)
def test_write_that_waits_for_an_erasure_returns_401_and_stores_nothing(
    alice: APIClient, method: str, path: str, sent: Any
) -> None:
    expense = alice.post("/api/expenses", {"amount": 1, "category": "Food"})["Location"]

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            actions.erase_account(user=User.objects.get())
            response = pool.submit(with_own_connection, getattr(alice, method), path.format(expense=expense), sent)
            time.sleep(0.05)  # it passes authentication and comes to the lock
            assert not response.done()
        refused = response.result(timeout=10)

    assert_refused(refused, "session_ended")
    models: list[Any] = [User, RevisionCounter, Session, Expense]
    assert [model.objects.count() for model in models] == [0, 0, 0, 0]


@pytest.mark.django_db(transaction=True)
def test_erasure_waits_for_a_session_that_is_being_opened(alice: APIClient) -> None:
    user = User.objects.get()
    opened = Event()

    def open_session() -> None:
        with transaction.atomic():
            assert actions.open_session(user=user, user_agent="") is not None
            opened.set()
            time.sleep(0.05)  # the erasure comes to the lock

    with ThreadPoolExecutor(1) as pool:
        login = pool.submit(with_own_connection, open_session)
        assert opened.wait(10)
        response = alice.post("/api/me/delete", {"password": PASSWORD})
        login.result(timeout=10)

    assert response.status_code == 200
    assert [model.objects.count() for model in (User, RevisionCounter, Session)] == [0, 0, 0]
