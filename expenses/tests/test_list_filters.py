"""GET /api/expenses: filters and search"""

# ruff: noqa: RUF001 - letters that look alike are the point

from typing import Any

import pytest
from rest_framework.test import APIClient

from expenses.tests.api import EXPENSES, listed, spend

KNOWN = "date_from, date_to, amount_min, amount_max, category, search, ordering, deleted, limit, offset, cursor"


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ([("date_from", "2026-01-02")], ["b", "c"]),
        ([("date_to", "2026-01-02")], ["a", "b"]),
        ([("date_from", "2026-01-02"), ("date_to", "2026-01-02")], ["b"]),
        ([("date_from", "2026-01-03"), ("date_to", "2026-01-01")], []),
        ([("amount_min", 200)], ["b", "c"]),
        ([("amount_max", 200)], ["a", "b"]),
        ([("amount_min", 0), ("amount_max", 999_999_999_999)], ["a", "b", "c"]),
        ([("category", "Food")], ["a"]),
        ([("category", "  Food\n")], ["a"]),
        ([("category", "food")], ["b"]),
        ([("category", "Foo")], []),
        ([("category", "Food"), ("category", "Cafe\u0301")], ["a", "c"]),
        ([("search", "FOOD")], ["a", "b"]),
        ([("category", "Food"), ("category", "food"), ("amount_min", 200), ("search", "foo")], ["b"]),
    ],
)
def test_filters_combine_with_and(alice: APIClient, parameters: list[tuple[str, Any]], found: list[str]) -> None:
    spend(alice, description="a", amount=100, category="Food", date="2026-01-01")
    spend(alice, description="b", amount=200, category="food", date="2026-01-02")
    spend(alice, description="c", amount=300, category="Café", date="2026-01-03")

    assert [expense["description"] for expense in listed(alice, ("ordering", "date"), *parameters)] == found


