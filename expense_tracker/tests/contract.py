"""The OpenAPI document as tests read it: what the API promises."""

import re
from typing import Any

import orjson

from expense_tracker.docs.views import openapi_document

DOCUMENT: dict[str, Any] = orjson.loads(openapi_document("http://testserver"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]


def request_content(operation: dict[str, Any]) -> dict[str, Any]:
    """The first type of body that an operation takes, or nothing."""
    return next(iter(operation.get("requestBody", {}).get("content", {}).values()), {})


def values(content: dict[str, Any]) -> list[Any]:
    """Return the examples of a body."""
    return [example["value"] for example in content.get("examples", {}).values()]


def documented(route: str) -> str:
    """The path of a route as the OpenAPI document writes it."""
    return "/" + re.sub("<[^>]*>", "{id}", route)


def methods_of(route: str) -> set[str]:
    """What the OpenAPI document says that there is; pages and health, which it leaves out, are read."""
    methods = {method.upper() for method in DOCUMENT["paths"].get(documented(route), {"get": {}})}
    return methods | {"OPTIONS"} | ({"HEAD"} & {"HEAD" if method == "GET" else "" for method in methods})
