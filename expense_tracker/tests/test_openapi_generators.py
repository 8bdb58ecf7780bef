"""What generators of clients need of the OpenAPI document, besides what is valid."""

from expense_tracker.tests.contract import DOCUMENT, SCHEMAS

OPERATIONS = {operation["operationId"]: operation for path in DOCUMENT["paths"].values() for operation in path.values()}


def test_every_response_has_a_description() -> None:
    without = [
        (name, code)
        for name, operation in OPERATIONS.items()
        for code, response in operation["responses"].items()
        if not response["description"]
    ]

    assert without == []


def test_a_body_with_required_members_is_required() -> None:
    optional = {
        name
        for name, operation in OPERATIONS.items()
        if "requestBody" in operation and not operation["requestBody"].get("required")
    }

    assert optional == {"update_me", "change_expense", "change_many_expenses"}


def test_enumerations_have_names_that_read_well() -> None:
    assert {name for name, schema in SCHEMAS.items() if "enum" in schema} == {"FileFormat", "RowStatus", "Scope"}


def test_an_external_id_has_a_pattern() -> None:
    for name in ("ExpenseCreationRequest", "Expense"):
        schema = SCHEMAS[name]["properties"]["external_id"]
        assert (schema["type"], schema["pattern"]) == (["string", "null"], "^[!-~]+$")
        assert (schema["minLength"], schema["maxLength"]) == (1, 64)