@pytest.mark.parametrize(
    ("text", "search"),
    [
        ("Lunch with team", "LUNCH"),
        ("Lunch with team", "ch wi"),
        ("Lunch with team", "  team  "),
        ("ÉCOLE", "école"),
        ("école", "E\u0301COLE"),
        ("МОСКВА", "москва"),
        ("Straße", "STRASSE"),
        ("STRASSE", "straße"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("ՀԱՅԱՍՏԱՆ", "հայաստան"),
        ("寿司と天ぷら", "天ぷら"),
        ("👩‍🚀 suit", "👩‍🚀"),
        ("100% wool", "0% w"),
        ("snake_case", "E_C"),
        (r"C:\temp", r"c:\T"),
        ('it\'s "so"', "'s \"S"),
        ("one\ntwo", "TWO\none"),
        ("İstanbul", "istanbul"),
        ("Diyarbakır", "DIYARBAKIR"),
        ("Café", "cafe"),
        ("cafe", "CAFÉ"),
        ("Bäckerei", "backerei"),
        ("Ångström", "angstrom"),
        ("ﬁsh", "fish"),
        ("οδός", "ΟΔΟΣ"),
        ("میوه\u200cها", "میوهها"),
        ("Train Ticket to Bern", "ticket train"),
        ("Train  Ticket", "train\u00a0ticket"),
    ],
)
def test_search_ignores_case_and_accents_in_any_script(alice: APIClient, text: str, search: str) -> None:
    found = spend(alice, description=text)
    spend(alice, description="x")

    assert listed(alice, ("search", search)) == [found]


@pytest.mark.parametrize("search", ["%", "_", "\\", "a%c", "a_c", "a*c", "[a]", "foodabc", "aabc"])
def test_search_has_no_wildcards_and_does_not_span_fields(alice: APIClient, search: str) -> None:
    spend(alice, category="Food", description="abc")
    spend(alice, category="a", description="abc")

    assert listed(alice, ("search", search)) == []


@pytest.mark.parametrize(
    ("search", "found"), [("bern food", ["a"]), ("FOOD be", ["a"]), ("food x", []), ("food", ["b", "a"])]
)
def test_every_word_of_a_search_must_be_in_category_or_description(
    alice: APIClient, search: str, found: list[str]
) -> None:
    expenses = {"a": spend(alice, category="Food", description="Bern"), "b": spend(alice, category="Food")}

    assert listed(alice, ("search", search)) == [expenses[name] for name in found]


@pytest.mark.parametrize(("text", "search"), [("и", "й"), ("कि", "की"), ("カ", "ガ")])
def test_search_keeps_marks_that_make_another_letter(alice: APIClient, text: str, search: str) -> None:
    spend(alice, description=text)

    assert listed(alice, ("search", search)) == []


def test_search_covers_categories(alice: APIClient, bob: APIClient) -> None:
    spend(bob, category="Transport")
    taxi = spend(alice, category="Transport")
    lunch = spend(alice, description="On public transport")

    assert listed(alice, ("search", "TRANSPORT")) == [lunch, taxi]


INTEGER_OF_CENTS = "Enter an integer of cents from 0 to 999999999999."
DAY = "Enter a day as YYYY-MM-DD."
RANGE = "The day must be between 1970-01-01 and 9998-12-31."
EMPTY = "This field is required."
ORDERING = "Choose one of: date, -date, amount, -amount, category, -category, created_at, -created_at."


@pytest.mark.parametrize(
    ("parameter", "value", "code", "message"),
    [
        ("colour", "red", "unknown", f"Unknown parameter. Allowed parameters: {KNOWN}."),
        ("Category", "Food", "unknown", f"Unknown parameter. Allowed parameters: {KNOWN}."),
        *(("date_from", value, "invalid", DAY) for value in ("2026-1-1", "20260101", "today", "2026-01-01T00:00Z")),
        ("date_to", "2026-02-30", "invalid", "There is no such day."),
        ("date_to", "1969-12-31", "invalid", RANGE),
        ("date_to", "9999-12-31", "invalid", RANGE),
        *(
            ("amount_min", value, "invalid", INTEGER_OF_CENTS)
            for value in ("-1", "+1", "01", "1_0", "1.0", "1e2", "1 ", "１２", "1000000000000", "9" * 23, "x")
        ),
        ("amount_max", "x", "invalid", INTEGER_OF_CENTS),
        ("category", "x" * 41, "max_length", "Ensure this value has at most 40 characters (it has 41)."),
        ("category", "two\nlines", "invalid", "This must be one line."),
        ("search", "x" * 256, "max_length", "Ensure this value has at most 255 characters (it has 256)."),
        ("search", "a\x00b", "invalid", "The character U+0000 is not allowed."),
        ("search", "a\u202eb", "invalid", "The character U+202E is not allowed."),
        *(("ordering", value, "invalid_choice", ORDERING) for value in ("id", "--date", "Date", "date,amount")),
        *(
            ("limit", value, "invalid", "Enter an integer from 1 to 1000.")
            for value in ("0", "1001", "-1", "+1", "01", "1_0", "1.0", "１", "9" * 23, "all")
        ),
        *(
            ("offset", value, "invalid", "Enter an integer from 0 to 1000000000.")
            for value in ("-1", "+0", "1000000001", "9" * 23, "x")
        ),
    ],
)
def test_invalid_parameter_returns_400_with_its_name(
    alice: APIClient, parameter: str, value: str, code: str, message: str
) -> None:
    response = alice.get(EXPENSES, {parameter: value})

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "detail": f"{parameter}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "parameter": parameter}],
    }


@pytest.mark.parametrize(
    "parameter", ["date_from", "date_to", "amount_min", "amount_max", "search", "ordering", "limit", "offset"]
)
def test_repeated_parameter_returns_400(alice: APIClient, parameter: str) -> None:
    response = alice.get(f"{EXPENSES}?{parameter}=1&{parameter}=1")

    message = "This parameter can be given only once."
    assert response.status_code == 400
    assert response.json() == {
        "detail": f"{parameter}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": "repeated", "parameter": parameter}],
    }


@pytest.mark.parametrize(
    "query",
    ["search=%FF%00", "%00=1", "=1", "&".join(["category=Food"] * 1001), "limit=%ED%A0%80"],
)
def test_malformed_query_string_returns_400(alice: APIClient, query: str) -> None:
    assert alice.get(f"{EXPENSES}?{query}").status_code == 400


def test_all_invalid_parameters_are_reported_together(alice: APIClient) -> None:
    errors = alice.get(EXPENSES, {"date_from": "x", "amount_min": "x", "search": "a\x00"}).json()["errors"]

    assert {error["parameter"] for error in errors} == {"date_from", "amount_min", "search"}


@pytest.mark.parametrize(
    "query",
    ["search=&category=&date_from=&amount_min=", "limit=&offset=&ordering=&deleted=", "search=%20&category=Food"],
)
def test_empty_parameter_is_ignored(alice: APIClient, query: str) -> None:
    spend(alice)

    response = alice.get(f"{EXPENSES}?{query}")

    assert response.status_code == 200
    assert response.json() == alice.get(EXPENSES).json()
