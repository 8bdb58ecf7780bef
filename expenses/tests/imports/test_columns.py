"""POST /api/expenses/import: which column holds what, and what becomes of the cells"""

import json

import pytest
from rest_framework.test import APIClient

from expenses.tests.imports.uploads import (
    COFFEE_STORED,
    HEADER,
    LUNCH,
    LUNCH_STORED,
    assert_asked,
    assert_imported,
    send,
    stored,
)


@pytest.mark.parametrize(
    "content",
    [
        "date;amount;category;description\n2026-01-21;25.00;Food;Lunch\n",
        "date\tamount\tcategory\tdescription\n2026-01-21\t25.00\tFood\tLunch\n",
        "Date,AMOUNT,Category,dEsCrIpTiOn\n2026-01-21,25.00,Food,Lunch\n",
        "description,category,amount,date\nLunch,Food,25.00,2026-01-21\n",
        ' date ,"amount",category, description\n 2026-01-21 , 25.00 , Food , Lunch \n',
        "id,date,note;to,amount,,category,,description\n7,2026-01-21,x,25.00,y,Food,z,Lunch\n",
        "date,amount,category,description\n2026-01-21,25.00,Food,Lunch",
        "date,amount,category,description\n2026-01-21,25.00,Food,Lunch,,\n",
        "date|amount|category|description\n2026-01-21|25.00|Food|Lunch\n",
        "sep=;\r\ndate;amount;category;description\r\n2026-01-21;25.00;Food;Lunch\r\n",
        'date,amount,category,description\n"2026-01-21","25.00","Food","Lunch"\n',
        "date,amount,category,description\r\n2026-01-21,25.00,Food,Lunch\r\n",
        "date,amount,category,description\r2026-01-21,25.00,Food,Lunch\r",
    ],
    ids=[
        "semicolons",
        "tabs",
        "letters of any case",
        "another order",
        "white space",
        "more columns",
        "no last line end",
        "more empty cells than columns",
        "bars",
        "sep=",
        "quotes",
        "CR LF",
        "CR",
    ],
)
def test_columns_are_found_by_name_with_any_delimiter(alice: APIClient, content: str) -> None:
    assert_imported(send(alice, content), (content.startswith("sep") + 2, "created"))
    assert stored(alice) == [LUNCH_STORED]


@pytest.mark.parametrize(
    "content", ["date,amount,category\n2026-01-21,3.50,Coffee\n", f"{HEADER}2026-01-21,3.50,Coffee"]
)
def test_missing_description_is_null(alice: APIClient, content: str) -> None:
    assert_imported(send(alice, content), (2, "created"))
    assert stored(alice) == [COFFEE_STORED]


def no_columns(line: int, found: str, missed: str) -> str:
    return (
        "No line of the first 30 names a column for the date and one for the amount. "
        f"Line {line} has {found}; it misses {missed}. Say which columns they are with the option columns."
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (LUNCH, no_columns(1, '"2026-01-21", "25.00", "Food", "Lunch"', "date and amount")),
        ("amount,category\n", no_columns(1, '"amount", "category"', "date")),
        ("My book\n\ndate;category\n", no_columns(3, '"date", "category"', "amount")),
    ],
)
def test_missing_header_returns_400_with_what_was_found(alice: APIClient, content: str, message: str) -> None:
    assert_asked(send(alice, content, partial="true"), "columns", message)
    assert stored(alice) == []


def test_duplicate_columns_that_differ_need_the_columns_parameter(alice: APIClient) -> None:
    content = "date,amount,Amount,category\n2026-01-21,1.00,2.00,Food\n"

    assert_asked(
        send(alice, content),
        "columns",
        'The columns "amount", "Amount" differ: say with the option columns which is the amount.',
    )


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'=1+2", "=1+2"),
        ("'+1", "+1"),
        ("'-1", "-1"),
        ("'@a", "@a"),
        ("''=1", "'=1"),
        ("'", "'"),
        ("'quoted'", "'quoted'"),
        ("=1+2", "=1+2"),
        ("''", "''"),
    ],
)
def test_only_the_apostrophe_of_an_export_is_removed(alice: APIClient, cell: str, text: str) -> None:
    assert_imported(send(alice, f"{HEADER}2026-01-21,1,{cell},{cell}\n"), (2, "created"))
    assert stored(alice) == [("2026-01-21", 100, text, text)]


def test_columns_parameter_names_the_columns(alice: APIClient) -> None:
    content = "A,B,C,D,E\n2026-01-21,25.00,Food,Lunch,with team members\n"
    columns = {"date": "A", "amount": "B", "category": "C", "description": ["D", "E"]}

    assert_imported(send(alice, content, columns=json.dumps(columns)), (2, "created"))
    assert stored(alice) == [("2026-01-21", 2500, "Food", "Lunch, with team members")]


def test_unknown_column_returns_400_with_the_columns_of_the_file(alice: APIClient) -> None:
    message = 'Line 1 has the columns "date", "amount", "category", "description"; there is no "Betrag".'

    assert_asked(send(alice, HEADER + LUNCH, columns='{"date": "date", "amount": "Betrag"}'), "columns", message)


def test_rows_without_a_category_get_the_default_category(alice: APIClient) -> None:
    content = "date,amount,category\n2026-01-21,1.00,\n2026-01-21,2.00,Food\n"

    assert_imported(send(alice, content, default_category=" Other "), (2, "created"), (3, "created"))
    assert [category for *_, category, _ in stored(alice)] == ["Other", "Food"]
    assert_imported(send(alice, "date,amount\n2026-01-21,3.00\n"), (2, "created"))
    assert stored(alice)[-1] == ("2026-01-21", 300, "Uncategorised", None)


def test_payee_title_and_notes_are_joined_in_the_description(alice: APIClient) -> None:
    content = "date,amount,payee,description,notes\n2026-01-21,1.00,Bakery,BAKERY,Rolls\n"

    assert_imported(send(alice, content), (2, "created"))
    assert stored(alice) == [("2026-01-21", 100, "Uncategorised", "Bakery, Rolls")]


def test_too_long_description_is_cut_with_a_reason(alice: APIClient) -> None:
    reason = "The description is longer than 255 characters and was cut."

    assert_imported(send(alice, f"{HEADER}2026-01-21,1,Food,{'x' * 256}\n"), (2, "created", reason, None))
    assert stored(alice) == [("2026-01-21", 100, "Food", "x" * 254 + "…")]
