"""What every response tells a browser to keep to."""

import os
import secrets
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from rest_framework.test import APIClient

from expense_tracker.tests.routes import ROUTES, path_of

DATA = "default-src 'none'; frame-ancestors 'none'"
PAGES = ["/docs", "/redoc", "/admin/login/"]
READ = [path_of(route) for route in ROUTES if f"/{route}" not in PAGES]


def policy_of(response: Any) -> dict[str, set[str]]:
    """The sources by directive."""
    parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: set(sources) for name, *sources in parts}


@pytest.mark.parametrize("path", [*READ, "/nothing", "/api/expenses?unknown=1", "/api/expenses/"])
def test_json_response_forbids_loading_and_framing(alice: APIClient, path: str) -> None:
    for method in ("GET", "POST", "DELETE", "OPTIONS", "TRACE"):
        response = alice.generic(method, path)

        assert response["Content-Security-Policy"] == DATA
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["X-Frame-Options"] == "DENY"
        assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", READ)
def test_response_without_etag_is_not_stored_by_caches(alice: APIClient, path: str) -> None:
    for method in ("POST", "PUT", "DELETE", "GET"):
        response = alice.generic(method, path)

        assert response["Cache-Control"] == ("private, no-cache" if "ETag" in response else "no-store"), method


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/", {"HTTP_HOST": "evil.example"}, 400),
        ("/api/login", {"HTTP_TRANSFER_ENCODING": "chunked"}, 411),
        ("/api/login", {"HTTP_CONTENT_ENCODING": "gzip"}, 415),
        ("/docs", {"HTTP_HOST": "evil.example"}, 400),
    ],
)
def test_early_refusal_has_the_same_headers(api: APIClient, path: str, headers: dict[str, Any], status: int) -> None:
    response = api.get(path, **headers)

    assert response.status_code == status
    assert response["Content-Security-Policy"] == DATA
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"


def test_500_has_the_same_headers(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("accounts.views.account.MeSerializer", fail)
    alice.raise_request_exception = False
    response = alice.get("/api/me")

    assert response.status_code == 500
    assert response["Content-Security-Policy"] == DATA
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"


def test_created_expense_has_an_etag_but_is_not_stored_by_caches(alice: APIClient) -> None:
    response = alice.post("/api/expenses", {"amount": 1, "category": "Food"})

    assert response["ETag"]
    assert "public" not in response.get("Cache-Control", "")


@pytest.mark.parametrize("path", PAGES)
def test_page_runs_only_its_own_scripts(client: Client, db: None, path: str) -> None:
    response = client.get(path)

    policy = policy_of(response)
    assert response["Content-Type"].startswith("text/html")
    assert policy["default-src"] == {"'none'"}
    assert policy["script-src"] == {"'self'"}
    assert policy["frame-ancestors"] == policy["base-uri"] == {"'none'"}
    assert policy["form-action"] == policy["connect-src"] == {"'self'"}
    assert set().union(*policy.values()) <= {"'none'", "'self'", "'unsafe-inline'", "data:", "blob:"}
    assert response["X-Content-Type-Options"] == "nosniff"


def test_admin_pages_have_the_same_policy(admin_client: Client, client: Client) -> None:
    paths = ["/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/"]
    paths += ["/admin/expenses/expense/", "/admin/expenses/expense/import/"]

    policies = {admin_client.get(path)["Content-Security-Policy"] for path in [*paths, "/docs"]}

    assert len(policies) == 1


@pytest.mark.parametrize("path", PAGES)
def test_page_loads_nothing_from_other_servers(client: Client, db: None, path: str) -> None:
    text = client.get(path).content.decode()

    assert "//" not in text.replace("http://www.w3.org/", "").replace("://testserver", "")


def test_deployment_check_passes() -> None:
    environment = os.environ | {
        "DATABASE_URL": "sqlite://:memory:",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "HTTPS": "true",
        "TRUSTED_PROXY_COUNT": "1",
        "DEBUG": "false",
        "DATABASE_POOLER": "false",
        "ALLOWED_HOSTS": "api.example.com",
    }
    check = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=django_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert check.returncode == 0, check.stderr
    assert "no issues" in check.stdout


def test_https_redirects_http_and_secures_cookies(client: Client, db: None, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = settings.CSRF_COOKIE_SECURE = settings.SESSION_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31536000

    plain = Client().get("/api/expenses")
    secure = Client().get("/admin/login/", secure=True)

    assert (plain.status_code, plain["Location"]) == (301, "https://testserver/api/expenses")
    assert secure["Strict-Transport-Security"].startswith("max-age=31536000")
    assert secure.cookies["csrftoken"]["secure"]
