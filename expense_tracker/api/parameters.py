"""Query parameters. One that is unknown, repeated or malformed is a 400 that names it; none is ever ignored."""

import re
from collections.abc import Collection

from django.http import QueryDict
from rest_framework.exceptions import ErrorDetail

from expense_tracker.api.errors import InvalidParameters

NUMBER = re.compile("0|[1-9][0-9]{0,18}")


def invalid_parameter(name: str, message: str, code: str = "invalid") -> InvalidParameters:
    return InvalidParameters({name: [ErrorDetail(message, code=code)]})


def check_parameters(given: QueryDict, *, known: Collection[str], repeatable: Collection[str] = ()) -> None:
    """Raises InvalidParameters unless all parameters are `known` and only `repeatable` ones stand more than once."""
    errors = {}
    for name in given:
        if name not in known:
            message = f"There is no such parameter here. The parameters are: {', '.join(known) or 'none'}."
            errors[name] = [ErrorDetail(message, code="unknown")]
        elif name not in repeatable and len(given.getlist(name)) > 1:
            errors[name] = [ErrorDetail("This parameter can be given only once.", code="repeated")]
    if errors:
        raise InvalidParameters(errors)


def integer_parameter(given: QueryDict, name: str, *, default: int, low: int, high: int) -> int:
    """The parameter as an integer from `low` to `high`, written as plain digits. Raises InvalidParameters."""
    text = given.get(name)
    if text is None:
        return default
    if not NUMBER.fullmatch(text) or not low <= int(text) <= high:
        raise invalid_parameter(name, f"Enter an integer from {low} to {high}.")
    return int(text)


def choice_parameter(given: QueryDict, name: str, *, default: str, choices: Collection[str]) -> str:
    """The parameter as one of `choices`. Raises InvalidParameters."""
    text = given.get(name, default)
    if text not in choices:
        raise invalid_parameter(name, f"Choose one of: {', '.join(choices)}.", code="invalid_choice")
    return text
