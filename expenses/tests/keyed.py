"""Requests with an Idempotency-Key."""

from typing import Any

import pytest
from rest_framework.test import APIClient

CREATE, EXPENSES, BULK = "/api/create", "/api/expenses", "/api/expenses/bulk"
FOOD = {"amount": 2500, "category": "Café 😀", "description": 'one\n"two" \\u2028\\</script>', "date": "2026-01-21"}
REQUESTS = pytest.mark.parametrize(
    ("path", "body", "status"), [(CREATE, FOOD, 200), (EXPENSES, FOOD, 201), (BULK, {"create": [FOOD]}, 200)]
)


def post(client: APIClient, path: str, body: Any, key: str = "key") -> Any:
    return client.post(path, body, headers={"Idempotency-Key": key})
