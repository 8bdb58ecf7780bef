"""Nobody sees or changes anything of another's."""

import re
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import RevisionCounter, Session, User
from expense_tracker.tests.contract import DOCUMENT, request_content, values
from expense_tracker.tests.routes import ROUTES, STREAMS
from expenses.models import Budget, Expense, IdempotencyRecord

NEVER = {"<id:pk>": 10**15, "<uuid:pk>": "00000000-0000-4000-8000-000000000000"}
MODELS = {"expenses": Expense, "budgets": Budget, "sessions": Session}


def everything_of(username: str) -> list[Any]:
    """All rows of somebody."""
    user = User.objects.get(username=username)
    owned = (Expense, Budget, IdempotencyRecord)
    rows = [list(model._default_manager.filter(owner=user).order_by("pk").values()) for model in owned]
    return [
        *rows,
        list(RevisionCounter.objects.filter(user=user).values()),
        list(user.api_sessions.order_by("pk").values()),
    ]


@pytest.fixture
def bobs(bob: APIClient) -> APIClient:
    """bob, with something of everything: live, deleted, budgeted, remembered, in two sessions."""
    for amount in (71111117, 72222227):
        bob.post("/api/expenses", {"amount": amount, "category": "Bob"}, HTTP_IDEMPOTENCY_KEY=f"bob-{amount}")
    bob.delete(f"/api/expenses/{Expense.objects.latest('pk').pk}")
    bob.put("/api/budgets", {"category": "Bob", "amount": 73333337})
    bob.post("/api/sessions", {"name": "Bob", "expires_in_days": 1, "scope": "write"})
    return bob


@pytest.mark.parametrize(
    ("method", "route", "body"),
    [
        pytest.param(
            method, route, next(iter(values(request_content(operation))), None), id=f"{method.upper()} /{route}"
        )
        for route in ROUTES
        if "<" in route
        for method, operation in DOCUMENT["paths"]["/" + re.sub("<[^>]*>", "{id}", route)].items()
    ],
)
def test_other_users_id_returns_the_404_of_an_unknown_id(
    alice: APIClient, bobs: APIClient, method: str, route: str, body: Any
) -> None:
    model = MODELS[route.split("/")[1]]
    theirs = model._default_manager.filter(**{"user__username" if model is Session else "owner__username": "bob"})
    before = everything_of("bob")
    never = re.sub("<[^>]*>", lambda parameter: str(NEVER[parameter[0]]), route)
    expected = getattr(alice, method)(f"/{never}", body)

    for pk in theirs.values_list("pk", flat=True):
        response = getattr(alice, method)("/" + re.sub("<[^>]*>", str(pk), route), body)

        assert response.status_code == expected.status_code == 404
        assert response.content == expected.content == b'{"detail":"Not found","code":"not_found"}'
        own = {"X-Request-ID", "RateLimit"}
        assert {n: v for n, v in response.items() if n not in own} == {
            n: v for n, v in expected.items() if n not in own
        }
    assert everything_of("bob") == before


@pytest.mark.parametrize("name", ["update", "delete"])
def test_bulk_with_other_users_ids_returns_the_404_of_unknown_ids(alice: APIClient, bobs: APIClient, name: str) -> None:
    before = everything_of("bob")

    def send(pk: int) -> Any:
        one = pk if name == "delete" else {"id": pk, "amount": 1, "if_revision": 1}
        return alice.post("/api/expenses/bulk", {name: [one]})

    expected = send(10**15)
    for pk in Expense.objects.filter(owner__username="bob").values_list("pk", flat=True):
        response = send(pk)

        assert response.status_code == expected.status_code == 404
        assert response.content == expected.content
    assert everything_of("bob") == before


@pytest.mark.parametrize(
    ("method", "route"),
    [
        (method, route)
        for route in sorted(ROUTES.keys() - STREAMS)
        for method in DOCUMENT["paths"].get(f"/{route}", {})
        if "<" not in route
    ],
)
def test_no_route_shows_or_changes_other_users_data(alice: APIClient, bobs: APIClient, method: str, route: str) -> None:
    operation = DOCUMENT["paths"][f"/{route}"][method]
    query = "?group_by=category" if route.endswith("summary") else ""
    before = everything_of("bob")
    secrets = (b'"Bob"', b"Bob,", b'"bob"', b"71111117", b"72222227", b"73333337")

    for body in values(request_content(operation)) or [None]:
        # Each of these would do it to bob, were it not for alice's token.
        sent = body and body | {name: "Bob" for name in ("category", "from") if name in body}
        response = getattr(alice, method)(f"/{route}{query}", sent, HTTP_IDEMPOTENCY_KEY="bob-71111117")

        assert response.status_code < 500
        if sent is None or "Bob" not in str(sent):
            assert [secret for secret in secrets if secret in response.getvalue()] == []
        assert "Idempotency-Replayed" not in response
    assert everything_of("bob") == before
