"""Pages of GET /api/expenses, and the way from one to the next."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from rest_framework.test import APIClient

ORDERINGS = [sign + name for name in ("date", "amount", "category", "created_at") for sign in ("", "-")]


def links(response: Any) -> dict[str, str]:
    """Return the URLs of the Link header by relation."""
    return {relation: url for url, relation in re.findall(r'<([^>]*)>; rel="(\w+)"', response.headers.get("Link", ""))}


def follow(client: APIClient, url: str, between: Callable[[], object] = lambda: None) -> list[list[dict[str, Any]]]:
    """Return the pages that `next` leads through; `between` two of them something may happen."""
    pages = []
    while url:
        response = client.get(url)
        assert response.status_code == 200, response.content
        pages.append(response.json())
        url = links(response).get("next", "")
        between()
    return pages


def cursor_of(response: Any) -> str:
    return parse_qs(urlsplit(links(response)["next"]).query)["cursor"][0]
