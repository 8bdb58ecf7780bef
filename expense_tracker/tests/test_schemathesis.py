"""Schemathesis reads the OpenAPI document and calls every operation with what it allows and with what it forbids."""

import os
import re
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
# All checks are on. A 400 to what the schema allows is right for these reasons alone, which JSON Schema cannot say.
NOT_IN_JSON_SCHEMA = re.compile(
    # Text: it knows no invisible characters, and `\w` means other letters in each language.
    r"The character U\+[0-9A-F]+ is not allowed|This must be one line|This field may not be blank|Null characters"
    r"|Enter a valid username"
    # Lists that are too long, or of tomorrow: of common passwords, time zones, encodings.
    r"|This password is|The password is too similar|Unknown time zone|Name an encoding"
    # A day has no minimum in JSON Schema.
    r"|The day must be between"
    # What hangs together with something else: another member, what is stored, what was answered.
    r"|The names are equal|This (expense|external_id) is named twice|No more than 1000 operations|Send either"
    r"|User already exists|Only a CSV has this|That would be more than"
    r"|This is not your password|Take it from a Link header"
    # How a file is written.
    r"|Put YYYY or YY|Send a JSON object of columns"
    # `2500.0`, which the published `POST /api/create` does not take.
    r"|Enter an integer of cents"
    # Schemathesis makes this header up in spite of its pattern.
    r"|If-Match must be the ETag"
)
# What is in a file is nothing that it can describe.
FILE_CODES = {"unreadable_file", "undecided", "invalid_rows"}


@schemathesis.hook
def filter_query(_: Any, query: dict[str, Any] | None) -> bool:
    """Leave out what would not be sent, such as a list of nothing in the place of a number: it is not refused."""
    return all(value not in ([], {}, [[]], [{}]) for value in (query or {}).values())


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


PROPERTY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    # The same requests each time, but for `make fuzz`: a reason that is found once in a thousand ends no other run.
    derandomize="FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)


def exempt(response: Any) -> list[Any]:
    """Return the check of what is refused, where all the reasons are ones that the document cannot say."""
    if response.status_code != 400:
        return []
    body = response.json()
    reasons = [error["detail"] for error in body.get("errors", [body])]
    is_right = body["code"] in FILE_CODES or all(NOT_IN_JSON_SCHEMA.match(reason) for reason in reasons)
    return [schemathesis.checks.positive_data_acceptance] if is_right else []


@SCHEMA.parametrize()
@PROPERTY
def test_operation_conforms_to_the_document(case: schemathesis.Case, log_in: Callable[[], dict[str, str]]) -> None:
    headers = log_in()
    response = case.call(headers=headers)
    case.validate_response(response, headers=headers, excluded_checks=exempt(response))


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
            case.validate_response(response, headers=log_in(), excluded_checks=exempt(response))

    Workflow.run(settings=settings(PROPERTY, stateful_step_count=10))
