"""ETag and If-None-Match on what is made of a person's data as a whole"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from rest_framework.test import APIClient

LIST = "/api/expenses"
SUMMARY = "/api/expenses/summary?group_by=category,month"
CATEGORIES = "/api/categories"
BUDGETS = "/api/budgets"
POLLED = [LIST, SUMMARY, CATEGORIES, BUDGETS]
FILTERED = [
    "/api/expenses?category=Food&search=o&limit=1",
    f"{SUMMARY}&fill=true&amount_min=1",
    f"{BUDGETS}?month=2026-01",
]
FOOD = {"amount": 2500, "category": "Food", "date": "2026-01-21"}


@pytest.fixture(autouse=True)
def one_day(freeze: Callable[[date], object]) -> None:
    """Midnight does not pass while a test runs."""
    freeze(date(2026, 9, 20))


def tag_of(client: APIClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.headers["ETag"]


def tags(client: APIClient) -> dict[str, str]:
    return {path: tag_of(client, path) for path in POLLED}


def assert_all_changed(client: APIClient, before: dict[str, str]) -> None:
    for path, tag in before.items():
        response = client.get(path, HTTP_IF_NONE_MATCH=tag)
        assert response.status_code == 200, path
        assert response.headers["ETag"] != tag


@pytest.mark.parametrize("path", [*POLLED, *FILTERED])
def test_unchanged_response_is_a_304_after_the_authentication_query_alone(
    alice: APIClient, django_assert_num_queries: Callable[..., Any], path: str
) -> None:
    alice.post(LIST, FOOD)
    first = alice.get(path)

    # authentication
    with django_assert_num_queries(1):
        response = alice.get(path, HTTP_IF_NONE_MATCH=first["ETag"])

    assert response.status_code == 304
    assert response.content == b""
    for each in (first, response):
        assert each["ETag"] == first["ETag"]
        assert each["ETag"].startswith('W/"')
        assert each["Cache-Control"] == "private, no-cache"
        assert "Authorization" in each["Vary"].split(", ")


@pytest.mark.parametrize("path", POLLED)
def test_new_user_gets_304(alice: APIClient, path: str) -> None:
    assert alice.get(path, HTTP_IF_NONE_MATCH=tag_of(alice, path)).status_code == 304


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("{tag}", 304),
        ("{strong}", 304),
        ("*", 304),
        ('"other", {tag}', 304),
        ('W/"other",{tag},"another"', 304),
        ('W/"other", "another"', 200),
        ('"*"', 200),
        ("{bare}", 200),
        ("", 200),
        ("W/", 200),
        (", ,", 200),
        ("\ud7ff", 200),
    ],
)
@pytest.mark.parametrize("path", POLLED)
def test_if_none_match_compares_weakly_and_accepts_lists(alice: APIClient, path: str, header: str, status: int) -> None:
    alice.post(LIST, FOOD)
    tag = tag_of(alice, path)
    strong = tag.removeprefix("W/")

    sent = header.format(tag=tag, strong=strong, bare=strong.strip('"'))

    assert alice.get(path, HTTP_IF_NONE_MATCH=sent).status_code == status


@pytest.mark.parametrize(
    ("path", "query", "parameter"),
    [
        (LIST, "limit=0", "limit"),
        (LIST, "offset=x", "offset"),
        (LIST, "ordering=id", "ordering"),
        (LIST, "date_from=x", "date_from"),
        (LIST, "colour=red", "colour"),
        ("/api/expenses/summary", "", "group_by"),
        ("/api/expenses/summary", "group_by=day,month", "group_by"),
        ("/api/expenses/summary", "group_by=day&fill=1", "fill"),
        ("/api/expenses/summary", "group_by=day&amount_min=x", "amount_min"),
        (CATEGORIES, "limit=1", "limit"),
        (BUDGETS, "month=2026-13", "month"),
        (BUDGETS, "year=2026", "year"),
    ],
)
def test_malformed_query_returns_400_even_with_a_matching_etag(
    alice: APIClient, path: str, query: str, parameter: str
) -> None:
    tag = tag_of(alice, SUMMARY if path == "/api/expenses/summary" else path)

    for header in (tag, "*"):
        response = alice.get(f"{path}?{query}", HTTP_IF_NONE_MATCH=header)
        assert response.status_code == 400
        assert [error["parameter"] for error in response.json()["errors"]] == [parameter]
        assert not response.has_header("ETag")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", LIST, FOOD),
        ("post", "/api/create", FOOD),
        ("put", "/api/expenses/{expense}", FOOD),
        ("patch", "/api/expenses/{expense}", {}),
        ("delete", "/api/expenses/{expense}", None),
        ("post", "/api/categories/rename", {"from": "Food", "to": "Eating"}),
        ("put", BUDGETS, {"category": None, "amount": 1}),
        ("put", BUDGETS, {"category": "Food", "amount": 1}),
        ("delete", "/api/budgets/{budget}", None),
    ],
)
def test_every_write_changes_every_etag(alice: APIClient, method: str, path: str, body: dict[str, Any] | None) -> None:
    expense = alice.post(LIST, FOOD).json()["id"]
    budget = alice.put(BUDGETS, {"category": "Food", "amount": 400}).json()["id"]
    before = tags(alice)

    response = getattr(alice, method)(path.format(expense=expense, budget=budget), body)

    assert response.status_code in {200, 201}
    assert_all_changed(alice, before)


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("add/", {"amount": "1.00", "category": "Fun", "date": "2026-01-21"}),
        ("{expense}/change/", {"amount": "1.00", "category": "Fun", "date": "2026-01-21"}),
        ("{expense}/delete/", {"post": "yes"}),
        ("", {"action": "delete_selected", "post": "yes"}),
    ],
)
def test_every_write_in_the_admin_changes_every_etag(
    alice: APIClient, admin_client: Client, path: str, form: dict[str, str]
) -> None:
    expense = alice.post(LIST, FOOD).json()
    before = tags(alice)

    response = admin_client.post(
        f"/admin/expenses/expense/{path.format(expense=expense['id'])}",
        form | {"owner": expense["owner_id"], "_selected_action": expense["id"]},
    )

    assert response.status_code == 302
    assert_all_changed(alice, before)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("post", LIST, {"amount": 0}),
        ("delete", "/api/expenses/999999", None),
        ("post", "/api/categories/rename", {"from": "Fun", "to": "Eating"}),
        ("delete", "/api/budgets/999999", None),
    ],
)
def test_refused_write_changes_no_etag(alice: APIClient, method: str, path: str, body: dict[str, Any] | None) -> None:
    alice.post(LIST, FOOD)
    before = tags(alice)

    assert getattr(alice, method)(path, body).status_code in {400, 404}

    assert tags(alice) == before


def test_other_users_writes_do_not_change_etag(alice: APIClient, bob: APIClient) -> None:
    alice.post(LIST, FOOD)
    before = tags(alice)

    bob.post(LIST, FOOD)
    bob.post(LIST, FOOD)

    assert tags(alice) == before


@pytest.mark.parametrize("path", POLLED)
def test_etags_of_two_users_never_match(alice: APIClient, bob: APIClient, path: str) -> None:
    # A browser whose stored response was to another Authorization asks with the tag of that response and shows it
    # after a 304 (RFC 9111, section 4.1), so two people must not share a tag even after equally many changes.
    hers = alice.post(LIST, FOOD).json()
    his = bob.post(LIST, FOOD | {"amount": 1}).json()
    assert hers["revision"] == his["revision"]

    assert alice.get(path, HTTP_IF_NONE_MATCH=tag_of(bob, path)).status_code == 200


def test_etag_of_the_budgets_changes_with_the_day(alice: APIClient, freeze: Callable[[date], object]) -> None:
    alice.put(BUDGETS, {"category": None, "amount": 400})
    before = tags(alice)

    freeze(date(2026, 9, 21))

    assert {path for path, tag in tags(alice).items() if tag != before[path]} == {BUDGETS}
    assert alice.get(BUDGETS, HTTP_IF_NONE_MATCH=before[BUDGETS]).status_code == 200
