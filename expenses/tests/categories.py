"""Renames of categories, and the rows that they could change."""

from typing import Any

from rest_framework.test import APIClient

from accounts.models import RevisionCounter
from expenses.models import Budget, Expense

PATH = "/api/categories"
RENAME = "/api/categories/rename"


def rename(client: APIClient, old: str, new: str, **values: Any) -> Any:
    return client.post(RENAME, {"from": old, "to": new} | values)


def everything() -> tuple[list[Any], ...]:
    """Return all rows that a rename could change."""
    return tuple(list(model.objects.order_by("pk").values()) for model in (Expense, Budget, RevisionCounter))
