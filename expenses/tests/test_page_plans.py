"""How the database reads the pages of GET /api/expenses: page 200 costs what page 1 costs."""

from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from expenses.tests.api import EXPENSES, spend
from expenses.tests.pages import links

DAY = "2026-01-21"


def plans_of(client: APIClient, url: str) -> list[str]:
    """Return the plan of each statement that reads rows of a page."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.get(url).status_code == 200
    plans = []
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # So few rows it would rather sort.
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
            )
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        for sql, params in statements:
            if "LIMIT" in sql and "description" in sql:
                cursor.execute(f"{explain} {sql}", params)
                plans.append("\n".join(str(row) for row in cursor.fetchall()))
    return plans


@pytest.mark.parametrize("ordering", ["date", "-date"])
def test_a_page_is_read_from_where_the_last_one_ended(alice: APIClient, ordering: str) -> None:
    for date in ("2026-01-20", DAY, DAY, "2026-01-22"):
        spend(alice, date=date)
    second = links(alice.get(EXPENSES, {"limit": "2", "ordering": ordering}))["next"]

    plans = plans_of(alice, second)

    sign = "<" if ordering == "-date" else ">"
    if connection.vendor == "postgresql":
        [plan] = plans
        assert "expenses_owner_date" in plan
        assert "Index Cond: ((owner_id = " in plan
        assert f"(ROW(date, id) {sign} ROW(" in plan
        assert "Sort" not in plan
    else:
        same_day, other_days = plans
        assert f"expenses_owner_date (owner_id=? AND date=? AND id{sign}?)" in same_day
        assert f"expenses_owner_date (owner_id=? AND date{sign}?)" in other_days
        assert "TEMP B-TREE" not in same_day + other_days


def test_a_page_within_a_day_is_one_statement(alice: APIClient) -> None:
    for _ in range(5):
        spend(alice, date=DAY)

    assert len(plans_of(alice, links(alice.get(EXPENSES, {"limit": 2}))["next"])) == 1


@pytest.mark.parametrize("ordering", ["date", "-date"])
def test_pages_lead_over_the_end_of_a_day(alice: APIClient, ordering: str) -> None:
    for date in ("2026-01-20", DAY, DAY, DAY, DAY, "2026-01-22", "2026-01-22"):
        spend(alice, date=date)
    whole = alice.get(EXPENSES, {"ordering": ordering}).json()

    for limit in range(1, 8):
        shown, response = [], alice.get(EXPENSES, {"ordering": ordering, "limit": str(limit)})
        shown += response.json()
        while url := links(response).get("next"):
            response = alice.get(url)
            shown += response.json()
        assert shown == whole
