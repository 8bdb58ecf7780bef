"""The OpenAPI document: complete and true enough to write a client from."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

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
    assert info["description"]


def test_the_operations_are_these_and_each_has_a_name_of_its_own() -> None:
    names = [param.values[2]["operationId"] for param in OPERATIONS]  # type: ignore[index]  # a dictionary

    assert len(set(names)) == len(names)
    assert [param.id for param in OPERATIONS] == [
        "GET /api/expenses",
        "POST /api/expenses",
        "GET /api/expenses/{id}",
        "PUT /api/expenses/{id}",
        "PATCH /api/expenses/{id}",
        "DELETE /api/expenses/{id}",
        "POST /api/create",
        "POST /api/expenses/{id}/restore",
        "POST /api/expenses/bulk",
        "GET /api/expenses/changes",
        "GET /api/expenses/export",
        "POST /api/expenses/import",
        "GET /api/expenses/summary",
        "GET /api/categories",
        "POST /api/categories/rename",
        "GET /api/budgets",
        "PUT /api/budgets",
        "DELETE /api/budgets/{id}",
        "POST /api/register",
        "POST /api/login",
        "POST /api/refresh",
        "POST /api/logout",
        "GET /api/me",
        "PATCH /api/me",
        "POST /api/me/password",
        "POST /api/me/delete",
        "GET /api/sessions",
        "POST /api/sessions",
        "DELETE /api/sessions/{id}",
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
    expected = {
        "400": takes_body or path == "/api/expenses",
        "401": operation["operationId"] != "register",
        "403": closed and method != "get",
        "404": "{id}" in path,
        "413": takes_body,
        "415": takes_body,
        "429": True,
        "503": True,
    }
    errors = {code: each for code, each in operation["responses"].items() if not code.startswith("2")}

    assert errors.keys() >= {code for code, possible in expected.items() if possible}
    for response in errors.values():
        assert response["description"]
        assert values(response["content"]["application/problem+json"])
    assert operation["security"] == ([{"bearer": []}] if closed else [{}])


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
        assert values(responses["401"]["content"]["application/problem+json"]) == [{"detail": "Invalid credentials"}]


@pytest.mark.parametrize(("method", "path", "operation"), [e for e in OPERATIONS if "port" not in str(e.id)[-6:]])
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
            assert row(response.json()).keys() == row(example).keys() == members(content["schema"]).keys()


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


def test_every_field_of_an_expense_is_required_in_responses() -> None:
    assert set(SCHEMAS["Expense"]["required"]) == SCHEMAS["Expense"]["properties"].keys()


def test_the_authorize_button_logs_in_with_a_user_name_and_a_password() -> None:
    assert DOCUMENT["components"]["securitySchemes"] == {
        "bearer": {"type": "oauth2", "flows": {"password": {"tokenUrl": "/api/login", "scopes": {}}}}
    }


@pytest.mark.parametrize("path", ["/api/login", "/api/refresh"])
def test_forms_are_not_documented_since_generators_make_one_function_of_each_type(path: str) -> None:
    assert DOCUMENT["paths"][path]["post"]["requestBody"]["content"].keys() == {"application/json"}
