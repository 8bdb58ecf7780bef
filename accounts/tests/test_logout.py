"""POST /api/logout"""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.tests.api import ALICE
from accounts.tests.refusals import TOKEN_SENT, assert_refused


def test_tokens_are_refused_after_logout(alice: APIClient, api: APIClient) -> None:
    tokens = api.post("/api/login", ALICE).json()
    header = f"Bearer {tokens['access_token']}"

    response = api.post("/api/logout", HTTP_AUTHORIZATION=header)

    assert response.status_code == 200
    assert response.json() == {"message": "Logged out successfully"}
    for ended in (
        api.get("/api/expenses", HTTP_AUTHORIZATION=header),
        api.post("/api/expenses", {"amount": 1, "category": "Food"}, HTTP_AUTHORIZATION=header),
        api.post("/api/logout", HTTP_AUTHORIZATION=header),
        api.post("/api/refresh", {"refresh_token": tokens["refresh_token"]}),
    ):
        challenge = "Bearer" if ended.request["PATH_INFO"] == "/api/refresh" else TOKEN_SENT
        assert_refused(ended, "session_ended", challenge=challenge)


def test_logout_ends_no_other_session(alice: APIClient, bob: APIClient, api: APIClient) -> None:
    token = api.post("/api/login", ALICE).json()["access_token"]

    api.post("/api/logout", HTTP_AUTHORIZATION=f"Bearer {token}")

    assert alice.get("/api/me").status_code == 200
    assert bob.get("/api/me").status_code == 200


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("", "application/json"),
        ('{"refresh_token": "x.y.z"}', "application/json"),
        ("{nonsense", "application/json"),
        ("<logout/>", "text/xml"),
        (" " * 100_000, "application/json; charset=utf-7"),
    ],
    ids=["empty", "JSON", "nonsense", "XML", "large"],
)
def test_body_is_ignored(alice: APIClient, body: str, content_type: str) -> None:
    response = alice.generic("POST", "/api/logout", body, content_type=content_type)

    assert response.status_code == 200
    assert response.json() == {"message": "Logged out successfully"}
    assert alice.get("/api/me").status_code == 401


def test_logout_runs_one_statement_besides_authentication(
    alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    # authentication, the update that ends the session
    with django_assert_num_queries(2):
        alice.post("/api/logout")
