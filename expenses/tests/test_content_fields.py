"""Every field of an expense is content, which all that copies an expense must know, or looked after by the server"""

import io
from datetime import date
from typing import Any

import pytest
from rest_framework.test import APIClient

from expenses.admin.expense_form import ExpenseForm
from expenses.models import Expense
from expenses.tests.api import EXPENSES

SERVER_FIELDS = {"id", "owner_id", "created_at", "updated_at", "deleted_at", "revision", "search_text", "external_id"}
# Two values of each content field, as the API takes them.
VALUES: dict[str, tuple[Any, Any]] = {
    "date": ("2026-01-21", "2026-01-22"),
    "amount": (2500, 2600),
    "category": ("Food", "Fun"),
    "description": ("Lunch", "Cinema"),
}
FIRST, SECOND = ({name: values[place] for name, values in VALUES.items()} for place in (0, 1))
CONTENT = pytest.mark.parametrize("name", Expense.CONTENT_FIELDS)


def test_every_field_is_content_or_maintained() -> None:
    assert {field.attname for field in Expense._meta.concrete_fields} == SERVER_FIELDS | set(Expense.CONTENT_FIELDS)
    assert set(Expense.CONTENT_FIELDS) == VALUES.keys()


@CONTENT
def test_bulk_patch_and_put_store_it(alice: APIClient, name: str) -> None:
    path = alice.post(EXPENSES, FIRST)["Location"]
    expense_id = int(path.rpartition("/")[2])

    assert alice.get(path).json()[name] == FIRST[name]
    alice.post(f"{EXPENSES}/bulk", {"update": [{"id": expense_id, name: SECOND[name]}]})
    assert alice.get(path).json()[name] == SECOND[name]
    alice.patch(path, {name: FIRST[name]})
    assert alice.get(path).json()[name] == FIRST[name]
    alice.put(path, SECOND)
    assert alice.get(path).json()[name] == SECOND[name]


@CONTENT
def test_purge_forgets_it(alice: APIClient, name: str) -> None:
    alice.delete(alice.post(EXPENSES, FIRST)["Location"])

    Expense.objects.all().purge()

    value = getattr(Expense.objects.get(), name)
    assert value == Expense.PURGED[name]
    assert value in (None, "", 0, date(1970, 1, 1))


@CONTENT
@pytest.mark.parametrize("file_format", ["csv", "json"])
def test_export_and_import_keep_it(alice: APIClient, bob: APIClient, name: str, file_format: str) -> None:
    alice.post(EXPENSES, FIRST)
    response: Any = alice.get(f"{EXPENSES}/export?format={file_format}")
    exported = b"".join(response.streaming_content)
    file = io.BytesIO(exported)
    file.name = f"expenses.{file_format}"

    assert bob.post(f"{EXPENSES}/import", {"file": file}, format="multipart").json()["created"] == 1

    assert bob.get(EXPENSES).json()[0][name] == FIRST[name]


@CONTENT
def test_staff_can_change_it(name: str) -> None:
    assert name in ExpenseForm.base_fields
