"""Every member and every parameter that the OpenAPI document names gets every hostile value: nothing that a client
sends is a 500, takes a second or changes something without saying so."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import Session
from expense_tracker.tests.attacker import Attacker
from expense_tracker.tests.contract import DOCUMENT, SCHEMAS, request_content, values
from expense_tracker.tests.hostile_values import HEADERS, JSON, PERCENT
from expense_tracker.tests.people import PASSWORD
from expense_tracker.tests.routes import STREAMS
from expenses.filters import ExpenseFilterSet
from expenses.models import Budget, Expense

pytestmark = pytest.mark.slow
MARK = "the hostile value"
OPERATIONS = [
    (f"{method.upper()} {path}", method, path, operation)
    for path, item in DOCUMENT["paths"].items()
    if path.lstrip("/") not in STREAMS
    for method, operation in item.items()
]
AS_JSON = {"content_type": "application/json"}
Path = tuple[str | int, ...]


def places(schema: dict[str, Any], path: Path = ()) -> Iterator[Path]:
    """The way to the body, to each of its members, to each of theirs and to the items of each array."""
    if "$ref" in schema:
        schema = SCHEMAS[schema["$ref"].rpartition("/")[2]]
    yield path
    for name, member in schema.get("properties", {}).items():
        yield from places(member, (*path, name))
    if "items" in schema:
        yield from places(schema["items"], (*path, 0))


def put(body: Any, path: Path, value: Any) -> Any:
    """`body` with the value at the end of the path; what is missing on the way is made."""
    if not path:
        return value
    first, *rest = path
    if isinstance(first, int):
        items = body if isinstance(body, list) else []
        return [put(items[0] if items else None, tuple(rest), value), *items[1:]]
    members = body if isinstance(body, dict) else {}
    return members | {first: put(members.get(first), tuple(rest), value)}


def example(operation: dict[str, Any]) -> Any:
    return next(iter(values(request_content(operation))), {})


def real_path(path: str) -> str:
    """The path of what alice has."""
    if path.startswith("/api/sessions/"):
        return path.format(id=Session.objects.earliest("created_at").pk)
    model = Budget if path.startswith("/api/budgets/") else Expense
    return path.format(id=model._default_manager.filter(owner__username="alice").values_list("pk", flat=True).first())


@pytest.mark.parametrize(
    ("method", "path", "body", "place"),
    [
        pytest.param(method, path, example(operation), place, id=f"{name} #{'/'.join(map(str, place))}")
        for name, method, path, operation in OPERATIONS
        if "application/json" in operation.get("requestBody", {}).get("content", {})
        for place in places(request_content(operation)["schema"])
    ],
)
def test_any_json_value_in_any_field_is_handled(
    attacker: Attacker, method: str, path: str, body: Any, place: Path
) -> None:
    template = json.dumps(put(body, place, MARK))
    path = real_path(path)

    for value in JSON:
        sent = template.replace(json.dumps(MARK), value).encode()
        attacker.send(value, method, path, sent, **AS_JSON)

    assert attacker.complaints == []


# As much as fits into 64 KiB, and into the 2 MiB of a bulk.
@pytest.mark.parametrize(
    ("template", "item", "size"),
    [
        ("[{}]", "1", 64),
        ("{{{}}}", '"{}":1', 64),
        ('{{"create":[{}]}}', "1", 2048),
        ('{{"create":[{}]}}', '{{"{}":1}}', 2048),
        ('{{"update":[{}]}}', "{{}}", 2048),
        ('{{"delete":[{}]}}', "0", 2048),
        ('{{"delete":[{}]}}', "1", 2048),
        ("{{{}}}", '"{}":1', 2048),
        ('{{"create":[{{{}}}]}}', '"{}":1', 2048),
    ],
)
def test_largest_body_is_refused_within_a_second(attacker: Attacker, template: str, item: str, size: int) -> None:
    count = (size * 1024 - len(template)) // len(item.format(10**5) + ",")
    body = template.format(",".join(item.format(number) for number in range(count)))

    attacker.send(template, "POST", "/api/expenses/bulk" if size > 64 else "/api/expenses", body, **AS_JSON)

    assert attacker.complaints == []


@pytest.mark.parametrize("path", ["/api/login", "/api/refresh"])
@pytest.mark.parametrize("name", ["username", "password", "refresh_token", "grant_type", "x"])
def test_any_value_in_any_form_field_is_handled(attacker: Attacker, path: str, name: str) -> None:
    for value in PERCENT:
        form = f"username=alice&password=x&refresh_token=x&{name}={value}"
        attacker.send(value, "POST", path, form, content_type="application/x-www-form-urlencoded")

    assert attacker.complaints == []


@pytest.mark.parametrize(
    ("method", "path", "name", "where"),
    [
        pytest.param(method, path, parameter["name"], parameter["in"], id=f"{operation_name} {parameter['name']}")
        for operation_name, method, path, operation in OPERATIONS
        for parameter in operation.get("parameters", [])
    ],
)
def test_any_value_of_any_parameter_is_handled(
    attacker: Attacker, method: str, path: str, name: str, where: str
) -> None:
    body = json.dumps(example(DOCUMENT["paths"][path][method]))
    options = dict(AS_JSON)

    for value in HEADERS if where == "header" else PERCENT:
        if where == "path":
            target = path.format(id=value)
        elif where == "query":
            target = f"{path}?{name}={value}" + ("" if name == "group_by" else "&group_by=day" * ("summary" in path))
        else:
            target = real_path(path)
            options[f"HTTP_{name.upper().replace('-', '_')}"] = value
        attacker.send(value, method, target, body, **options)

    assert attacker.complaints == []


@pytest.mark.parametrize("path", ["/api/expenses", "/api/expenses/summary", "/api/expenses/export"])
def test_filters_are_documented_wherever_they_are_accepted(path: str) -> None:
    documented = {parameter["name"] for parameter in DOCUMENT["paths"][path]["get"]["parameters"]}

    assert documented >= ExpenseFilterSet.base_filters.keys()


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("AUTHORIZATION", ""),
        ("AUTHORIZATION", "Bearer "),
        ("IF_NONE_MATCH", ""),
        ("X_REQUEST_ID", ""),
        ("X_FORWARDED_FOR", ""),
        ("ACCEPT", ""),
        ("ORIGIN", ""),
        ("COOKIE", "sessionid="),
    ],
)
def test_any_value_of_common_headers_is_handled(attacker: Attacker, name: str, prefix: str) -> None:
    for value in HEADERS:
        attacker.send(value, "GET", "/api/expenses", **{f"HTTP_{name}": prefix + value})

    assert attacker.complaints == []


@pytest.mark.parametrize(
    "prefix", ["", "application/json; ", "application/json; charset=", "multipart/form-data; boundary="]
)
@pytest.mark.parametrize("path", ["/api/expenses/import", "/api/login"])
def test_any_content_type_is_handled(attacker: Attacker, path: str, prefix: str) -> None:
    for value in HEADERS:
        attacker.send(value, "POST", path, b"{}", CONTENT_TYPE=prefix + value)

    assert attacker.complaints == []


def test_user_with_hostile_values_can_still_log_in(attacker: Attacker) -> None:
    response = APIClient().post("/api/login", {"username": "alice", "password": PASSWORD})

    assert response.status_code == 200
