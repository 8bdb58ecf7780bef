"""Query parameters. One that is unknown, repeated or malformed is a 400 that names it; none is ever ignored."""

import re
from collections.abc import Collection

from django.http import QueryDict
from rest_framework.exceptions import ErrorDetail

from expense_tracker.api.errors import InvalidParameters

NUMBER = re.compile("0|[1-9][0-9]{0,18}")


def invalid_parameter(name: str, message: str, code: str = "invalid") -> InvalidParameters:
    return InvalidParameters({name: [ErrorDetail(message, code=code)]})


def invalid_choice(name: str, choices: Collection[str]) -> InvalidParameters:
    return invalid_parameter(name, f"Choose one of: {', '.join(choices)}.", code="invalid_choice")


def check_parameters(sent: QueryDict, *, known: Collection[str], repeatable: Collection[str] = ()) -> None:
    """Raise InvalidParameters unless all parameters are `known` and only `repeatable` ones stand more than once."""
    errors = {}
    for name in sent:
        if name not in known:
            message = f"Unknown parameter. Allowed parameters: {', '.join(known) or 'none'}."
            errors[name] = [ErrorDetail(message, code="unknown")]
        elif name not in repeatable and len(sent.getlist(name)) > 1:
            errors[name] = [ErrorDetail("This parameter can be given only once.", code="repeated")]
    if errors:
        raise InvalidParameters(errors)


def integer_parameter(sent: QueryDict, name: str, *, default: int, low: int, high: int) -> int:
    """Return the parameter as an integer from `low` to `high`, written as plain digits. Raise InvalidParameters."""
    text = sent.get(name)
    if not text:
        return default
    if not NUMBER.fullmatch(text) or not low <= int(text) <= high:
        raise invalid_parameter(name, f"Enter an integer from {low} to {high}.")
    return int(text)
