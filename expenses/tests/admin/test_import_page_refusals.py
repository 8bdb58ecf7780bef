"""/admin/expenses/expense/import/: forms and files that are refused"""

from datetime import date
from threading import BoundedSemaphore

import pytest
from django.test import Client
from pytest_django.asserts import assertNotContains

from accounts.models import User
from expenses.imports import files, slots
from expenses.tests.admin.staff import staff
from expenses.tests.admin.uploads import EXPENSES, HEADER, LUNCH, PATH, errors, preview, send, stored

BOTH_ORDERS = "date,amount,category\n01/02/2026,3.50,Coffee\n"


def test_ambiguous_file_is_an_error_of_the_option_that_decides(admin_client: Client, alice: User) -> None:
    response = send(admin_client, BOTH_ORDERS)

    assert list(errors(response)) == ["date_format"]
    assert response.context["seen"] == ""
    assertNotContains(response, 'name="_import"')

    seen = preview(admin_client, BOTH_ORDERS, date_format="DD/MM/YYYY")
    send(admin_client, BOTH_ORDERS, date_format="DD/MM/YYYY", seen=seen, _import="Import")

    assert stored() == [("alice", date(2026, 2, 1), 350, "Coffee")]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"owner": ""}, ["owner"]),
        ({"owner": "nobody"}, ["owner"]),
        ({"owner": "a\x00"}, ["owner"]),
        ({"date_format": "x", "columns": "[]"}, ["date_format", "columns"]),
        ({"decimal": "x"}, ["decimal"]),
        ({"spending": "x"}, ["spending"]),
        ({"encoding": "rot13"}, ["encoding"]),
        ({"encoding": "utf-16"}, ["encoding"]),
        ({"delimiter": "x"}, ["delimiter"]),
        ({"columns": '{"amount": "none"}'}, ["columns"]),
        ({"default_category": "x" * 41}, ["default_category"]),
    ],
)
def test_invalid_value_is_an_error_of_its_field(
    admin_client: Client, alice: User, fields: dict[str, str], wrong: list[str]
) -> None:
    response = send(admin_client, HEADER + LUNCH, **fields)

    assert list(errors(response)) == wrong
    assert response.context["seen"] == ""


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"a,b\n1,2\n", b"\x00\xff" * 50, b"[{]"])
def test_unreadable_file_is_an_error_of_the_file(admin_client: Client, alice: User, content: bytes) -> None:
    assert list(errors(send(admin_client, content))) in (["file"], ["columns"], ["encoding"])


def test_too_large_file_is_refused(admin_client: Client, alice: User) -> None:
    response = send(admin_client, b"x" * (files.MAX_FILE_BYTES + 1))

    assert errors(response) == {"file": ["The file is larger than 10,485,760 bytes."]}


def test_missing_file_is_refused(admin_client: Client, alice: User) -> None:
    assert list(errors(admin_client.post(PATH, {"owner": "alice"}))) == ["file"]


def test_file_waits_for_a_reading_slot_and_is_then_refused(
    admin_client: Client, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "reading_slots", BoundedSemaphore(1))
    monkeypatch.setattr(slots, "WAIT_SECONDS", 0.01)

    with slots.reading_slot():
        response = send(admin_client, HEADER + LUNCH)

    assert errors(response) == {"__all__": ["Other files are being imported. Try again in a moment."]}
    assert errors(send(admin_client, HEADER + LUNCH)) == {}


@pytest.mark.parametrize("permissions", [["view_expense"], ["view_expense", "add_expense"], ["import_expense"]])
def test_import_needs_its_permission(client: Client, alice: User, bob: User, permissions: list[str]) -> None:
    client.force_login(staff(bob, *permissions))

    assert client.get(PATH).status_code == 403
    assert send(client, HEADER + LUNCH).status_code == 403
    if "view_expense" in permissions:
        assertNotContains(client.get(EXPENSES), PATH)


def test_form_without_csrf_token_is_refused(alice: User, admin_user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    assert send(client, HEADER + LUNCH).status_code == 403
