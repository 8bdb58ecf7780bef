"""GET /api/expenses/export: cells of a CSV"""

import csv
import io
from datetime import date

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from expenses import actions
from expenses.models import Expense
from expenses.tests.api import spend
from expenses.tests.exported import HEADER, exported


def test_csv_has_amounts_as_money_and_the_newest_day_first(alice: APIClient) -> None:
    spend(alice, amount=1, date="2026-01-01", category="Café")
    spend(alice, amount=2500, description="Lunch with team members")
    spend(alice, amount=999_999_999_999, date="2026-01-01", description="the second of this day")
    spend(alice, amount=50, date="2026-02-01", description="👩‍🚀")

    assert exported(alice).decode() == (
        "date,amount,category,description\r\n"
        "2026-02-01,0.50,Food,👩‍🚀\r\n"
        "2026-01-21,25.00,Food,Lunch with team members\r\n"
        "2026-01-01,9999999999.99,Food,the second of this day\r\n"
        "2026-01-01,0.01,Café,\r\n"
    )


def test_excel_dialect_has_a_bom_semicolons_and_a_decimal_comma(alice: APIClient) -> None:
    spend(alice, amount=2500, category="Café; Bar", description="Lunch, with team")

    row = '2026-01-21;{};"Café; Bar";Lunch, with team\r\n'
    begin = "\ufeffdate;amount;category;description\r\n"
    assert exported(alice, ("dialect", "excel")).decode() == begin + row.format("25.00")
    assert exported(alice, ("dialect", "excel"), ("decimal", ",")).decode() == begin + row.format("25,00")
    quoted = '2026-01-21,"25,00",Café; Bar,"Lunch, with team"\r\n'
    assert exported(alice, ("decimal", ",")).decode() == HEADER.decode() + quoted


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_formulas_are_prefixed_with_an_apostrophe(alice: APIClient, first: str) -> None:
    # Past the API, which takes none that begins with white space.
    texts = [f"{apostrophes}{first}1+2" for apostrophes in ("", "'", "'''")]
    expenses = [Expense(amount=1, category=text, description=text, date=date(2026, 1, 1)) for text in reversed(texts)]
    actions.create_expenses(owner=User.objects.get(), expenses=expenses)

    rows = list(csv.reader(io.StringIO(exported(alice).decode(), newline="")))

    assert rows[1:] == [["2026-01-01", "0.01", f"'{text}", f"'{text}"] for text in texts]


@pytest.mark.parametrize("text", ["1+2", "a=b", "'", "''", "'quoted'", "'a=", "(=1)", "\\=", "＝1"])  # noqa: RUF001
def test_other_text_is_unchanged(alice: APIClient, text: str) -> None:
    spend(alice, category=text, description=text)

    assert exported(alice).decode() == f"{HEADER.decode()}2026-01-21,0.01,{text},{text}\r\n"


def test_cells_with_quotes_delimiters_and_line_ends_are_quoted(alice: APIClient) -> None:
    spend(alice, category='"so", he said', description="one\n\ntwo;\nthree, 'four'")

    assert exported(alice) == HEADER + b'2026-01-21,0.01,"""so"", he said","one\n\ntwo;\nthree, \'four\'"\r\n'
