"""RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-11) in every answer to somebody."""

from types import SimpleNamespace
from typing import Any

import pytest
from rest_framework.test import APIClient

from expense_tracker.tests.contract import methods_of
from expense_tracker.tests.routes import PUBLIC, ROUTES, path_of
from expenses.tests.api import spend

pytestmark = pytest.mark.usefixtures("clock")


def limits(response: Any) -> tuple[str, str]:
    return response["RateLimit-Policy"], response["RateLimit"]


def test_an_answer_says_how_many_requests_are_left_and_for_how_long(
    alice: APIClient, bob: APIClient, clock: SimpleNamespace
) -> None:
    assert limits(alice.get("/api/me")) == ('"user";q=600;w=60', '"user";r=599;t=20')
    clock.now += 1
    assert limits(alice.get("/api/expenses")) == ('"user";q=600;w=60', '"user";r=598;t=19')
    assert limits(bob.get("/api/me")) == ('"user";q=600;w=60', '"user";r=599;t=19')
    clock.now += 19
    assert limits(alice.get("/api/me")) == ('"user";q=600;w=60', '"user";r=599;t=60')


def test_past_the_limit_nothing_is_left(alice: APIClient, settings: Any) -> None:
    settings.USER_REQUESTS_PER_MINUTE = 2

    statuses, left = zip(
        *((response.status_code, limits(response)) for response in (alice.get("/api/me") for _ in range(4))),
        strict=True,
    )

    assert statuses == (200, 200, 429, 429)
    assert left == tuple(('"user";q=2;w=60', f'"user";r={rest};t=20') for rest in (1, 0, 0, 0))


def test_answers_of_every_kind_say_it(alice: APIClient) -> None:
    spend(alice)
    etag = alice.get("/api/expenses")["ETag"]
    responses = [
        alice.get("/api/expenses/export"),
        alice.get("/api/expenses", HTTP_IF_NONE_MATCH=etag),
        alice.get("/api/expenses?x=1"),
        alice.post("/api/expenses", b"{", content_type="application/json"),
        alice.get("/api/expenses/999"),
        alice.put("/api/expenses", {}),
        alice.put("/api/expenses/1", {}, HTTP_IF_MATCH='"99"'),
        alice.post("/api/expenses", b"x", content_type="text/plain"),
        alice.get("/api/expenses/live"),
    ]

    assert [response.status_code for response in responses] == [200, 304, 400, 400, 404, 405, 400, 415, 501]
    assert [limits(response)[1] for response in responses] == [f'"user";r={597 - n};t=20' for n in range(9)]


def test_what_a_read_only_token_is_refused_counts_too(reader: APIClient, settings: Any) -> None:
    settings.USER_REQUESTS_PER_MINUTE = 3

    responses = [reader.post("/api/expenses", {"amount": 1, "category": "Food"}) for _ in range(3)]

    assert [response.status_code for response in responses] == [403, 403, 429]
    assert [limits(response)[1] for response in responses] == ['"user";r=1;t=20', '"user";r=0;t=20', '"user";r=0;t=20']


def test_every_route_that_wants_a_token_says_it_to_whoever_has_one(alice: APIClient) -> None:
    for route in sorted(ROUTES.keys() - PUBLIC - {"api/logout"}):
        response = alice.generic(min(methods_of(route)), path_of(route))

        assert limits(response)[0] == '"user";q=600;w=60', route


@pytest.mark.parametrize("path", ["/", "/healthz", "/nothing", "/api/me"])
def test_an_answer_to_nobody_says_nothing_of_it(api: APIClient, path: str) -> None:
    response = api.get(path)

    assert not response.has_header("RateLimit")
    assert not response.has_header("RateLimit-Policy")
