"""POST /api/expenses/import: amounts of money"""

import pytest
from rest_framework.test import APIClient

from expenses.tests.imports.uploads import HEADER, assert_asked, assert_imported, send, stored


@pytest.mark.parametrize(
    ("amount", "decimal", "cents"),
    [
        ("25.00", ".", 2500),
        ("25", ".", 2500),
        ("25.5", ".", 2550),
        ("0.01", ".", 1),
        ("0025.00", ".", 2500),
        ("9999999999.99", ".", 999_999_999_999),
        ('"25,00"', ",", 2500),
        ('"0,5"', ",", 50),
        ("25", ",", 2500),
        ("1.250", ".", 125),
        ("1.250", ",", 125_000),
    ],
)
def test_decimal_parameter_names_the_decimal_sign(alice: APIClient, amount: str, decimal: str, cents: int) -> None:
    assert_imported(send(alice, f"date,amount,category\n2026-01-21,{amount},Food\n", decimal=decimal), (2, "created"))
    assert stored(alice) == [("2026-01-21", cents, "Food", None)]


@pytest.mark.parametrize(
    ("cells", "cents"),
    [
        (["25", "3"], [2500, 300]),
        (["25,00", "3,5"], [2500, 350]),
        (["1,250.00", "14.80"], [125_000, 1480]),
        (["1.250,00", "14,80"], [125_000, 1480]),
        (["1'250.00", "1\u2019250"], [125_000, 125_000]),
        (["1\u00a0250,00", "1\u202f250 €"], [125_000, 125_000]),
        (["1,25,000.00", "14.80"], [12_500_000, 1480]),
        (["$14.80", "US$ 1", "12.00 EUR", "CHF 3"], [1480, 100, 1200, 300]),
        (["-25.00", "\u22123.50", "(12.00)", "12.00-", "-$1", "$-1", "1 € -"], [2500, 350, 1200, 1200, 100, 100, 100]),
        (["+25.00", ".50"], [2500, 50]),
        (["14.800", "0.500"], [1480, 50]),
        (["14.800", "0.30000000000000004"], [1480, 30]),
        (["1,250", "14.80"], [125_000, 1480]),
        (["1.250.000", "3"], [125_000_000, 300]),
    ],
)
def test_amounts_are_read_in_the_one_way_that_fits_all(alice: APIClient, cells: list[str], cents: list[int]) -> None:
    content = "date;amount;category\n" + "".join(f"2026-01-21;{cell};Food\n" for cell in cells)

    options = {"spending": "negative"} if "(12.00)" in cells else {}
    assert_imported(send(alice, content, **options), *((line, "created") for line in range(2, 2 + len(cells))))
    assert [amount for _, amount, *_ in stored(alice)] == cents


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (["1.250"], '"1.250" may be 1.25 or 1250.00: send decimal=. or decimal=, for what stands before the cents.'),
        (
            ["3", "1,250"],
            '"1,250" may be 1250.00 or 1.25: send decimal=. or decimal=, for what stands before the cents.',
        ),
        (["14.80", "1.250"], '"1.250" beside "14.80": are these thousands? Write all in one way, or send decimal.'),
        (["14.80", "14,80"], 'Amounts are written in two ways, "14.80" and "14,80": write all in one.'),
    ],
)
def test_ambiguous_amounts_need_the_decimal_parameter(alice: APIClient, cells: list[str], message: str) -> None:
    content = "date;amount;category\n" + "".join(f"2026-01-21;{cell};Food\n" for cell in cells)

    assert_asked(send(alice, content, partial="true"), "decimal", message)
    assert stored(alice) == []


@pytest.mark.parametrize(
    ("row", "options", "parameter", "otherwise"),
    [
        ("2026-01-21,12,50,Food", {}, "decimal", "send decimal=. with the file."),
        ("2026-01-21,12,50,Food", {"decimal": ","}, "decimal", "send decimal=. with the file."),
        ("2026-01-21,0,01,Food", {"decimal": ","}, "decimal", "send decimal=. with the file."),
        ("2026-01-21,1000,010,Food", {}, "decimal", "send decimal=. with the file."),
        ("2026-01-21,1,250.00,Rent", {}, "delimiter", "write ; between the cells."),
        ("2026-01-21,1,250.00,Rent", {"decimal": "."}, "delimiter", "write ; between the cells."),
        (
            "2026-01-21,1,250,Rent",
            {"columns": '{"date": "date", "amount": "amount"}'},
            "delimiter",
            "write ; between the cells.",
        ),
    ],
)
def test_amount_split_by_a_comma_is_not_read_as_two_cells(
    alice: APIClient, row: str, options: dict[str, str], parameter: str, otherwise: str
) -> None:
    response = send(alice, f"{HEADER}{row}\n2026-01-22,3,Coffee,Flat white\n", partial="true", **options)

    amount = ",".join(row.split(",")[1:3])
    assert_asked(response, parameter, f'Is "{amount}" one amount? Then put it into quotes. If not, {otherwise}')
    assert stored(alice) == []


def test_numeric_category_hides_no_split_amount(alice: APIClient) -> None:
    response = send(alice, f"{HEADER}2026-01-21,0.01,50\n2026-01-21,1,000.00 €,Food\n", partial="true")

    message = 'Is "1,000.00 €" one amount? Then put it into quotes. If not, write ; between the cells.'
    assert_asked(response, "delimiter", message)


def test_number_in_a_split_text_is_not_read_as_the_amount(alice: APIClient) -> None:
    content = "date,description,amount,category\n2026-01-21,Milk, 2,12.00\n2026-01-21,Rolls,3.00,Food\n"

    message = '"2" is followed by "12.00": has a comma in a text moved the cells? Then put that text into quotes.'
    assert_asked(send(alice, content, partial="true"), "delimiter", message)


def test_column_of_numbers_after_the_amount_is_ignored(alice: APIClient) -> None:
    content = "date,amount,mcc,category\n2026-01-21,12,50,Food\n2026-01-21,14.80,546,Food\n2026-01-21,3,546,Food\n"

    assert_imported(send(alice, content), (2, "created"), (3, "created"), (4, "created"))
    assert_imported(send(alice, "date,amount,mcc\n2026-01-22,12,50\n", decimal="."), (2, "created"))
