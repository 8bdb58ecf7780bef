"""The OpenAPI document: complete and true enough to write a client from."""

import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from expense_tracker.docs.codes import PROBLEMS
from expense_tracker.tests.contract import DOCUMENT, SCHEMAS, request_content, values

OPERATIONS = [
    pytest.param(method, path, operation, id=f"{method.upper()} {path}")
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
]
ALL = pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS)
PUBLIC = {"register", "login", "refresh"}


def success(operation: dict[str, Any]) -> tuple[set[str], dict[str, Any]]:
    """Codes and content (its first type) of the response that an operation hopes for."""
    responses = {code: each for code, each in operation["responses"].items() if code.startswith("2")}
    return set(responses), next(iter(next(iter(responses.values())).get("content", {}).values()), {})


def row(body: Any) -> dict[str, Any]:
    """The object that an response is, or the first one of the array that it is."""
    first: dict[str, Any] = body[0] if isinstance(body, list) else body
    return first


def members(schema: dict[str, Any]) -> dict[str, Any]:
    """The properties of an object, by reference or of an array's items too."""
    if "$ref" in schema:
        return members(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    properties: dict[str, Any] = members(schema["items"]) if "items" in schema else schema["properties"]
    return properties


def required(schema: dict[str, Any]) -> set[str]:
    """The members that an object always has, by reference or of an array's items too."""
    if "$ref" in schema:
        return required(SCHEMAS[schema["$ref"].rpartition("/")[2]])
    return required(schema["items"]) if "items" in schema else set(schema["required"])


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object of the document but those in examples."""
    if isinstance(value, dict):
        yield value
        for name, inner in value.items():
            yield from objects(inner) if name != "examples" else ()
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner)


def test_the_document_is_valid_and_is_built_without_a_warning() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO(), format="openapi-json")

    assert re.fullmatch(r"3\.1\.\d", DOCUMENT["openapi"])


def test_the_document_is_served_as_it_is_built(api: APIClient) -> None:
    response = api.get("/openapi.json")

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.json() == DOCUMENT


def test_the_document_says_what_the_api_is(settings: Any) -> None:
    info = DOCUMENT["info"]

    assert (info["title"], info["version"]) == (settings.API_TITLE, settings.API_VERSION)
    assert info["description"].startswith(settings.API_DESCRIPTION)
    assert info["license"] == {"name": "MIT", "identifier": "MIT"}
    assert info["contact"]


def test_the_operations_are_these_and_each_has_a_name_of_its_own() -> None:
    names = [param.values[2]["operationId"] for param in OPERATIONS]  # type: ignore[index]  # a dictionary

    assert len(set(names)) == len(names)
    assert [param.id for param in OPERATIONS] == [
        "POST /api/register",
        "GET /api/me",
        "PATCH /api/me",
        "POST /api/me/password",
        "POST /api/me/delete",
        "POST /api/login",
        "POST /api/refresh",
        "POST /api/logout",
        "GET /api/sessions",
        "POST /api/sessions",
        "DELETE /api/sessions/{id}",
        "GET /api/expenses",
        "POST /api/expenses",
        "GET /api/expenses/{id}",
        "PUT /api/expenses/{id}",
        "PATCH /api/expenses/{id}",
        "DELETE /api/expenses/{id}",
        "POST /api/expenses/{id}/restore",
        "POST /api/create",
        "GET /api/expenses/summary",
        "GET /api/categories",
        "POST /api/categories/rename",
        "GET /api/budgets",
        "PUT /api/budgets",
        "DELETE /api/budgets/{id}",
        "POST /api/expenses/bulk",
        "GET /api/expenses/changes",
        "GET /api/expenses/live",
        "GET /api/expenses/export",
        "POST /api/expenses/import",
    ]


@ALL
def test_every_operation_has_a_summary_and_a_description(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["tags"]
    assert operation["summary"]
    assert not operation["summary"].endswith(".")
    assert operation.get("description")
    assert operation["description"] != operation["summary"]


@ALL
def test_every_operation_has_examples(method: str, path: str, operation: dict[str, Any]) -> None:
    assert values(success(operation)[1])
    if "requestBody" in operation and "multipart/form-data" not in operation["requestBody"]["content"]:
        assert values(request_content(operation))


@ALL
def test_every_operation_documents_its_errors(method: str, path: str, operation: dict[str, Any]) -> None:
    closed = operation["operationId"] not in PUBLIC
    takes_body = "requestBody" in operation
    is_idempotent = "Idempotency-Key" in {parameter["name"] for parameter in operation.get("parameters", [])}
    expected = {
        "400": takes_body or path == "/api/expenses",
        "401": operation["operationId"] != "register",
        "403": closed and method != "get",
        "404": "{id}" in path,
        "409": is_idempotent,
        "411": takes_body,
        "413": takes_body,
        "415": takes_body,
        "422": is_idempotent,
        "429": True,
        "503": True,
    }
    errors = {code: each for code, each in operation["responses"].items() if code >= "400"}

    assert errors.keys() >= {code for code, possible in expected.items() if possible}
    for response in errors.values():
        assert response["description"]
        assert values(response["content"]["application/problem+json"])
    assert operation["security"] == ([{"bearer": []}, {"password": []}] if closed else [])


@ALL
def test_documented_errors_belong_to_the_operation(method: str, path: str, operation: dict[str, Any]) -> None:
    body = request_content(operation)
    pointers = {f"#/{name}" for name in members(body["schema"])} if body else set()
    parameters = {parameter["name"] for parameter in operation.get("parameters", [])}
    responses = operation["responses"]

    for problem in values(responses["400"]["content"]["application/problem+json"]) if "400" in responses else []:
        for error in problem.get("errors", []):
            assert error.get("pointer") in pointers or error.get("parameter") in parameters
    if operation["operationId"] == "login":
        assert values(responses["401"]["content"]["application/problem+json"]) == [
            {"detail": "Invalid credentials", "code": "invalid_credentials"}
        ]


@pytest.mark.parametrize(
    ("method", "path", "operation"), [e for e in OPERATIONS if not str(e.id).endswith(("port", "live"))]
)
def test_the_examples_work(alice: APIClient, method: str, path: str, operation: dict[str, Any]) -> None:
    login = APIClient().post("/api/login", {"username": "alice", "password": "SecurePassword123!"}).json()
    session_id = next(each["id"] for each in alice.get("/api/sessions").json() if not each["current"])
    budget_id = alice.put("/api/budgets", {"category": "Rent", "amount": 1}).json()["id"]
    expense_id = alice.post("/api/expenses", {"amount": 1, "category": "Grocerys"}).json()["id"]
    ids = {"sessions": session_id, "budgets": budget_id, "expenses": expense_id}
    path = path.format(id=ids.get(path.split("/")[2], ""))
    path += "?group_by=category,month" if path.endswith("/summary") else ""
    real: dict[str, Any] = {"register": {"username": "carol"}, "refresh": {"refresh_token": login["refresh_token"]}}
    other_id = alice.post("/api/expenses", {"amount": 1, "category": "Food"}).json()["id"]
    real["change_many_expenses"] = {"update": [{"id": expense_id, "amount": 2600}], "delete": [other_id]}
    bodies = values(request_content(operation)) or [None]
    codes, content = success(operation)

    for body in bodies:
        sent = body and body | real.get(operation["operationId"], {})
        response = getattr(alice, method)(path, sent)

        assert str(response.status_code) in codes
        for example in values(content):
            assert isinstance(response.json(), type(example))
            assert row(response.json()).keys() == row(example).keys() == required(content["schema"])


@ALL
def test_every_parameter_and_header_is_described(method: str, path: str, operation: dict[str, Any]) -> None:
    parameters = [parameter for parameter in operation.get("parameters", []) if parameter["in"] == "query"]
    headers = [
        header for response in operation["responses"].values() for header in response.get("headers", {}).values()
    ]

    assert [each for each in (*parameters, *headers) if not each.get("description")] == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_written_for_clients(name: str) -> None:
    schema = SCHEMAS[name]

    assert "serializer" not in schema.get("description", "").lower()
    if name.endswith("Request"):
        assert [member for member, value in schema["properties"].items() if not value.get("description")] == []


def test_an_answered_expense_always_has_all_its_members_but_the_time_of_its_deletion() -> None:
    assert SCHEMAS["Expense"]["properties"].keys() - set(SCHEMAS["Expense"]["required"]) == {"deleted_at"}


def test_every_integer_has_64_bits() -> None:
    integers = [each for each in objects(DOCUMENT) if each.get("type") in ("integer", ["integer", "null"])]

    assert len(integers) > 40
    assert {each["format"] for each in integers} == {"int64"}


def test_no_member_is_read_only_or_write_only_or_free() -> None:
    assert [each for each in objects(DOCUMENT) if {"readOnly", "writeOnly"} & each.keys()] == []
    assert [name for name, each in SCHEMAS.items() if each.get("additionalProperties")] == []


def test_a_value_whose_name_generators_would_number_has_one() -> None:
    enums = [each for each in objects(DOCUMENT) if isinstance(each.get("enum"), list)]
    names = [each.get("x-enum-varnames", each["enum"]) for each in enums]

    assert all(name.isidentifier() for each in names for name in each)
    assert ["DATE", "DATE_DESCENDING"] in [each[:2] for each in names]
    assert all(len(each["enum"]) == len(set(name)) for each, name in zip(enums, names, strict=True))


@ALL
def test_an_id_in_a_path_is_what_it_is_in_a_body(method: str, path: str, operation: dict[str, Any]) -> None:
    schemas = [each["schema"] for each in operation.get("parameters", []) if each["in"] == "path"]

    if "{id}" in path:
        [schema] = schemas
        kind = "string" if "sessions" in path else "integer"
        assert (schema["type"], schema["format"]) == (kind, "uuid" if kind == "string" else "int64")


@ALL
def test_an_answer_with_a_tag_can_be_a_304(method: str, path: str, operation: dict[str, Any]) -> None:
    has_tag = method == "get" and "ETag" in operation["responses"]["200"].get("headers", {})
    names = {parameter["name"] for parameter in operation.get("parameters", [])}

    assert ("If-None-Match" in names) == ("304" in operation["responses"]) == has_tag


@ALL
def test_all_errors_are_one_schema_with_a_code(method: str, path: str, operation: dict[str, Any]) -> None:
    for code, response in operation["responses"].items():
        if code >= "400":
            [(media_type, content)] = response["content"].items()
            assert media_type == "application/problem+json"
            name = content["schema"]["$ref"].rpartition("/")[2]
            assert name == ("ImportProblem" if path.endswith("/import") and code == "400" else "Problem")
            assert {"detail", "code"} <= SCHEMAS[name]["properties"].keys()
            assert all(value["code"] in PROBLEMS for value in values(content))


@ALL
def test_who_has_to_wait_is_told_how_long(method: str, path: str, operation: dict[str, Any]) -> None:
    for code in ("429", "503"):
        assert operation["responses"][code]["headers"]["Retry-After"]["schema"] == {
            "type": "integer",
            "format": "int64",
        }


def test_each_option_of_the_import_has_a_schema_of_its_own() -> None:
    parameters = DOCUMENT["paths"]["/api/expenses/import"]["post"]["parameters"]

    assert {each["name"]: each["schema"].get("default") for each in parameters if each["in"] == "query"} == {
        "dry_run": False,
        "partial": False,
        "date_format": None,
        "decimal": None,
        "spending": None,
        "encoding": None,
        "delimiter": None,
        "columns": None,
        "default_category": "Uncategorised",
    }


def test_the_limit_of_a_body_is_the_one_of_the_operation() -> None:
    descriptions = {
        path: DOCUMENT["paths"][path]["post"]["responses"]["413"]["description"]
        for path in ("/api/expenses", "/api/expenses/bulk", "/api/expenses/import")
    }

    assert descriptions == {
        "/api/expenses": "The body is larger than 65,536 bytes.",
        "/api/expenses/bulk": "The body is larger than 2,097,152 bytes.",
        "/api/expenses/import": "The body is larger than 10,485,760 bytes.",
    }


def test_the_older_way_to_create_is_deprecated() -> None:
    deprecated = [param.id for param in OPERATIONS if param.values[2].get("deprecated")]  # type: ignore[union-attr]

    assert deprecated == ["POST /api/create"]


def test_every_tag_says_what_it_is_for() -> None:
    used = {tag for param in OPERATIONS for tag in param.values[2]["tags"]}  # type: ignore[index]  # a dictionary

    assert [tag["name"] for tag in DOCUMENT["tags"] if tag["description"]] == [
        "Accounts",
        "Sessions",
        "Expenses",
        "Reports",
        "Sync",
        "Import and export",
    ]
    assert used == {tag["name"] for tag in DOCUMENT["tags"]}


def test_the_server_is_the_one_that_was_asked(api: APIClient, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["expenses.alice.example"]

    document = api.get("/openapi.json", secure=True, HTTP_HOST="expenses.alice.example").json()

    assert document["servers"] == [{"url": "https://expenses.alice.example"}]
    assert DOCUMENT["servers"] == [{"url": "http://testserver"}]
    assert "expenses.example" not in str(document)


def test_a_token_can_be_pasted_and_a_user_name_and_a_password_log_in() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]

    assert (schemes["bearer"]["type"], schemes["bearer"]["scheme"]) == ("http", "bearer")
    assert schemes["password"]["flows"] == {
        "password": {
            "tokenUrl": "http://testserver/api/login",
            "refreshUrl": "http://testserver/api/refresh",
            "scopes": {},
        }
    }


@pytest.mark.parametrize("path", ["/api/login", "/api/refresh"])
def test_forms_are_not_documented_since_generators_make_one_function_of_each_type(path: str) -> None:
    assert DOCUMENT["paths"][path]["post"]["requestBody"]["content"].keys() == {"application/json"}
