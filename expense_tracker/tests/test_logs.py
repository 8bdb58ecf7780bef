"""What the log says of a request, and what it never says."""

import re
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from expense_tracker.tests.log_lines import Lines
from expense_tracker.tests.people import PASSWORD
from expenses import actions

MEMBERS = ["time", "level", "logger", "message", "request_id", "method", "route", "status", "milliseconds", "user_id"]
FORM = "application/x-www-form-urlencoded"
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(\+00:00|Z)")


@pytest.mark.parametrize(
    ("request_line", "route", "status"),
    [
        ("GET /", "", 200),
        ("GET /healthz", "healthz", 200),
        ("GET /docs", "docs", 200),
        ("GET /api/expenses?search=secret", "api/expenses", 200),
        ("GET /api/expenses?unknown=secret", "api/expenses", 400),
        ("GET /api/expenses/4711", "api/expenses/<id:pk>", 404),
        ("DELETE /api/sessions/7c9e6679-7425-40de-944b-e07fc1f90ae7", "api/sessions/<uuid:pk>", 404),
        ("TRACE /api/expenses", "api/expenses", 405),
        ("OPTIONS /api/expenses", "api/expenses", 200),
        ("GET /nothing/secret?secret=1", None, 404),
        ("GET /admin/login/", "admin/login/", 200),
    ],
)
def test_request_logs_one_line(
    alice: APIClient, lines: Lines, request_line: str, route: str | None, status: int
) -> None:
    method, path = request_line.split()
    lines()

    assert alice.generic(method, path).status_code == status

    [line] = lines()
    assert list(line) == MEMBERS
    assert TIME.fullmatch(line["time"])
    assert (line["level"], line["message"]) == ("INFO", "request")
    assert (line["method"], line["route"], line["status"]) == (method, route, status)
    assert 0 < line["milliseconds"] < 10_000
    assert line["user_id"] == (User.objects.get().pk if "api" in path else None)


@pytest.mark.parametrize("status", [401, 400])
def test_anonymous_request_has_no_user_id(api: APIClient, lines: Lines, status: int) -> None:
    path, host = "/api/expenses", "evil.example" if status == 400 else "testserver"

    assert api.get(path, HTTP_HOST=host).status_code == status

    line = lines()[-1]
    assert (line["status"], line["user_id"]) == (status, None)


def test_admin_request_has_a_user_id(admin_client: Any, lines: Lines) -> None:
    admin_client.get("/admin/")

    assert lines()[-1]["user_id"] == User.objects.get().pk


@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_refused_body_is_logged(alice: APIClient, lines: Lines, method: str) -> None:
    lines()

    response = getattr(alice, method)("/api/expenses", HTTP_TRANSFER_ENCODING="chunked")

    [line] = lines()
    assert line["status"] == response.status_code == 411
    assert line["request_id"] == response["X-Request-ID"]


@pytest.mark.parametrize("given", ["a", "0af7651916cd43dd8448eb211c80319c", "7c9e6679-7425.40de_944B", "x" * 64])
def test_valid_request_id_is_kept(api: APIClient, lines: Lines, given: str) -> None:
    response = api.get("/", HTTP_X_REQUEST_ID=given)

    assert response["X-Request-ID"] == given
    assert lines()[-1]["request_id"] == given


