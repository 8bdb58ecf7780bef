"""GET /api/expenses: cursors that are malformed, of another list or of another user"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from expenses.tests.api import EXPENSES, discard, spend
from expenses.tests.pages import cursor_of

NOT_OURS = "Take it from a Link header, together with the filters and the ordering there."


def refused(response: Any, message: str) -> bool:
    assert response.status_code == 400
    [error] = response.json()["errors"]
    return bool((error["parameter"], error["detail"]) == ("cursor", message))


@pytest.mark.parametrize("cursor", ["x", "é", "a.b", ".", "WzFd.x", "x" * 1000, "\0", "0", "%"])
def test_malformed_cursor_returns_400(alice: APIClient, cursor: str) -> None:
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
def test_cursor_of_another_list_returns_400(alice: APIClient, other: dict[str, str]) -> None:
    for _ in range(2):
        spend(alice)
        discard(alice)
    cursor, others = (cursor_of(alice.get(EXPENSES, {"limit": "1", **parameters})) for parameters in ({}, other))

    assert refused(alice.get(EXPENSES, {"cursor": cursor, **other}), NOT_OURS)
    assert refused(alice.get(EXPENSES, {"cursor": others}), NOT_OURS)
    assert alice.get(EXPENSES, {"cursor": others, **other}).status_code == 200
    # The default, and an empty parameter, are as nothing.
    assert alice.get(EXPENSES, {"cursor": cursor, "ordering": "-date", "search": ""}).status_code == 200


def test_cursor_with_one_changed_character_returns_400(alice: APIClient) -> None:
    spend(alice)
    spend(alice)
    cursor = cursor_of(alice.get(EXPENSES, {"limit": 1}))

    for place in range(len(cursor) - 1):
        changed = cursor[:place] + ("a" if cursor[place] != "a" else "b") + cursor[place + 1 :]
        assert alice.get(EXPENSES, {"cursor": changed}).status_code == 400


@pytest.mark.parametrize("offset", ["0", "1"])
def test_cursor_with_offset_returns_400(alice: APIClient, offset: str) -> None:
    assert refused(alice.get(EXPENSES, {"cursor": "x", "offset": offset}), "Send either cursor or offset.")


def test_wrong_cursor_returns_400_even_with_a_matching_etag(alice: APIClient) -> None:
    etag = alice.get(EXPENSES)["ETag"]

    assert refused(alice.get(EXPENSES, {"cursor": "x"}, headers={"If-None-Match": etag}), NOT_OURS)


def test_cursor_of_another_user_shows_own_expenses_only(alice: APIClient, bob: APIClient) -> None:
    mine = [spend(alice), spend(bob), spend(alice), spend(bob)]
    cursor = cursor_of(bob.get(EXPENSES, {"limit": 1}))

    assert alice.get(EXPENSES, {"cursor": cursor}).json() == [mine[2], mine[0]]
