"""GET /api/expenses/{id}"""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

NOT_FOUND = {"detail": "Not found", "code": "not_found"}


@pytest.fixture
def lunch(alice: APIClient) -> dict[str, Any]:
    body: dict[str, Any] = alice.post(
        "/api/expenses", {"amount": 2500, "category": "Food", "description": "Lunch", "date": "2026-01-21"}
    ).json()
    return body


def test_get_returns_the_same_body_as_the_creation(alice: APIClient, lunch: dict[str, Any]) -> None:
    response = alice.get(f"/api/expenses/{lunch['id']}")

    assert response.status_code == 200
    assert response.json() == lunch
    assert response["ETag"] == f'"{lunch["revision"]}"'


def test_other_users_expense_returns_the_404_of_an_unknown_id(bob: APIClient, lunch: dict[str, Any]) -> None:
    foreign, unknown = (
        bob.get(f"/api/expenses/{pk}", headers={"X-Request-ID": "the-same"}) for pk in (lunch["id"], 2**40)
    )

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json() == NOT_FOUND
    del foreign.headers["RateLimit"], unknown.headers["RateLimit"]
    assert foreign.headers == unknown.headers


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
@pytest.mark.parametrize("spelling", ["0{id}", "+{id}", "-{id}", "{id}.0", "{id}_0", " {id}", "{id}%0A", "1e1"])
def test_id_in_another_spelling_returns_404(
    alice: APIClient, lunch: dict[str, Any], method: str, spelling: str
) -> None:
    response = getattr(alice, method)(f"/api/expenses/{spelling.format(id=lunch['id'])}")

    assert response.status_code == 404
    assert response.json() == NOT_FOUND


@pytest.mark.parametrize("id", ["0", 2**63 - 1, 2**63, 10**18, "9" * 19, "9" * 30, "٦٧", "x"])
def test_impossible_id_returns_404(alice: APIClient, id: int | str) -> None:
    response = alice.get(f"/api/expenses/{id}")

    assert response.status_code == 404
    assert response.json() == NOT_FOUND


def test_get_runs_one_query_besides_authentication(
    alice: APIClient, lunch: dict[str, Any], django_assert_num_queries: Callable[..., Any]
) -> None:
    # authentication, the expense
    with django_assert_num_queries(2):
        alice.get(f"/api/expenses/{lunch['id']}")