@pytest.mark.parametrize(
    "given", ["", " ", "x" * 65, "a b", "a\nb", "a\x00", 'a"b', "<b>", "é", "a\r\nSet-Cookie: x=1"]
)
def test_invalid_request_id_is_replaced(api: APIClient, lines: Lines, given: str) -> None:
    responses = [api.get("/", HTTP_X_REQUEST_ID=given) for _ in range(2)]

    ids = [response["X-Request-ID"] for response in responses]
    assert len(set(ids)) == 2
    assert all(re.fullmatch("[0-9a-f]{32}", each) for each in ids)
    assert [line["request_id"] for line in lines() if line["message"] == "request"] == ids


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("/api/expenses", {}, 200),
        ("/api/expenses/1", {}, 404),
        ("/nothing", {}, 404),
        ("/", {"HTTP_HOST": "evil.example"}, 400),
        ("/api/create", {}, 405),
        ("/api/login", {"HTTP_CONTENT_ENCODING": "gzip"}, 415),
        ("/api/login", {"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
        ("/api/register", {"HTTP_CONTENT_TYPE": "text/plain"}, 405),
        ("/admin/", {}, 302),
        ("/static/admin/css/base.css", {}, 200),
    ],
)
def test_every_response_has_a_request_id(alice: APIClient, path: str, options: dict[str, Any], status: int) -> None:
    response = alice.get(path, HTTP_X_REQUEST_ID="mine", **options)

    assert response.status_code == status
    assert response["X-Request-ID"] == "mine"
    response.getvalue()  # closes the file


def test_500_logs_its_traceback_with_the_request_id(
    alice: APIClient, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**values: Any) -> None:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr(actions, "create_expense", fail)
    alice.raise_request_exception = False
    lines()

    response = alice.post("/api/expenses", {"amount": 1, "category": "Food"}, HTTP_X_REQUEST_ID="mine")

    assert response.status_code == 500
    assert response["X-Request-ID"] == "mine"
    [error, line] = lines()
    assert error["level"] == "ERROR"
    assert "Traceback" in error["exception"]
    assert "RuntimeError: the secret of the house" in error["exception"]
    assert error["request_id"] == line["request_id"] == "mine"
    assert line["status"] == 500


def test_middleware_error_is_logged(api: APIClient, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError("a middleware")

    monkeypatch.setattr("django.middleware.common.CommonMiddleware.process_request", fail)
    api.raise_request_exception = False

    response = api.get("/")

    assert response.status_code == 500
    assert response["X-Request-ID"] == lines()[-1]["request_id"]


def test_log_contains_no_user_input(alice: APIClient, raw_lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    token = APIClient().post("/api/login", {"username": "alice", "password": PASSWORD}).json()
    secret = "Wh1sper-me-n0t"

    def fail(**values: Any) -> None:
        raise RuntimeError("something else")

    client = APIClient()
    client.raise_request_exception = False
    sent: dict[str, Any] = {
        "HTTP_USER_AGENT": secret,
        "HTTP_COOKIE": f"x={secret}",
        "HTTP_REFERER": secret,
        "HTTP_X_REQUEST_ID": f"{secret} ",
    }
    for _ in range(2):  # the second time with an error of ours
        client.post("/api/login", {"username": secret, "password": secret}, **sent)
        client.generic("POST", "/api/login", f"username=alice&password={secret}", FORM, **sent)
        client.post("/api/register", {"username": secret, "password": "short"}, **sent)
        client.post("/api/refresh", {"refresh_token": token["refresh_token"]}, **sent)
        client.post("/api/refresh", {"refresh_token": token["refresh_token"] + "x"}, **sent)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {token['access_token']}")
        client.get(f"/api/expenses?search={secret}&{secret}=1", **sent)
        client.get(f"/{secret}", **sent)
        client.post("/api/expenses", {"amount": 1, "category": "Food", "description": secret}, **sent)
        client.generic("POST", "/api/expenses", f'{{"{secret}"', "application/json", **sent)
        client.post("/api/me/password", {"current_password": secret, "new_password": f"{secret}!"}, **sent)
        client.post("/api/sessions", {"name": secret, "expires_in_days": 1, "scope": "read"}, **sent)
        client.generic(secret, "/api/expenses", **sent)
        monkeypatch.setattr(actions, "create_expense", fail)

    log = "\n".join(raw_lines)
    assert len(raw_lines) > 20
    assert "Traceback" in log
    for text in (secret, PASSWORD, token["access_token"], token["refresh_token"], "alice"):
        assert text not in log
