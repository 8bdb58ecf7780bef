"""Cross-origin requests: web front ends on other origins."""

from typing import Any

import pytest
from rest_framework.test import APIClient

ORIGIN = "http://localhost:3000"


def words(header: str) -> set[str]:
    return {word.strip().lower() for word in header.split(",")}


@pytest.mark.parametrize("port", [3000, 5173, 4200, 8081, 19006])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_preflight_allows_every_request_header_of_clients(api: APIClient, host: str, port: int) -> None:
    origin = f"http://{host}:{port}"
    sent = "authorization,content-type,if-match,if-none-match,idempotency-key,x-request-id"

    response = api.options(
        "/api/expenses/1",
        HTTP_ORIGIN=origin,
        HTTP_ACCESS_CONTROL_REQUEST_METHOD="PATCH",
        HTTP_ACCESS_CONTROL_REQUEST_HEADERS=sent,
    )

    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == origin
    assert words(response["Access-Control-Allow-Methods"]) >= {"get", "post", "put", "patch", "delete"}
    assert words(response["Access-Control-Allow-Headers"]) >= words(sent)
    assert not response.has_header("Access-Control-Allow-Credentials")


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/expenses", 200), ("/api/expenses/1", 404), ("/api/expenses?x=1", 400), ("/nothing", 404)],
)
def test_front_end_may_read_responses_and_their_headers(alice: APIClient, path: str, status: int) -> None:
    response = alice.get(path, HTTP_ORIGIN=ORIGIN)

    assert response.status_code == status
    assert response["Access-Control-Allow-Origin"] == ORIGIN
    assert not response.has_header("Access-Control-Allow-Credentials")
    assert words(response["Access-Control-Expose-Headers"]) == {
        "link",
        "x-total-count",
        "etag",
        "location",
        "retry-after",
        "www-authenticate",
        "content-disposition",
        "x-request-id",
        "idempotency-replayed",
        "ratelimit-policy",
        "ratelimit",
    }


def test_front_end_may_read_errors(api: APIClient) -> None:
    response = api.get("/api/expenses", HTTP_ORIGIN=ORIGIN)

    assert response.status_code == 401
    assert response["Access-Control-Allow-Origin"] == ORIGIN


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:3001", "https://localhost:3000", "null"])
def test_other_origins_are_refused(api: APIClient, origin: str) -> None:
    preflight = api.options("/api/expenses", HTTP_ORIGIN=origin, HTTP_ACCESS_CONTROL_REQUEST_METHOD="GET")

    assert not preflight.has_header("Access-Control-Allow-Origin")
    assert not api.get("/", HTTP_ORIGIN=origin).has_header("Access-Control-Allow-Origin")


@pytest.mark.parametrize("headers", [{}, {"HTTP_ORIGIN": ORIGIN}], ids=["no origin", "an origin"])
@pytest.mark.parametrize("path", ["/", "/api/expenses", "/nothing"])
def test_responses_vary_by_origin(alice: APIClient, path: str, headers: dict[str, Any]) -> None:
    assert "origin" in words(alice.get(path, **headers)["Vary"])
