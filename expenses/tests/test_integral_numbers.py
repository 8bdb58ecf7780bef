"""`1250.0` is an integer of JSON Schema, and what Dart, Kotlin and Swift write of a double."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import Session
from expenses.models import Budget, Expense
from expenses.tests.api import BUDGETS, EXPENSES, spend

INVALID = "Enter an integer of cents: 1250 for 12.50."


def send(client: APIClient, method: str, path: str, body: str) -> Any:
    """Send JSON as it is written here."""
    return client.generic(method, path, body, content_type="application/json")


def create(client: APIClient, amount: str, path: str = EXPENSES) -> Any:
    return send(client, "POST", path, f'{{"amount": {amount}, "category": "Food"}}')


def replace(client: APIClient, amount: str) -> Any:
    return send(client, "PUT", path_of(spend(client)), f'{{"amount": {amount}, "category": "Food"}}')


def change(client: APIClient, amount: str) -> Any:
    return send(client, "PATCH", path_of(spend(client)), f'{{"amount": {amount}}}')


def set_budget(client: APIClient, amount: str) -> Any:
    return send(client, "PUT", BUDGETS, f'{{"category": "Food", "amount": {amount}}}')


def path_of(expense: dict[str, Any]) -> str:
    return f"{EXPENSES}/{expense['id']}"


WRITES = pytest.mark.parametrize("write", [create, replace, change, set_budget])


@WRITES
@pytest.mark.parametrize("written", ["1250.0", "1.25e3", "1250e0", "12500E-1"])
def test_an_integral_amount_is_stored_and_answered_as_an_integer(
    alice: APIClient, write: Callable[..., Any], written: str
) -> None:
    response = write(alice, written)

    assert response.status_code in (200, 201)
    assert b'"amount":1250,' in response.content
    stored = Budget.objects.get() if write is set_budget else Expense.objects.get()
    assert stored.amount == 1250


@WRITES
@pytest.mark.parametrize("written", ["12.50", '"12"', '"12.50"', '"$12.50"', "true", "[1250]", "1e30"])
def test_what_is_no_integer_of_cents_is_told_how_one_is_written(
    alice: APIClient, write: Callable[..., Any], written: str
) -> None:
    response = write(alice, written)

    assert response.status_code == 400
    assert response.json() == {
        "detail": f"amount: {INVALID}",
        "code": "invalid",
        "errors": [{"detail": INVALID, "code": "invalid", "pointer": "#/amount"}],
    }


@WRITES
@pytest.mark.parametrize("written", ["NaN", "Infinity", "1e999"])
def test_what_json_has_not_is_refused(alice: APIClient, write: Callable[..., Any], written: str) -> None:
    response = write(alice, written)

    assert response.status_code == 400
    assert response.json()["detail"].startswith("The body is not valid JSON")


@WRITES
@pytest.mark.parametrize(
    ("written", "code"),
    [("0.0", "min_value"), ("-0.0", "min_value"), ("-1.0", "min_value"), ("1000000000000.0", "max_value")],
)
def test_an_integral_amount_keeps_the_limits(
    alice: APIClient, write: Callable[..., Any], written: str, code: str
) -> None:
    response = write(alice, written)

    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == code


@pytest.mark.parametrize("written", ["1250.0", "1.25e3"])
def test_the_published_path_refuses_what_it_always_refused(alice: APIClient, written: str) -> None:
    response = create(alice, written, "/api/create")

    assert response.status_code == 400
    assert response.json() == {
        "detail": f"amount: {INVALID}",
        "code": "invalid",
        "errors": [{"detail": INVALID, "code": "invalid", "pointer": "#/amount"}],
    }
    assert create(alice, "1250", "/api/create").status_code == 200


def test_all_integers_of_a_batch_may_have_a_point(alice: APIClient) -> None:
    first, second, third = (spend(alice, amount=amount) for amount in (1, 2, 3))

    response = send(
        alice,
        "POST",
        f"{EXPENSES}/bulk",
        '{"create": [{"amount": 4.0, "category": "Food"}],'
        f' "update": [{{"id": {first["id"]}.0, "amount": 1e1, "if_revision": {first["revision"]}.0}}],'
        f' "delete": [{second["id"]}.0, {{"id": {third["id"]}.0, "if_revision": {third["revision"]}.0}}]}}',
    )

    assert response.status_code == 200
    body = response.json()
    assert [expense["amount"] for expense in body["created"] + body["updated"]] == [4, 10]
    assert body["deleted"] == [second["id"], third["id"]]
    assert {type(expense["amount"]) for expense in body["created"] + body["updated"]} == {int}


@pytest.mark.parametrize("written", ["1.5", "9007199254740992.0", "1e18"])
def test_an_id_that_is_written_inexactly_is_refused(alice: APIClient, written: str) -> None:
    response = send(alice, "POST", f"{EXPENSES}/bulk", f'{{"delete": [{{"id": {written}}}]}}')

    assert response.status_code == 400
    assert response.json()["errors"] == [
        {"detail": "A valid integer is required.", "code": "invalid", "pointer": "#/delete/0/id"}
    ]


def test_an_import_of_json_takes_integral_amounts(alice: APIClient) -> None:
    file = SimpleUploadedFile("expenses.json", b'[{"date": "2026-01-21", "amount": 1250.0, "category": "Food"}]')

    response = alice.post(f"{EXPENSES}/import", {"file": file}, format="multipart")

    assert response.status_code == 200
    assert alice.get(EXPENSES).json()[0]["amount"] == 1250


def test_a_number_of_days_may_have_a_point(alice: APIClient) -> None:
    response = send(alice, "POST", "/api/sessions", '{"name": "Script", "expires_in_days": 7.0, "scope": "read"}')

    assert response.status_code == 201
    session = Session.objects.get(name="Script")
    assert (session.expires_at - session.created_at).days == 7
