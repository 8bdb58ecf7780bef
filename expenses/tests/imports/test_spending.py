"""POST /api/expenses/import: which rows are spending"""

import pytest
from rest_framework.test import APIClient

from expenses.tests.imports.uploads import assert_asked, assert_imported, send, stored

SIGNS = "date,amount,category\n2026-03-07,-14.80,Food\n2026-03-15,2950,Salary\n"
ABOVE = "The amount is above 0: income, a refund, or a transfer."
WHICH = "which are spending? Send spending=negative or spending=positive."


def test_amounts_of_both_signs_need_the_spending_parameter_even_with_partial(alice: APIClient) -> None:
    for options in ({}, {"partial": "true"}, {"dry_run": "true"}):
        response = send(alice, SIGNS, **options)
        assert_asked(response, "spending", f'There are amounts below and above 0 in "amount": {WHICH}')
    assert stored(alice) == []


def test_rows_of_the_other_sign_are_skipped(alice: APIClient) -> None:
    response = send(alice, SIGNS, spending="negative")

    assert_imported(response, (2, "created"), (3, "skipped", ABOVE, None))
    assert response.json()["rows"][1]["amount"] == 295_000
    assert stored(alice) == [("2026-03-07", 1480, "Food", None)]


def test_all_undecided_parameters_are_reported_at_once(alice: APIClient) -> None:
    response = send(alice, "date,amount\n03/04/2026,-14.80\n05/06/2026,2950\n")

    assert response.status_code == 400
    assert [error["parameter"] for error in response.json()["errors"]] == ["spending", "date_format"]


@pytest.mark.parametrize(
    ("header", "spent", "earned", "reason"),
    [
        ("Type", "debit", "credit", '"Type" is "credit": income.'),
        ("Transaction Type", "Expense", "Transfer", '"Transaction Type" is "Transfer": transfer.'),
        ("Af Bij", "Af", "Bij", '"Af Bij" is "Bij": income.'),
        ("Wat", "Ausgabe", "Einnahme", '"Wat" is "Einnahme": income.'),
        ("income", "false", "true", '"income" is "true": income.'),
        ("Is Reimbursement", "No", "Yes", '"Is Reimbursement" is "Yes": a transfer.'),
        ("Excluded", "false", "true", '"Excluded" is "true": not counted.'),
        ("Status", "COMPLETED", "REVERTED", '"Status" is "REVERTED".'),
    ],
)
def test_type_column_tells_spending_from_income_and_transfers(
    alice: APIClient, header: str, spent: str, earned: str, reason: str
) -> None:
    content = f"date,amount,category,{header}\n2026-03-07,14.80,Food,{spent}\n2026-03-15,2950.00,Pay,{earned}\n"

    assert_imported(send(alice, content), (2, "created"), (3, "skipped", reason, None))
    assert stored(alice) == [("2026-03-07", 1480, "Food", None)]


def test_outflow_and_inflow_columns_tell_spending_from_income(alice: APIClient) -> None:
    content = 'Date,Category,Outflow,Inflow\n2026-03-07,Food,$14.80,$0.00\n2026-03-15,Pay,$0.00,"$2,950.00"\n'

    reason = 'The amount is in "Inflow": income, a refund, or a transfer.'
    assert_imported(send(alice, content), (2, "created"), (3, "skipped", reason, None))


@pytest.mark.parametrize(
    ("header", "cell", "why"),
    [
        ("Type", "Kauf", '"Type" says "Kauf"'),
        ("Balance", "985.20", 'there is a column "Balance"'),
        ("Expense(Transfer Out)", "Cash", 'there is a column "Expense(Transfer Out)"'),
    ],
)
def test_unsigned_amounts_beside_a_hint_need_the_spending_parameter(
    alice: APIClient, header: str, cell: str, why: str
) -> None:
    content = f"date,amount,category,{header}\n2026-03-07,14.80,Food,{cell}\n"

    message = f"No amount has a sign, and {why}: is all of it spending? Then send spending=positive."
    assert_asked(send(alice, content), "spending", message)
    assert_imported(send(alice, content, spending="positive"), (2, "created"))


def test_several_currencies_need_the_columns_parameter(alice: APIClient) -> None:
    content = "date,amount,category,currency,in euro\n2026-03-07,14.80,Food,EUR,14.80\n2026-03-08,3.00,Food,USD,2.75\n"

    response = send(alice, content)
    assert [error["parameter"] for error in response.json()["errors"]] == ["columns"]

    assert_imported(send(alice, content, columns='{"amount": "in euro"}'), (2, "created"), (3, "created"))
    assert [amount for _, amount, *_ in stored(alice)] == [1480, 275]
