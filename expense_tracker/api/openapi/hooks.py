"""Hooks that process the whole document, before and after it is built."""

from collections.abc import Iterator
from typing import Any

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SIGNS = {".": "POINT", ",": "COMMA", ";": "SEMICOLON", "|": "PIPE"}
Endpoint = tuple[str, str, str, Any]
Document = dict[str, Any]


def order_methods(endpoints: list[Endpoint], **kwargs: Any) -> list[Endpoint]:
    """Return the endpoints in the order of the routes; a viewset has its methods in no order."""
    paths = list(dict.fromkeys(path for path, *_ in endpoints))
    return sorted(endpoints, key=lambda endpoint: (paths.index(endpoint[0]), METHODS.index(endpoint[2])))


def order_paths(result: Document, **kwargs: Any) -> Document:
    """Sort the paths by their tags, in the order in which one needs them; what is deprecated comes last."""
    tags = [tag["name"] for tag in result["tags"]]

    def position(entry: tuple[str, dict[str, Any]]) -> tuple[int, bool]:
        operation = next(iter(entry[1].values()))
        return tags.index(operation["tags"][0]), operation.get("deprecated", False)

    result["paths"] = dict(sorted(result["paths"].items(), key=position))
    return result


def schemas_in(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every object of the document but those in examples."""
    if isinstance(value, dict):
        yield value
        for name, inner in value.items():
            if name not in ("example", "examples"):
                yield from schemas_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from schemas_in(inner)


def name_of(value: str) -> str:
    """Return what a constant for the value of an enumeration is called: `DATE_DESCENDING` for `-date`."""
    name = SIGNS.get(value) or value.strip("-").replace(",", "_").upper()
    return f"{name}_DESCENDING" if value.startswith("-") else name


def help_generators(result: Document, **kwargs: Any) -> Document:
    """Say what generators of clients need besides: 64 bits for all integers, since sums of cents need more than 32, and
    names for the values of enumerations. Leave out what they take amiss: requests and answers have schemas of their
    own, so nothing in them is read-only or write-only."""
    for schema in schemas_in(result):
        if schema.get("type") in ("integer", ["integer", "null"]):
            schema.setdefault("format", "int64")
        values = schema.get("enum")
        if isinstance(values, list) and not all(str(value).isidentifier() for value in values):
            schema["x-enum-varnames"] = [name_of(str(value)) for value in values]
        if schema.get("in") == "query" and not schema.get("required"):
            schema["allowEmptyValue"] = True
        for keyword in ("readOnly", "writeOnly"):
            if isinstance(schema.get(keyword), bool):
                del schema[keyword]
    return result
