"""The cursors of GET /api/expenses."""

# ruff: noqa: RUF001 - letters that look alike are the point

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import User
from expenses.models import Expense
from expenses.tests.api import EXPENSES, discard, spend
from expenses.tests.test_list import links

ORDERINGS = [sign + name for name in ("date", "amount", "category", "created_at") for sign in ("", "-")]
NOT_OURS = "Take it from a Link header, together with the filters and the ordering there."


def follow(client: APIClient, url: str, between: Callable[[], object] = lambda: None) -> list[list[dict[str, Any]]]:
    """Return the pages that `next` leads through; `between` two of them something may happen."""
    pages = []
    while url:
        response = client.get(url)
        assert response.status_code == 200, response.content
        pages.append(response.json())
        url = links(response).get("next", "")
        between()
    return pages


def cursor_of(response: Any) -> str:
    return parse_qs(urlsplit(links(response)["next"]).query)["cursor"][0]


def refused(response: Any, message: str) -> bool:
    assert response.status_code == 400
    [error] = response.json()["errors"]
    return bool((error["parameter"], error["detail"]) == ("cursor", message))


@pytest.mark.parametrize("deleted", ["false", "true"])
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_next_leads_through_every_order(alice: APIClient, bob: APIClient, ordering: str, deleted: str) -> None:
    for number, category in enumerate(["Food", "food", "FOOD", "Äpfel", "apfel", "میوه\u200cها", "Food"]):
        values = {"category": category, "amount": 1 + number % 3, "date": f"2026-01-0{1 + number % 2}"}
        for client in (alice, bob):
            (discard if deleted == "true" else spend)(client, **values)
    parameters = {"ordering": ordering, "deleted": deleted}
    whole = alice.get(EXPENSES, parameters).json()

    pages = follow(alice, f"{EXPENSES}?{urlencode(parameters | {'limit': 2})}")

    assert pages == [whole[start : start + 2] for start in range(0, 7, 2)]


def test_next_of_a_page_by_offset_goes_by_key(alice: APIClient) -> None:
    expenses = [spend(alice) for _ in range(5)][::-1]

    assert follow(alice, f"{EXPENSES}?limit=2&offset=1") == [expenses[1:3], expenses[3:5]]


def test_a_page_behind_a_cursor_has_first_last_next_and_the_total(alice: APIClient) -> None:
    for _ in range(5):
        spend(alice)
    second = alice.get(links(alice.get(EXPENSES, {"limit": 2}))["next"])
    third = alice.get(links(second)["next"])

    assert set(links(second)) == {"first", "last", "next"}
    assert {name: links(third)[name] for name in links(third)} == {
        "first": f"{EXPENSES}?limit=2&offset=0",
        "last": f"{EXPENSES}?limit=2&offset=4",
    }
    assert second["X-Total-Count"] == third["X-Total-Count"] == "5"


def test_a_page_may_be_longer_than_the_last_one(alice: APIClient) -> None:
    expenses = [spend(alice) for _ in range(5)][::-1]
    cursor = cursor_of(alice.get(EXPENSES, {"limit": 1}))

    assert alice.get(EXPENSES, {"limit": "3", "cursor": cursor, "offset": ""}).json() == expenses[1:4]


def test_what_comes_and_goes_moves_nothing(alice: APIClient) -> None:
    first, second, third, fourth = [spend(alice, date=f"2026-01-0{day}") for day in (4, 3, 2, 1)]
    page = alice.get(EXPENSES, {"limit": 2})

    spend(alice, date="2026-01-05")
    alice.delete(f"{EXPENSES}/{first['id']}")
    alice.delete(f"{EXPENSES}/{second['id']}")

    assert page.json() == [first, second]
    assert alice.get(links(page)["next"]).json() == [third, fourth]


