"""/, /docs and /redoc: pages that load nothing from elsewhere."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from rest_framework.test import APIClient

PAGES = pytest.mark.parametrize("path", ["/docs", "/redoc"])
ALL = pytest.mark.parametrize("path", ["/", "/docs", "/redoc"])


class Links(HTMLParser):
    """Collects what a page loads or leads to, and the scripts written into it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.inline: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.urls += [named[name] for name in ("src", "href", "data-schema") if name in named]
        if (tag == "script" and "src" not in named) or tag == "style" or any(name.startswith("on") for name in named):
            self.inline.append(tag)


@PAGES
def test_page_has_a_title_and_reads_the_document(api: APIClient, settings: Any, path: str) -> None:
    settings.API_TITLE = "Alice's <API>"

    response = api.get(path, HTTP_ACCEPT="text/html")

    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    page = response.content.decode()
    assert "<title>Alice&#x27;s &lt;API&gt;</title>" in page
    assert 'data-schema="/openapi.json"' in page


@ALL
def test_every_file_of_a_page_is_served_by_this_server(api: APIClient, path: str) -> None:
    links = Links(api.get(path, HTTP_ACCEPT="text/html").content.decode())

    assert links.inline == []
    assert len(links.urls) >= 4
    for url in set(links.urls) - {"/admin/"}:  # that one asks who is there
        assert re.match(r"/(?!/)", url)
        response: Any = api.get(url)
        assert response.status_code == 200
        assert b"".join(response.streaming_content if response.streaming else [response.content])
        response.close()


@ALL
def test_csp_allows_only_this_server(api: APIClient, path: str) -> None:
    policy = dict(
        directive.strip().partition(" ")[::2]
        for directive in api.get(path, HTTP_ACCEPT="text/html")["Content-Security-Policy"].split(";")
    )

    assert policy["default-src"] in {"'none'", "'self'"}
    assert policy["frame-ancestors"] == "'none'"
    assert "'unsafe-" not in policy.get("script-src", policy["default-src"])
    assert not re.search(r"https?:|//|\*", " ".join(policy.values()))


@ALL
def test_page_sets_no_cookies_and_forbids_frames(api: APIClient, path: str) -> None:
    response = api.get(path, HTTP_ACCEPT="text/html")

    assert not response.cookies
    assert response["X-Frame-Options"] == "DENY"


def test_every_page_has_an_icon(api: APIClient) -> None:
    response = api.get("/favicon.ico")

    assert response.status_code == 302
    icon = api.get(response["Location"])
    assert icon["Content-Type"] == "image/png"
    icon.close()


def test_page_about_sync_shows_the_same_examples_of_live_changes() -> None:
    introduction = (settings.BASE_DIR / "expense_tracker/docs/introduction.md").read_text()
    loops = re.findall(r"```(?:js|python|bash)\n.*?```\n", introduction, re.DOTALL)

    assert len(loops) == 3
    assert all(loop in (settings.BASE_DIR / "docs/sync.md").read_text() for loop in loops)
