"""GET /api/expenses/summary: invalid parameters"""

from typing import Any

import pytest
from rest_framework.test import APIClient

from expenses.tests.api import spend
from expenses.tests.summaries import PATH, summary

KNOWN = "date_from, date_to, amount_min, amount_max, category, search, group_by, fill"
GROUP_BY = "Give category, one of day, week, month, year, or both with a comma between them."
DAY = "Enter a day as YYYY-MM-DD."
RANGE = "The day must be between 1970-01-01 and 9998-12-31."
FILL = "Choose one of: true, false."
CENTS = "Enter an integer of cents from 0 to 999999999999."


@pytest.mark.parametrize(
    ("parameters", "name", "code", "message"),
    [
        ({}, "group_by", "required", GROUP_BY),
        ({"group_by": ""}, "group_by", "required", GROUP_BY),
        *(
            ({"group_by": value}, "group_by", "invalid_choice", GROUP_BY)
            for value in (
                *(",", "category,", ",month", "colour", "Category", "category, month", "quarter", "months"),
                *("day,month", "week,year", "category,day,month", "category,category", "month,month", "amount"),
            )
        ),
        *(({"group_by": "day", "fill": value}, "fill", "invalid_choice", FILL) for value in ("True", "1", "yes", "on")),
        *(
            (
                {"group_by": "day", name: "1"},
                name,
                "unknown",
                f"Unknown parameter. Allowed parameters: {KNOWN}.",
            )
            for name in ("limit", "offset", "ordering", "month", "Group_by")
        ),
        ({"group_by": "day", "date_from": "2026-9-01"}, "date_from", "invalid", DAY),
        ({"group_by": "day", "date_from": "2026-13-01"}, "date_from", "invalid", "There is no such day."),
        ({"group_by": "day", "date_from": "1969-12-31"}, "date_from", "invalid", RANGE),
        ({"group_by": "day", "date_to": "9999-01-01"}, "date_to", "invalid", RANGE),
        ({"group_by": "day", "amount_min": "1.5"}, "amount_min", "invalid", CENTS),
        *(
            ({"group_by": "day", name: ["true", "true"]}, name, "repeated", "This parameter can be given only once.")
            for name in ("fill", "date_from", "search")
        ),
        (
            {"group_by": ["category", "month"]},
            "group_by",
            "repeated",
            "This parameter can be given only once.",
        ),
    ],
)
def test_invalid_parameter_returns_400_with_its_name(
    alice: APIClient, parameters: dict[str, Any], name: str, code: str, message: str
) -> None:
    response = alice.get(PATH, parameters)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "detail": f"{name}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "parameter": name}],
    }


@pytest.mark.parametrize("group_by", ["day", "month"])
def test_too_many_groups_return_400(alice: APIClient, group_by: str) -> None:
    spend(alice, date="1970-01-01")
    spend(alice, date="9998-12-31")

    response = alice.get(PATH, {"group_by": group_by, "fill": "true"})

    message = "That would be more than 50000 groups; narrow the dates or take a longer period."
    assert response.status_code == 400
    assert response.json() == {
        "detail": f"fill: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": "invalid", "parameter": "fill"}],
    }
    assert len(summary(alice, ("group_by", "year"), ("fill", "true"))["groups"]) == 9998 - 1970 + 1