def test_a_row_that_comes_after_the_total_was_read_hides_none(
    alice: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    expenses = [spend(alice) for _ in range(2)][::-1]
    monkeypatch.setattr(User, "expense_count", 1)

    assert follow(alice, f"{EXPENSES}?limit=1") == [expenses[:1], expenses[1:]]


@pytest.mark.parametrize("cursor", ["x", "é", "a.b", ".", "WzFd.x", "x" * 1000, "\0", "0", "%"])
def test_what_is_no_cursor_is_named(alice: APIClient, cursor: str) -> None:
    assert refused(alice.get(EXPENSES, {"cursor": cursor}), NOT_OURS)


@pytest.mark.parametrize(
    "other",
    [
        {"ordering": "date"},
        {"ordering": "amount"},
        {"category": "Food"},
        {"search": "o"},
        {"date_from": "2026-01-01"},
        {"deleted": "true"},
    ],
)
def test_a_cursor_of_another_list_is_refused(alice: APIClient, other: dict[str, str]) -> None:
    for _ in range(2):
        spend(alice)
        discard(alice)
    cursor, others = (cursor_of(alice.get(EXPENSES, {"limit": "1", **parameters})) for parameters in ({}, other))

    assert refused(alice.get(EXPENSES, {"cursor": cursor, **other}), NOT_OURS)
    assert refused(alice.get(EXPENSES, {"cursor": others}), NOT_OURS)
    assert alice.get(EXPENSES, {"cursor": others, **other}).status_code == 200
    # The default, and an empty parameter, are as nothing.
    assert alice.get(EXPENSES, {"cursor": cursor, "ordering": "-date", "search": ""}).status_code == 200


def test_a_cursor_with_a_single_changed_character_is_refused(alice: APIClient) -> None:
    spend(alice)
    spend(alice)
    cursor = cursor_of(alice.get(EXPENSES, {"limit": 1}))

    for place in range(len(cursor) - 1):
        changed = cursor[:place] + ("a" if cursor[place] != "a" else "b") + cursor[place + 1 :]
        assert alice.get(EXPENSES, {"cursor": changed}).status_code == 400


@pytest.mark.parametrize("offset", ["0", "1"])
def test_cursor_and_offset_exclude_each_other(alice: APIClient, offset: str) -> None:
    assert refused(alice.get(EXPENSES, {"cursor": "x", "offset": offset}), "Send either cursor or offset.")


def test_a_wrong_cursor_is_refused_before_anything_is_not_modified(alice: APIClient) -> None:
    etag = alice.get(EXPENSES)["ETag"]

    assert refused(alice.get(EXPENSES, {"cursor": "x"}, headers={"If-None-Match": etag}), NOT_OURS)


def test_a_cursor_shows_nothing_of_anybody_else(alice: APIClient, bob: APIClient) -> None:
    mine = [spend(alice), spend(bob), spend(alice), spend(bob)]
    cursor = cursor_of(bob.get(EXPENSES, {"limit": 1}))

    assert alice.get(EXPENSES, {"cursor": cursor}).json() == [mine[2], mine[0]]


def plan_of(client: APIClient, url: str) -> str:
    """How the database reads the rows of a page."""
    statements: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        assert client.get(url).status_code == 200
    sql, params = next(each for each in statements if "LIMIT" in each[0] and "description" in each[0])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # So few rows it would rather sort.
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off"
            )
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} {sql}", params)
        return "\n".join(str(row) for row in cursor.fetchall())


def test_a_page_is_read_from_where_the_last_one_ended(alice: APIClient) -> None:
    for _ in range(2):
        spend(alice)

    plan = plan_of(alice, links(alice.get(EXPENSES, {"limit": 1}))["next"])

    assert "expenses_owner_date" in plan
    if connection.vendor == "postgresql":
        assert "Index Cond: ((owner_id = " in plan
        assert "(ROW(date, id) < ROW(" in plan
        assert "Sort" not in plan
    else:
        assert "(owner_id=? AND date<?)" in plan
        assert "TEMP B-TREE" not in plan


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
def test_every_row_that_is_there_throughout_is_shown_once(
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
