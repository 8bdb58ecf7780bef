"""The OpenAPI document: complete and true enough to write a client from."""

import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from expense_tracker.tests.contract import DOCUMENT, OPERATIONS, SCHEMAS, objects


def test_document_is_valid_and_built_without_warnings() -> None:
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=StringIO(), format="openapi-json")

    assert re.fullmatch(r"3\.1\.\d", DOCUMENT["openapi"])


def test_document_is_served_as_built(api: APIClient) -> None:
    response = api.get("/openapi.json")

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.json() == DOCUMENT


def test_info_describes_the_api(settings: Any) -> None:
    info = DOCUMENT["info"]

    assert (info["title"], info["version"]) == (settings.API_TITLE, settings.API_VERSION)
    assert info["description"].startswith(settings.API_DESCRIPTION)
    assert info["license"] == {"name": "MIT", "identifier": "MIT"}
    assert info["contact"]


def test_operations_are_these_with_unique_ids() -> None:
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


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_described_for_clients(name: str) -> None:
    schema = SCHEMAS[name]

    assert "serializer" not in schema.get("description", "").lower()
    if name.endswith("Request"):
        assert [member for member, value in schema["properties"].items() if not value.get("description")] == []


def test_all_members_of_an_expense_but_deleted_at_are_required() -> None:
    assert SCHEMAS["Expense"]["properties"].keys() - set(SCHEMAS["Expense"]["required"]) == {"deleted_at"}


def test_every_integer_has_64_bits() -> None:
    integers = [each for each in objects(DOCUMENT) if each.get("type") in ("integer", ["integer", "null"])]

    assert len(integers) > 40
    assert {each["format"] for each in integers} == {"int64"}


def test_no_schema_has_read_only_write_only_or_additional_members() -> None:
    assert [each for each in objects(DOCUMENT) if {"readOnly", "writeOnly"} & each.keys()] == []
    assert [name for name, each in SCHEMAS.items() if each.get("additionalProperties")] == []


def test_enum_values_have_names_for_generators() -> None:
    enums = [each for each in objects(DOCUMENT) if isinstance(each.get("enum"), list)]
    names = [each.get("x-enum-varnames", each["enum"]) for each in enums]

    assert all(name.isidentifier() for each in names for name in each)
    assert ["DATE", "DATE_DESCENDING"] in [each[:2] for each in names]
    assert all(len(each["enum"]) == len(set(name)) for each, name in zip(enums, names, strict=True))


def test_import_options_have_these_defaults() -> None:
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


def test_body_limits_are_those_of_the_operations() -> None:
    descriptions = {
        path: DOCUMENT["paths"][path]["post"]["responses"]["413"]["description"]
        for path in ("/api/expenses", "/api/expenses/bulk", "/api/expenses/import")
    }

    assert descriptions == {
        "/api/expenses": "The body is larger than 65,536 bytes.",
        "/api/expenses/bulk": "The body is larger than 2,097,152 bytes.",
        "/api/expenses/import": "The body is larger than 10,485,760 bytes.",
    }


def test_older_create_operation_is_deprecated() -> None:
    deprecated = [param.id for param in OPERATIONS if param.values[2].get("deprecated")]  # type: ignore[union-attr]

    assert deprecated == ["POST /api/create"]


def test_every_tag_has_a_description() -> None:
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


def test_server_url_is_that_of_the_request(api: APIClient, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["expenses.alice.example"]

    document = api.get("/openapi.json", secure=True, HTTP_HOST="expenses.alice.example").json()

    assert document["servers"] == [{"url": "https://expenses.alice.example"}]
    assert DOCUMENT["servers"] == [{"url": "http://testserver"}]
    assert "expenses.example" not in str(document)


def test_security_schemes_are_bearer_and_password_flow() -> None:
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
def test_forms_are_not_documented(path: str) -> None:
    assert DOCUMENT["paths"][path]["post"]["requestBody"]["content"].keys() == {"application/json"}
