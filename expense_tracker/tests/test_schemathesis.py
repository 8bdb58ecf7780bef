"""Schemathesis reads the OpenAPI document and calls every operation with what it allows and with what it forbids."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings

from accounts.actions import open_session, register
from accounts.tokens import AccessToken
from expense_tracker.wsgi import application

pytestmark = pytest.mark.slow
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "20"))
# A schema-valid request that is refused all the same: also because of what is there, not only of who asks.
REFUSALS = ["2xx", "3xx", "401", "403", "404", "409", "410", "412", "422", "429", "503"]
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": REFUSALS}}}
DOCUMENTED = schemathesis.openapi.from_wsgi("/openapi.json", application, config=schemathesis.Config.from_dict(CONFIG))
SCHEMA = DOCUMENTED.exclude(operation_id="listen_to_changes")  # a 501 under WSGI
# All checks are on, but for one in these operations: not all that they refuse can be said in JSON Schema, to which 1.0
# is an integer (to the contract it is none) and which knows no invisible characters, common passwords or equal names.
SAY_LESS_THAN_THEY_REFUSE = {
    "register": "common passwords",
    "change_password": "common passwords, a wrong one",
    "delete_me": "a wrong password",
    "update_me": "what is no time zone",
    "create_personal_access_token": "1.0, invisible characters",
    "create_expense_with_200": "1.0, invisible characters",
    "create_expense": "1.0, invisible characters",
    "replace_expense": "1.0, invisible characters",
    "change_expense": "1.0, invisible characters",
    "change_many_expenses": "1.0, invisible characters, an expense named twice",
    "set_budget": "1.0, invisible characters",
    "delete_expense": "If-Match without quotes, which it makes up in spite of the pattern",
    "rename_category": "invisible characters, equal names",
    "list_expenses": "invisible characters",
    "summarize_expenses": "invisible characters",
    "export_expenses": "invisible characters",
    "import_expenses": "what is no table",
}


@pytest.fixture
def log_in(db: None, unlimited: None) -> Iterator[Callable[[], dict[str, str]]]:
    """Headers of somebody whom nothing limits, in a new session each time: some requests end theirs or others. The
    requests leave the test's transaction open, as those of the test client do."""
    # Not the one of the examples, whose password would change and erase the account.
    user = register(username="somebody", password="correct horse battery staple")
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)

    def headers() -> dict[str, str]:
        session = open_session(user=user, user_agent="schemathesis")
        return {"Authorization": f"Bearer {AccessToken.for_session(session)}"}

    yield headers
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


PROPERTY = settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))


def exempt(case: schemathesis.Case) -> list[Any]:
    """The checks that are off for the operation."""
    is_exempt = case.operation.definition.raw["operationId"] in SAY_LESS_THAN_THEY_REFUSE
    return [schemathesis.checks.positive_data_acceptance] if is_exempt else []


@SCHEMA.parametrize()
@PROPERTY
def test_operation_conforms_to_the_document(case: schemathesis.Case, log_in: Callable[[], dict[str, str]]) -> None:
    case.call_and_validate(headers=log_in(), excluded_checks=exempt(case))


def test_sequence_of_operations_conforms_to_the_document(log_in: Callable[[], dict[str, str]]) -> None:
    """What one answers is sent to others: what was created is there, and what was deleted is there no more."""

    class Workflow(SCHEMA.as_state_machine()):  # type: ignore[misc]  # a class that is made of the document
        def setup(self) -> None:
            self.transaction = transaction.atomic()
            self.transaction.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)

        def get_call_kwargs(self, case: schemathesis.Case) -> dict[str, Any]:
            return {"headers": log_in()}

        def validate_response(self, response: Any, case: schemathesis.Case, **options: Any) -> None:
            case.validate_response(response, headers=log_in(), excluded_checks=exempt(case))

    Workflow.run(settings=settings(PROPERTY, stateful_step_count=10))
