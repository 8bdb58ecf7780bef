"""The OpenAPI document as tests read it: what the API promises."""

import re
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from expense_tracker.docs.views import openapi_document

DOCUMENT: dict[str, Any] = orjson.loads(openapi_document("http://testserver"))
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]


def request_content(operation: dict[str, Any]) -> dict[str, Any]:
    """Return the content of the first media type that an operation accepts, or an empty dictionary."""
    return next(iter(operation.get("requestBody", {}).get("content", {}).values()), {})


def values(content: dict[str, Any]) -> list[Any]:
    """Return the examples of a body."""
    return [example["value"] for example in content.get("examples", {}).values()]


def documented(route: str) -> str:
    """Return the path of a route as the OpenAPI document writes it."""
    return "/" + re.sub("<[^>]*>", "{id}", route)


def methods_of(route: str) -> set[str]:
    """Return the documented methods of a route; pages and health, which are not documented, allow GET."""
    methods = {method.upper() for method in DOCUMENT["paths"].get(documented(route), {"get": {}})}
    return methods | {"OPTIONS"} | ({"HEAD"} & {"HEAD" if method == "GET" else "" for method in methods})


OPERATIONS = [
    pytest.param(method, path, operation, id=f"{method.upper()} {path}")
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]
EACH_OPERATION = pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)


def success(operation: dict[str, Any]) -> tuple[set[str], dict[str, Any]]:
    """Return the codes of the successful responses, and the content of the first media type of the first one."""
    responses = {code: each for code, each in operation["responses"].items() if code.startswith("2")}
    return set(responses), next(iter(next(iter(responses.values())).get("content", {}).values()), {})


def row(body: Any) -> dict[str, Any]:
    """Return the object that a response is, or the first one of its array."""
    first: dict[str, Any] = body[0] if isinstance(body, list) else body
    return first


def members(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of an object, or of the items of an array."""
    if "$ref" in schema:
        return members(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    properties: dict[str, Any] = members(schema["items"]) if "items" in schema else schema["properties"]
    return properties


def required(schema: dict[str, Any]) -> set[str]:
    """Return the required members of an object, or of the items of an array."""
    if "$ref" in schema:
        return required(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    return required(schema["items"]) if "items" in schema else set(schema["required"])


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of the document but those in examples."""
    if isinstance(value, dict):
        yield value
        for name, inner in value.items():
            yield from objects(inner) if name != "examples" else ()
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)
