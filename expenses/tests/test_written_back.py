"""What the API answers can be sent to it again."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from expenses.tests.api import EXPENSES, discard, restore, spend

BULK = f"{EXPENSES}/bulk"


@pytest.mark.parametrize("method", ["put", "patch", "bulk"])
def test_what_was_read_in_the_trash_can_be_written_back(alice: APIClient, method: str) -> None:
    expense = discard(alice, amount=1)
    [read] = alice.get(EXPENSES, {"deleted": "true"}).json()
    assert "deleted_at" in read
    restore(alice, expense)
    sent = read | {"amount": 2}

    if method == "bulk":
        response = alice.post(BULK, {"update": [sent]})
    else:
        response = getattr(alice, method)(f"{EXPENSES}/{expense['id']}", sent)

    assert response.status_code == 200
    assert [each["amount"] for each in alice.get(EXPENSES).json()] == [2]
    assert alice.get(EXPENSES, {"deleted": "true"}).json() == []


def test_what_was_read_can_be_created_anew(alice: APIClient, bob: APIClient) -> None:
    discard(alice, external_id="a")
    read = [*alice.get(EXPENSES, {"deleted": "true"}).json(), spend(alice, external_id="b")]

    for expense in read:
        assert bob.post(EXPENSES, expense).status_code == 201
    assert bob.post(BULK, {"create": read}).status_code == 200

    assert {expense["external_id"] for expense in bob.get(EXPENSES).json()} == {"a", "b"}


def upload(client: APIClient, content: str) -> Any:
    file = SimpleUploadedFile("expenses.json", content.encode())
    return client.post(f"{EXPENSES}/import", {"file": file}, format="multipart")


@pytest.mark.parametrize(
    ("written", "shown"), [('"a b"', "a b"), ('""', ""), ('"é"', "é"), ("5", "5"), (f'"{"x" * 65}"', None)]
)
def test_an_import_refuses_what_is_no_external_id(alice: APIClient, written: str, shown: str | None) -> None:
    response = upload(alice, f'[{{"amount": 1, "category": "Food", "external_id": {written}}}]')

    assert response.status_code == 400
    body = response.json()
    assert body["code"] == "invalid_rows"
    [row] = body["rows"]
    assert (row["status"], row["pointer"]) == ("invalid", "#/0/external_id")
    assert row["reason"].endswith(" is no external_id: write 1 to 64 visible ASCII characters.")
    assert shown is None or row["reason"].startswith(f'"{shown}" is no')
    assert alice.get(EXPENSES).json() == []


def test_an_import_may_leave_the_external_id_null(alice: APIClient) -> None:
    assert upload(alice, '[{"amount": 1, "category": "Food", "external_id": null}]').json()["created"] == 1
