"""Fixtures for what holds for every route."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from rest_framework.test import APIClient

from expense_tracker.tests.attacker import Attacker
from expense_tracker.tests.backups import Databases
from expense_tracker.tests.log_lines import Collector, Lines


@pytest.fixture
def attacker(alice: APIClient, bob: APIClient, unlimited: None) -> Attacker:
    """alice, with an expense and a budget, whom nothing limits; what she does must not count for bob either."""
    bob.post("/api/expenses", {"amount": 1, "category": "Food"})
    alice.post("/api/expenses", {"amount": 1, "category": "Grocerys"})
    alice.put("/api/budgets", {"category": "Rent", "amount": 1})
    alice.raise_request_exception = False
    return Attacker(alice)


@pytest.fixture
def raw_lines() -> Iterator[list[str]]:
    """All lines of the log, as they are written."""
    collector = Collector()
    logging.getLogger().addHandler(collector)
    yield collector.written
    logging.getLogger().removeHandler(collector)


@pytest.fixture
def lines(raw_lines: list[str]) -> Lines:
    """What was written since the last call."""

    def read() -> list[dict[str, Any]]:
        read_lines = [orjson.loads(line) for line in raw_lines]
        raw_lines.clear()
        return read_lines

    return read


@pytest.fixture
def databases(tmp_path: Path) -> Iterator[Databases]:
    databases = Databases(tmp_path)
    yield databases
    databases.remove()
