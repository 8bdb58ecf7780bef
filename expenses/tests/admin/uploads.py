"""Uploads to the import page of the admin, and what it shows."""

import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.asserts import assertContains

from expenses.models import Expense

EXPENSES = "/admin/expenses/expense/"
PATH = f"{EXPENSES}import/"
HEADER = "date,amount,category,description\n"
LUNCH = "2026-01-21,12.34,Food,Lunch\n"
COFFEE = "2026-01-22,3.50,Coffee,<b>\n"


def send(client: Client, content: str | bytes, **fields: str) -> Any:
    file = SimpleUploadedFile("bank.csv", content.encode() if isinstance(content, str) else content)
    return client.post(PATH, {"owner": "alice", "file": file, **fields})


def preview(client: Client, content: str, **fields: str) -> str:
    """Return the signed field that comes with the preview."""
    response = send(client, content, **fields)
    assert errors(response) == {}
    seen: str = response.context["seen"]
    assertContains(response, f'<input type="hidden" name="seen" value="{seen}">', html=True)
    return seen


def errors(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)


def rows(response: Any) -> list[list[str]]:
    """Return the cells of the table of rows, as HTML."""
    _, table = response.content.decode().split("<tbody>", 1)
    return [re.findall("<td.*?>(.*?)</td>", row) for row in table.split("</tbody>")[0].split("<tr>")[1:]]


def stored() -> list[tuple[Any, ...]]:
    return list(Expense.objects.order_by("pk").values_list("owner__username", "date", "amount", "category"))
