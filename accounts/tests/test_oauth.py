"""OAuth 2 clients (RFC 6749): POST /api/login and POST /api/refresh with forms."""

from typing import Any
from urllib.parse import urlencode

import pytest
from rest_framework.test import APIClient

from accounts.tests.api import ALICE, WRONG
from expense_tracker.tests.people import PASSWORD, make_user


@pytest.fixture(autouse=True)
def registered_alice(db: None) -> None:
    make_user("alice")


def send(path: str, content_type: str = "application/x-www-form-urlencoded", **form: str) -> Any:
    return APIClient().post(path, urlencode(form), content_type=content_type)


def assert_tokens(response: Any) -> dict[str, Any]:
    body: dict[str, Any] = response.json()
    assert response.status_code == 200
    assert body == {
        "access_token": body["access_token"],
        "token_type": "bearer",
        "expires_in": 1800,
        "refresh_token": body["refresh_token"],
    }
    return body


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "Application/X-WWW-Form-Urlencoded; charset=UTF-8"]
)
@pytest.mark.parametrize(
    "others",
    [{}, {"grant_type": ""}, {"grant_type": "password", "scope": "", "client_id": "docs", "client_secret": ""}],
)
def test_form_logs_in(content_type: str, others: dict[str, str]) -> None:
    assert_tokens(send("/api/login", content_type, **ALICE, **others))


@pytest.mark.parametrize(
    ("path", "others"),
    [
        ("/api/login", {"grant_type": "refresh_token"}),
        ("/api/refresh", {"grant_type": "refresh_token"}),
        ("/api/refresh", {"grant_type": "refresh_token", "scope": "", "client_id": "docs"}),
        ("/api/refresh", {}),
    ],
)
def test_form_refreshes_on_either_path(path: str, others: dict[str, str]) -> None:
    pair = assert_tokens(send("/api/login", **ALICE, grant_type="password"))

    newer = assert_tokens(send(path, **others, refresh_token=pair["refresh_token"]))

    me = APIClient().get("/api/me", HTTP_AUTHORIZATION=f"Bearer {newer['access_token']}")
    assert me.status_code == 200
    assert newer["refresh_token"] != pair["refresh_token"]


@pytest.mark.parametrize(
    ("path", "form", "status", "body"),
    [
        (
            "/api/login",
            ALICE | {"password": WRONG},
            401,
            {"detail": "Invalid credentials", "code": "invalid_credentials", "error": "invalid_grant"},
        ),
        (
            "/api/login",
            {"grant_type": "refresh_token", "refresh_token": "x.y.z"},
            401,
            {"detail": "Could not validate credentials", "code": "token_invalid", "error": "invalid_grant"},
        ),
        (
            "/api/refresh",
            {"refresh_token": "x.y.z"},
            401,
            {"detail": "Could not validate credentials", "code": "token_invalid", "error": "invalid_grant"},
        ),
        (
            "/api/login",
            ALICE | {"grant_type": "client_credentials"},
            400,
            {
                "detail": "Unsupported grant_type. Supported: password, refresh_token.",
                "code": "unsupported_grant_type",
                "error": "unsupported_grant_type",
            },
        ),
        (
            "/api/refresh",
            ALICE | {"grant_type": "password"},
            400,
            {
                "detail": "Unsupported grant_type. Supported: refresh_token.",
                "code": "unsupported_grant_type",
                "error": "unsupported_grant_type",
            },
        ),
    ],
)
def test_refused_form_returns_an_oauth2_error(
    path: str, form: dict[str, str], status: int, body: dict[str, str]
) -> None:
    response = send(path, **form)

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == body | {"error_description": body["detail"]}


@pytest.mark.parametrize(
    ("path", "form", "missing"),
    [
        ("/api/login", {"username": "alice"}, "password"),
        ("/api/login", {"password": PASSWORD, "grant_type": "password"}, "username"),
        ("/api/login", {"grant_type": "refresh_token"}, "refresh_token"),
        ("/api/refresh", {}, "refresh_token"),
    ],
)
def test_missing_parameter_is_an_invalid_request(path: str, form: dict[str, str], missing: str) -> None:
    response = send(path, **form)

    body = response.json()
    assert response.status_code == 400
    assert (body["error"], body["error_description"]) == ("invalid_request", f"{missing}: This field is required.")
    assert body["errors"] == [{"detail": "This field is required.", "code": "required", "pointer": f"#/{missing}"}]


def test_form_past_the_limit_is_temporarily_unavailable(settings: Any) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS = 1
    wrong = ALICE | {"password": WRONG}
    send("/api/login", **wrong)

    response = send("/api/login", **wrong)

    assert response.status_code == 429
    assert int(response["Retry-After"]) > 800
    assert response.json()["error"] == "temporarily_unavailable"


def test_error_description_has_only_allowed_characters() -> None:
    response = send("/api/login", 'application/x-www-form-urlencoded; charset="ü\\"', **ALICE)

    assert response.status_code == 415
    assert response.json()["error"] == "invalid_request"
    assert set(response.json()["error_description"]) <= set(map(chr, range(0x20, 0x7F))) - {'"', "\\"}


@pytest.mark.parametrize(
    ("path", "sent"), [("/api/login", ALICE | {"password": "nope"}), ("/api/refresh", {"refresh_token": "x"})]
)
def test_json_error_has_no_oauth2_members(path: str, sent: dict[str, str]) -> None:
    assert APIClient().post(path, sent).json().keys() == {"detail", "code"}
