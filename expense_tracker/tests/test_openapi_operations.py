"""The OpenAPI document, operation by operation: examples, errors, parameters and headers"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from expense_tracker.docs.codes import PROBLEMS
from expense_tracker.tests.contract import (
    EACH_OPERATION,
    OPERATIONS,
    SCHEMAS,
    members,
    request_content,
    required,
    row,
    success,
    values,
)

PUBLIC = {"register", "login", "refresh"}


@EACH_OPERATION
def test_every_operation_has_a_summary_and_a_description(method: str, path: str, operation: dict[str, Any]) -> None:
    assert operation["tags"]
    assert operation["summary"]
    assert not operation["summary"].endswith(".")
    assert operation.get("description")
    assert operation["description"] != operation["summary"]


@EACH_OPERATION
def test_every_operation_has_examples(method: str, path: str, operation: dict[str, Any]) -> None:
    assert values(success(operation)[1])
    if "requestBody" in operation and "multipart/form-data" not in operation["requestBody"]["content"]:
        assert values(request_content(operation))


@EACH_OPERATION
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


@EACH_OPERATION
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
def test_examples_work(alice: APIClient, method: str, path: str, operation: dict[str, Any]) -> None:
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


@EACH_OPERATION
def test_every_parameter_and_header_is_described(method: str, path: str, operation: dict[str, Any]) -> None:
    parameters = [parameter for parameter in operation.get("parameters", []) if parameter["in"] == "query"]
    headers = [
        header for response in operation["responses"].values() for header in response.get("headers", {}).values()
    ]

    assert [each for each in (*parameters, *headers) if not each.get("description")] == []


@EACH_OPERATION
def test_id_in_a_path_has_the_type_of_the_id_in_a_body(method: str, path: str, operation: dict[str, Any]) -> None:
    schemas = [each["schema"] for each in operation.get("parameters", []) if each["in"] == "path"]

    if "{id}" in path:
        [schema] = schemas
        kind = "string" if "sessions" in path else "integer"
        assert (schema["type"], schema["format"]) == (kind, "uuid" if kind == "string" else "int64")


@EACH_OPERATION
def test_response_with_an_etag_can_be_a_304(method: str, path: str, operation: dict[str, Any]) -> None:
    has_tag = method == "get" and "ETag" in operation["responses"]["200"].get("headers", {})
    names = {parameter["name"] for parameter in operation.get("parameters", [])}

    assert ("If-None-Match" in names) == ("304" in operation["responses"]) == has_tag


@EACH_OPERATION
def test_all_errors_are_one_schema_with_a_code(method: str, path: str, operation: dict[str, Any]) -> None:
    for code, response in operation["responses"].items():
        if code >= "400":
            [(media_type, content)] = response["content"].items()
            assert media_type == "application/problem+json"
            name = content["schema"]["$ref"].rpartition("/")[2]
            assert name == ("ImportProblem" if path.endswith("/import") and code == "400" else "Problem")
            assert {"detail", "code"} <= SCHEMAS[name]["properties"].keys()
            assert all(value["code"] in PROBLEMS for value in values(content))


@EACH_OPERATION
def test_429_and_503_have_a_retry_after(method: str, path: str, operation: dict[str, Any]) -> None:
    for code in ("429", "503"):
        assert operation["responses"][code]["headers"]["Retry-After"]["schema"] == {
            "type": "integer",
            "format": "int64",
        }
