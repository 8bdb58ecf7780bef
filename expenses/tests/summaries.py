"""Requests for GET /api/expenses/summary, and the sums that it returns."""

from typing import Any
from urllib.parse import urlencode

from rest_framework.test import APIClient

PATH = "/api/expenses/summary"


def summary(client: APIClient, *parameters: tuple[str, Any]) -> dict[str, Any]:
    response = client.get(f"{PATH}?{urlencode(parameters)}")
    assert response.status_code == 200, response.json()
    body: dict[str, Any] = response.json()
    return body


def sums(count: int, total: int, average: int | None) -> dict[str, int | None]:
    return {"count": count, "total": total, "average": average}
