"""The whole URL configuration: what is not named here as public wants a token, new routes included."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

PUBLIC = {
    "",
    "favicon.ico",
    "healthz",
    "readyz",
    "api/login",
    "api/refresh",
    "api/register",
    "docs",
    "openapi.json",
    "redoc",
}
ADMIN = "admin/"
# What stands for the parameters of a route.
ARGUMENTS = {"<id:pk>": "1", "<uuid:pk>": "7c9e6679-7425-40de-944b-e07fc1f90ae7"}


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern
        elif route != ADMIN:
            yield from routes(pattern.url_patterns, route)


def path_of(route: str) -> str:
    for parameter, argument in ARGUMENTS.items():
        route = route.replace(parameter, argument)
    return f"/{route}"


ROUTES = dict(routes(get_resolver().url_patterns))
CLOSED = [
    pytest.param(method.upper(), path_of(route), id=f"{method.upper()} /{route}")
    for route, pattern in ROUTES.items()
    if route not in PUBLIC
    for method in pattern.callback.view_class.http_method_names  # type: ignore[attr-defined]  # set by View.as_view
]


def test_the_public_routes_are_these() -> None:
    assert ROUTES.keys() >= PUBLIC
    assert len(CLOSED) > 0


@pytest.mark.parametrize("route", ROUTES)
def test_every_route_can_be_called(route: str) -> None:
    assert "<" not in path_of(route), "ARGUMENTS must say what stands for this parameter"


@pytest.mark.parametrize(("method", "path"), CLOSED)
@pytest.mark.parametrize(
    ("headers", "detail"),
    [
        ({}, "Authentication credentials were not provided."),
        ({"HTTP_AUTHORIZATION": "Bearer x.y.z"}, "Could not validate credentials"),
    ],
    ids=["no token", "a forged token"],
)
def test_every_route_that_is_not_public_wants_a_token(
    api: APIClient, method: str, path: str, headers: dict[str, Any], detail: str
) -> None:
    response = api.generic(method, path, **headers)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"
    if method != "HEAD":
        assert response.json() == {"detail": detail}


@pytest.mark.parametrize("route", [route for route in ROUTES if route not in PUBLIC])
def test_options_describes_every_route_to_its_users(alice: APIClient, route: str) -> None:
    assert alice.options(path_of(route)).status_code in {200, 404}


@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/user/", "/admin/expenses/expense/", "/admin/nothing/"])
def test_the_admin_wants_staff_to_log_in(alice: APIClient, path: str) -> None:
    response = alice.get(path)

    assert response.status_code == 302
    assert response["Location"] == f"/admin/login/?next={path}"
