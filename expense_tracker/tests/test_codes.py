"""The codes of errors: the document lists every one that can be answered."""

import ast
import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from rest_framework import exceptions, serializers

from expense_tracker.api.errors import STATUS_CODES, status_code_of
from expense_tracker.api.serializers import QuerySerializer, StrictSerializer
from expense_tracker.docs.codes import PROBLEMS, VALUES
from expense_tracker.exceptions import DomainError
from expense_tracker.tests.contract import DOCUMENT
from expenses.exceptions import BatchRefused
from expenses.imports.errors import TooManyRows

# What DRF raises by itself, and we let out.
OF_DRF = [
    exceptions.ParseError,
    exceptions.PermissionDenied,
    exceptions.MethodNotAllowed,
    exceptions.UnsupportedMediaType,
    exceptions.NotAuthenticated,
]
TREES = [
    ast.parse(path.read_text())
    for app in ("accounts", "expenses", "expense_tracker")
    for path in sorted((settings.BASE_DIR / app).rglob("*.py"))
    if not {"tests", "migrations", "management", "admin"} & set(path.parts)
]


def subclasses(base: type[Any]) -> Iterator[type[Any]]:
    for each in base.__subclasses__():
        yield each
        yield from subclasses(each)


def ours(base: type[Any]) -> list[type[Any]]:
    assert apps.ready
    return [
        each
        for each in subclasses(base)
        if each.__module__.split(".")[0] in ("accounts", "expenses", "expense_tracker")
    ]


def literals(call: str, position: int | None = None) -> set[str]:
    """The texts that the code gives to a function as `code`, or at a position."""
    found = set()
    for tree in TREES:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == call:
                given = [keyword.value for keyword in node.keywords if keyword.arg == "code"]
                given += node.args[position : position + 1] if position is not None else []
                found |= {
                    each.value for each in given if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
    return found


def fields(serializer: Any) -> Iterator[Any]:
    for field in serializer.fields.values():
        yield field
        inner = getattr(field, "child", field)
        if isinstance(inner, serializers.Serializer):
            yield from fields(inner)


# The import of a file that is too long is answered as any body that is.
@pytest.mark.parametrize(
    "error",
    [each for each in ours(DomainError) if each.code and each is not TooManyRows],
    ids=lambda each: each.__name__,
)
def test_code_of_every_domain_error_is_listed_with_its_status(error: type[DomainError]) -> None:
    bare = error.__new__(error)

    assert PROBLEMS[error.code][0] == status_code_of(bare)


def test_every_domain_error_that_is_raised_has_a_code() -> None:
    # A batch takes the code of its worst fault.
    kinds = {*STATUS_CODES, DomainError, BatchRefused}

    assert [
        each for each in ours(DomainError) if not each.code and each not in kinds and not each.__subclasses__()
    ] == []


@pytest.mark.parametrize("error", [*ours(exceptions.APIException), *OF_DRF], ids=lambda each: each.__name__)
def test_code_of_every_other_exception_is_listed_with_its_status(error: Any) -> None:
    if not issubclass(error, exceptions.ValidationError):
        assert PROBLEMS[error.default_code][0] == error.status_code


def test_codes_outside_of_views_are_listed() -> None:
    assert {"bad_request", "internal_error"} <= literals("problem", 2) <= PROBLEMS.keys()


def test_codes_of_values_are_listed() -> None:
    raised = literals("ErrorDetail", 1) | literals("ValidationError") | literals("invalid_parameter", 2)
    declared = {
        code
        for base in (StrictSerializer, QuerySerializer)
        for each in subclasses(base)
        if "code" not in inspect.signature(each).parameters
        for field in fields(each())
        if not field.read_only
        for code in field.error_messages
    }

    assert raised <= VALUES.keys()
    # DRF has messages for what our fields do not let happen.
    assert declared - VALUES.keys() <= {
        "max_string_length",
        "datetime",
        "make_aware",
        "overflow",
        "empty",
        "max_digits",
    }


def test_document_contains_the_tables_of_codes() -> None:
    description = DOCUMENT["info"]["description"]

    assert [code for code in (*PROBLEMS, *VALUES) if f"| `{code}` |" not in description] == []
