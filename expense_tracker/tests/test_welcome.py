"""GET /: a page for browsers, JSON for all others"""

from typing import Any

import pytest
from rest_framework.test import APIClient

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


@pytest.mark.parametrize("accept", ["text/html", BROWSER, "application/json;q=0.5, text/html"])
def test_browsers_get_a_page_with_links_and_the_first_calls(api: APIClient, settings: Any, accept: str) -> None:
    settings.API_TITLE = "Alice's <API>"

    response = api.get("/", HTTP_ACCEPT=accept, HTTP_HOST="localhost:8000")

    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert "Accept" in response["Vary"].split(", ")
    page = response.content.decode()
    assert "<h1>Alice&#x27;s &lt;API&gt;</h1>" in page
    for path in ("/docs", "/redoc", "/openapi.json", "/admin/"):
        assert f'href="{path}"' in page
    for path in ("/api/register", "/api/login", "/api/expenses"):
        assert f"curl -s http://localhost:8000{path} " in page


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "text/html;q=0.5, application/json", "x", ""])
def test_others_get_json(api: APIClient, accept: str | None) -> None:
    headers = {} if accept is None else {"Accept": accept}

    response = api.get("/", headers=headers)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert "Accept" in response["Vary"].split(", ")
    assert response.json() == {
        "message": "Welcome to Expense Tracker API",
        "docs": "/docs",
        "redoc": "/redoc",
        "openapi": "/openapi.json",
    }
