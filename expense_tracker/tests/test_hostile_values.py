"""Every member and every parameter that the OpenAPI document names gets every hostile value: nothing that a client
sends is a 500, takes a second or changes something without saying so."""

import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from rest_framework.test import APIClient

from accounts.models import Session, User
from expense_tracker.tests.contract import DOCUMENT, SCHEMAS, request_content, values
from expense_tracker.tests.people import PASSWORD
from expenses.filters import ExpenseFilterSet
from expenses.models import Budget, Expense, IdempotencyRecord

pytestmark = pytest.mark.slow
TEXTS = [
    "",
    " ",
    "\r\n",
    "a\x00b",
    "".join(map(chr, range(1, 32))),
    "\x7f\x80\x85\x9f\xa0\xad",
    "\u200b\u200d\u2028\u2029\u202e\u2066\ufeff",
    "\ufffe\uffff\U0001fffe\U0010ffff",
    "👩‍👩‍👧‍👦" * 20,
    "e" + "\u0301" * 1000,
    "\ufdfa" * 255,  # 18 characters each in NFKC
    "\u0390" * 255,  # 3 characters each when folded
    "İıſßﬁǆΣς",
    "٣٤",
    "a" * 256,
    "a" * 60_000,
    "💶" * 15_000,
    "%",
    "' OR '1'='1",
    "'; DROP TABLE expenses_expense; --",
    "%(x)s %s {0} {x} ${jndi:ldap://x}",
    "../../etc/passwd",
    "\\u0000",
    "=1+1",
    "0",
    "+1",
    "-1",
    "1_0",
    "1e2",
    "1000000000000",
    "9223372036854775808",
    "1" + "0" * 30,
    "9" * 5000,  # more digits than int() takes
    "NaN",
    "true",
    "0000-00-00",
    "0001-01-01",
    "2026-02-29",
    "2026-13-01",
    "2026-01-01T00:00:00Z",
    "9998-12-31",
    "9999-12-31",
    "10000-01-01",
    "\uff12\uff10\uff12\uff16-01-01",
    "9999-12",
    "00000000-0000-0000-0000-000000000000",
    "category,category",
    ",",
    "DD.MM.YYYY",
    "%Y-%m-%d",
    "(" * 500,
    "Bearer eyJhbGciOiJub25lIn0.e30.",
]
# As it is written in a body: also what Python's objects cannot say.
JSON = [
    *map(json.dumps, TEXTS),
    "null",
    "true",
    "false",
    "1.5",
    "1e2",
    "1e400",
    "999999999999",
    "1000000000000",
    "2147483648",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551616",
    "1" + "0" * 30,
    "1" * 5000,
    "NaN",
    r'"\ud800"',
    r'"\udc00\ud800"',
    r'"\uDBFF"',
    r'"\u0000"',
    '"\x00"',
    '"\n"',
    '"unfinished',
    "[]",
    "{}",
    "[[]]",
    "[null]",
    '[{"id": 1}]',
    '{"id": 1}',
    '{"": null}',
    '{"$ne": null}',
    '{"__class__": "x", "__proto__": {"x": 1}}',
    "[" * 500 + "]" * 500,
    "[" * 30_000 + "]" * 30_000,
    '{"a":' * 10_000 + "1" + "}" * 10_000,
    "[" + "1," * 20_000 + "1]",
    "",
    "undefined",
    "1 1",
]
PERCENT = [*map(quote, TEXTS), "%FF", "%C0%AF", "%ED%A0%80", "%F4%90%80%80", "%", "%zz", "%u0041", "a&a=b", "a%26a=b"]
# As WSGI hands over the bytes of UTF-8.
HEADERS = [text.encode().decode("latin-1") for text in TEXTS if len(text) < 10_000 and not {"\r", "\n"} & set(text)]
HEADERS += ['"1"', 'W/"1"', "*", '"', "\xff", '"1", "2"', ", " * 2000, '"' * 4000]
MARK = "the hostile value"
OPERATIONS = [
    (f"{method.upper()} {path}", method, path, operation)
    for path, item in DOCUMENT["paths"].items()
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


def state() -> list[Any]:
    """How much there is of everybody and how often it was changed, asked for at once; all but what limits count."""
    tables = (model._meta.db_table for model in (User, Session, Expense, Budget, IdempotencyRecord))
    columns = [f"(SELECT count(*) FROM {table})" for table in tables]  # noqa: S608  # no value
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT user_id, revision, {', '.join(columns)} FROM accounts_ledger ORDER BY 1")  # noqa: S608
        return list(cursor.fetchall())


class Attacker:
    """Sends requests, and complains about the responses."""

    def __init__(self, client: APIClient) -> None:
        self.client = client
        self.complaints: list[str] = []
        self.state = state()

    def send(self, what: str, method: str, path: str, body: Any = "", **options: Any) -> None:
        # A second of computing, which the load of the machine does not lengthen; waiting is for tests of the database.
        start = time.thread_time()
        response = self.client.generic(method, path, body, **options)
        seconds = time.thread_time() - start
        before, self.state = self.state, state()
        content, content_type = response.getvalue(), response.get("Content-Type", "")
        expected = "application/problem+json" if response.status_code >= 400 else "application/json"
        wrong = {
            "is a 5xx": response.status_code >= 500,
            f"takes {seconds:.1f} s": seconds >= 1,
            "has changed something": response.status_code >= 300 and self.state != before,
            "is of another type": content_type != expected and response.status_code != 304 and "export" not in path,
        }
        if content and "json" in content_type:
            orjson.loads(content)
        if any(wrong.values()):
            said = ", ".join(complaint for complaint, true in wrong.items() if true)
            self.complaints.append(f"{response.status_code} {said}: {what[:80]!r} {content[:80]!r}")


@pytest.fixture
def attacker(alice: APIClient, bob: APIClient, unlimited: None) -> Attacker:
    """alice, with an expense and a budget, whom nothing limits; what she does must not count for bob either."""
    bob.post("/api/expenses", {"amount": 1, "category": "Food"})
    alice.post("/api/expenses", {"amount": 1, "category": "Grocerys"})
    alice.put("/api/budgets", {"category": "Rent", "amount": 1})
    alice.raise_request_exception = False
    return Attacker(alice)


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
def test_the_filters_are_documented_wherever_they_are_taken(path: str) -> None:
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


@pytest.mark.parametrize("partial", ["true", "false"])
@pytest.mark.parametrize("column", ["date", "amount", "category", "description"])
@pytest.mark.parametrize("name", ["csv", "json"])
def test_any_value_in_any_cell_of_an_import_is_handled(
    attacker: Attacker, name: str, column: str, partial: str
) -> None:
    row = {"date": "2026-01-01", "amount": "1", "category": "Food", "description": ""}
    template = json.dumps([row | {"amount": 1, column: MARK}])

    for value in TEXTS if name == "csv" else JSON:
        cells = [value if each == column else text for each, text in row.items()]
        content = template.replace(json.dumps(MARK), value) if name == "json" else f"{','.join(row)}\n{','.join(cells)}"
        upload(attacker, value, content.encode(), f"?partial={partial}")

    assert attacker.complaints == []


@pytest.mark.parametrize("prefix", ["", "date,amount,category\n", "date;amount;category\r\n2026-01-01;"])
def test_any_import_file_is_handled(attacker: Attacker, prefix: str) -> None:
    for value in [*TEXTS, *JSON, '"', '"' * 70_000, "a" * 140_000, "\n" * 1000, "," * 1000]:
        for encoding in ("utf-8", "utf-16"):
            upload(attacker, value, (prefix + value).encode(encoding))

    assert attacker.complaints == []


def upload(attacker: Attacker, what: str, content: bytes, query: str = "") -> None:
    data = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile("f", content)})
    attacker.send(what, "POST", f"/api/expenses/import{query}", data, content_type=MULTIPART_CONTENT)


def test_user_with_hostile_values_can_still_log_in(attacker: Attacker) -> None:
    response = APIClient().post("/api/login", {"username": "alice", "password": PASSWORD})

    assert response.status_code == 200
