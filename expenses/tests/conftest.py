"""Fixtures for the tests of expenses."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from expenses.tests.bulk import EXPENSES, FOOD


@pytest.fixture
def expenses(alice: APIClient) -> list[dict[str, Any]]:
    """Four expenses of alice, at the revisions 1 to 4."""
    return [alice.post(EXPENSES, FOOD).json() for _ in range(4)]
