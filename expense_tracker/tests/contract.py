"""The OpenAPI document as tests read it: what the API promises."""

from typing import Any

import orjson

from expense_tracker.docs.views import openapi_document

DOCUMENT: dict[str, Any] = orjson.loads(openapi_document())
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]


def request_content(operation: dict[str, Any]) -> dict[str, Any]:
    """The first type of body that an operation takes, or nothing."""
    return next(iter(operation.get("requestBody", {}).get("content", {}).values()), {})


def values(content: dict[str, Any]) -> list[Any]:
    """Return the examples of a body."""
    return [example["value"] for example in content.get("examples", {}).values()]
