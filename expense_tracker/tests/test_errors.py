"""The one error shape."""

import logging
from typing import Any

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from rest_framework.test import APIClient

from expenses import actions

PROBLEM = "application/problem+json"


@pytest.mark.parametrize("path", ["/api/nothing-here", "/nothing-here", "/api", "/api/", "/%00", "/nothing-here/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_unknown_path_returns_404(api: APIClient, path: str, method: str) -> None:
    response = getattr(api, method)(path)

    assert response.status_code == 404
    assert response["Content-Type"] == PROBLEM
    assert response.json() == {"detail": "Not found", "code": "not_found"}


@pytest.mark.parametrize("path", ["/api/expenses", "/api/login", "/docs", "/api/expenses/1"])
@pytest.mark.parametrize("slashes", ["/", "//"])
def test_path_with_a_trailing_slash_returns_404_with_the_path_without(api: APIClient, path: str, slashes: str) -> None:
    response = api.get(path + slashes)

    assert response.status_code == 404
    assert response["Content-Type"] == PROBLEM
    detail = f"There is no such path. Did you mean {path} (no slash at the end)?"
    assert response.json() == {"detail": detail, "code": "not_found"}


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/api/login", {"POST", "OPTIONS"}),
        ("GET", "/api/register", {"POST", "OPTIONS"}),
        ("GET", "/api/create", {"POST", "OPTIONS"}),
        ("DELETE", "/api/expenses", {"GET", "POST", "HEAD", "OPTIONS"}),
        ("POST", "/api/expenses/1", {"GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}),
        ("TRACE", "/api/expenses/1", {"GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}),
        ("BREW", "/", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_405_names_the_allowed_methods(alice: APIClient, method: str, path: str, allowed: set[str]) -> None:
    response = alice.generic(method, path)

    assert response.status_code == 405
    assert response["Content-Type"] == PROBLEM
    assert response.json() == {"detail": f'Method "{method}" not allowed.', "code": "method_not_allowed"}
    assert set(response["Allow"].split(", ")) == allowed


def test_several_errors_are_listed_and_summarized(alice: APIClient) -> None:
    response = alice.post("/api/expenses", {"amount": 0, "category": "", "description": 1, "date": "x"})

    assert response.status_code == 400
    assert response["Content-Type"] == PROBLEM
    assert response.json() == {
        "detail": (
            "amount: Ensure this value is greater than or equal to 1. category: This field may not be blank."
            " description: Not a valid string. And 1 more."
        ),
        "code": "invalid",
        "errors": [
            {
                "detail": "Ensure this value is greater than or equal to 1.",
                "code": "min_value",
                "pointer": "#/amount",
            },
            {"detail": "This field may not be blank.", "code": "blank", "pointer": "#/category"},
            {"detail": "Not a valid string.", "code": "invalid", "pointer": "#/description"},
            {"detail": "Enter a day as YYYY-MM-DD.", "code": "invalid", "pointer": "#/date"},
        ],
    }


@pytest.mark.parametrize(
    ("name", "pointer"),
    [
        ("colour", "#/colour"),
        ("a/b~c", "#/a~1b~0c"),
        ("~1", "#/~01"),
        ("50% off", "#/50%25%20off"),
        ('"\\', "#/%22%5C"),
        ("größe", "#/gr%C3%B6%C3%9Fe"),
        ("", "#/"),
        ("0", "#/0"),
        ("non_field_errors", "#/non_field_errors"),
        ("__all__", "#/__all__"),
    ],
)
def test_pointer_escapes_any_field_name(alice: APIClient, name: str, pointer: str) -> None:
    response = alice.post("/api/expenses", {"amount": 1, "category": "Food", name: 1})

    message = "Unknown field. Allowed fields: amount, category, description, date, external_id."
    assert response.status_code == 400
    assert response.json()["errors"] == [{"detail": message, "code": "unknown", "pointer": pointer}]


@pytest.mark.parametrize("name", ["größe", "50% off", "a/b~c"])
def test_detail_names_the_field_as_it_was_sent(alice: APIClient, name: str) -> None:
    detail = alice.post("/api/expenses", {"amount": 1, "category": "Food", name: 1}).json()["detail"]

    assert detail.startswith(f"{name}: Unknown field.")


def test_500_logs_the_traceback_and_shows_nothing_of_it(
    alice: APIClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(**values: Any) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(actions, "create_expense", fail)
    alice.raise_request_exception = False

    response = alice.post("/api/expenses", {"amount": 1, "category": "Food"})

    assert response.status_code == 500
    assert response["Content-Type"] == PROBLEM
    assert response.json() == {"detail": "Internal server error", "code": "internal_error"}
    [record] = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert record.exc_info
    assert str(record.exc_info[1]) == "the secret of the house"


def test_unavailable_database_returns_503(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: BaseDatabaseWrapper) -> None:
        raise OperationalError("connection to server at 10.0.0.7 failed")

    alice.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "ensure_connection", fail)
        response = alice.get("/api/expenses")

    assert response.status_code == 503
    assert response["Content-Type"] == PROBLEM
    assert response.json().keys() == {"detail", "code"}
    assert "10.0.0.7" not in response.json()["detail"]
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "a b", "", "localhost:x"])
@pytest.mark.parametrize("path", ["/", "/api/expenses", "/docs", "/nothing-here"])
def test_forged_host_returns_400(alice: APIClient, host: str, path: str) -> None:
    response = alice.get(path, HTTP_HOST=host)

    assert response.status_code == 400
    assert response["Content-Type"] == PROBLEM
    assert response.json() == {"detail": "Bad request", "code": "bad_request"}


def test_form_instead_of_json_returns_415(alice: APIClient) -> None:
    response = alice.generic("POST", "/api/expenses", "amount=1", "application/x-www-form-urlencoded")

    assert response.status_code == 415
    assert response.json() == {
        "detail": 'Unsupported media type "application/x-www-form-urlencoded" in request. Send application/json.',
        "code": "unsupported_media_type",
    }


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/json; version=9", "x", "*/*", ""])
def test_response_is_json_whatever_accept_says(alice: APIClient, accept: str) -> None:
    assert alice.get("/api/expenses", HTTP_ACCEPT=accept)["Content-Type"] == "application/json"
    assert alice.get("/api/expenses/1", HTTP_ACCEPT=accept)["Content-Type"] == PROBLEM
    assert alice.get("/api/expenses?format=api").json()["errors"][0]["parameter"] == "format"
