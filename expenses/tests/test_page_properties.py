"""GET /api/expenses: pages by cursor while rows come and go"""

# ruff: noqa: RUF001 - letters that look alike are the point

from typing import Any
from urllib.parse import urlencode

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from expenses.models import Expense
from expenses.tests.api import EXPENSES, spend
from expenses.tests.pages import ORDERINGS, follow

CATEGORIES = st.sampled_from(["Food", "food", "FOOD", "Äpfel", "apfel", "Zoo", "میوه\u200cها"])
CONTENT = st.fixed_dictionaries(
    {
        "category": CATEGORIES,
        "amount": st.integers(1, 3),
        "date": st.sampled_from(["2026-01-01", "2026-01-02", "2026-01-03"]),
    }
)
# What happens before the next page: expenses that come, and places of those that go.
WRITES = st.tuples(st.lists(CONTENT, max_size=2), st.lists(st.integers(0, 99), max_size=2))


@given(
    rows=st.lists(CONTENT, min_size=1, max_size=12),
    ordering=st.sampled_from(ORDERINGS),
    limit=st.integers(1, 4),
    filters=st.sampled_from([{}, {"category": "Food"}, {"search": "fo"}, {"amount_min": 2}]),
    writes=st.lists(WRITES, max_size=8),
)
@settings(max_examples=100, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_row_that_stays_is_shown_once(
    alice: APIClient,
    unlimited: None,
    *,
    rows: list[dict[str, Any]],
    ordering: str,
    limit: int,
    filters: dict[str, Any],
    writes: list[Any],
) -> None:
    Expense.objects.all().delete()
    for values in rows:
        spend(alice, **values)
    before = {row["id"] for row in alice.get(EXPENSES, filters).json()}
    coming = iter(writes)

    def write() -> None:
        new, places = next(coming, ([], []))
        for values in new:
            spend(alice, **values)
        ids = list(Expense.objects.live().order_by("id").values_list("id", flat=True))
        for expense_id in {ids[place % len(ids)] for place in places if ids}:
            alice.delete(f"{EXPENSES}/{expense_id}")

    pages = follow(alice, f"{EXPENSES}?{urlencode(filters | {'ordering': ordering, 'limit': limit})}", between=write)

    shown = [row["id"] for page in pages for row in page]
    after = {row["id"] for row in alice.get(EXPENSES, filters).json()}
    assert len(shown) == len(set(shown))
    assert before & after <= set(shown)
