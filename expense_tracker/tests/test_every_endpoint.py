"""The whole URL configuration: what is not named here as public wants a token, new routes included."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from expense_tracker.tests.routes import PUBLIC, ROUTES, handled_methods, path_of

CLOSED = [
    pytest.param(method.upper(), path_of(route), id=f"{method.upper()} /{route}")
    for route, pattern in ROUTES.items()
    if route not in PUBLIC
    for method in handled_methods(pattern)
]


def test_public_routes_are_these() -> None:
    assert ROUTES.keys() >= PUBLIC
    assert len(CLOSED) > 0


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_can_be_called(route: str) -> None:
    assert "<" not in path_of(route), "ARGUMENTS must say what stands for this parameter"


@pytest.mark.parametrize(("method", "path"), CLOSED)
@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (
            {},
            {"detail": "Send `Authorization: Bearer …` with an access token.", "code": "not_authenticated"},
        ),
        (
            {"HTTP_AUTHORIZATION": "Bearer x.y.z"},
            {"detail": "Could not validate credentials", "code": "token_invalid"},
        ),
    ],
    ids=["no token", "a forged token"],
)
def test_every_closed_route_requires_a_token(
    api: APIClient, method: str, path: str, headers: dict[str, Any], body: dict[str, str]
) -> None:
    response = api.generic(method, path, **headers)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == ('Bearer error="invalid_token"' if headers else "Bearer")
    assert "Authorization" in response["Vary"].split(", ")
    assert response["Content-Type"] == "application/problem+json"
    if method != "HEAD":
        assert response.json() == body


@pytest.mark.parametrize("route", [route for route in ROUTES if route not in PUBLIC])
def test_options_describes_every_route_to_its_users(alice: APIClient, route: str) -> None:
    assert alice.options(path_of(route)).status_code in {200, 404}
