"""/admin/expenses/expense/: filters, and the sums above the list"""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertInHTML, assertRedirects

from accounts.models import User
from expenses.tests.admin.pages import listed
from expenses.tests.admin.records import discard, spend

EXPENSES = "/admin/expenses/expense/"
FIELDS = ["q", "category", "owner", "date_from", "date_to", "amount_min", "amount_max", "deleted"]


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("Älice")


def sums(response: Any) -> tuple[int, str, str]:
    paginator = response.context["cl"].paginator
    return paginator.count, paginator.total, paginator.average


def test_count_total_and_average_stand_above_the_list(admin_client: Client, alice: User, bob: User) -> None:
    for owner, amount in ((alice, 1), (alice, 2), (bob, 999_999_999_999)):
        spend(owner, amount=amount)
    discard(bob, amount=5)

    response = admin_client.get(EXPENSES)

    # the average is 333,333,333,334.0 cents; half a cent is rounded up
    assert sums(response) == (3, "10,000,000,000.02", "3,333,333,333.34")
    total, average = "<strong>10,000,000,000.02</strong>", "<strong>3,333,333,333.34</strong>"
    text = f'<p id="sums"><strong>3</strong> expenses, total {total}, average {average}</p>'
    assertContains(response, text, html=True)
    assertContains(response, "Amounts have no currency and are kept in units of 1/100: 12.34 is 1234.")


def test_sums_cover_all_pages_of_the_filtered_list(admin_client: Client, alice: User) -> None:
    for _ in range(101):
        spend(alice, amount=1, category="Tea")
    spend(alice, amount=2, category="Tea")
    spend(alice, amount=1000)

    response = admin_client.get(EXPENSES, {"category": "Tea", "p": "2"})

    assert sums(response) == (102, "1.03", "0.01")
    assert len(listed(response)) == 2


def test_empty_list_has_no_average(admin_client: Client) -> None:
    assert sums(admin_client.get(EXPENSES)) == (0, "0.00", "-")


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"category": "Food"}, {"a"}),
        ({"category": "food"}, {"b"}),
        ({"category": " Cafe\u0301 "}, {"c"}),
        ({"category": "Foo"}, set()),
        ({"date_from": "2026-01-01", "date_to": "2026-01-31"}, {"a", "b"}),
        ({"date_from": "2026-01-02"}, {"b", "c"}),
        ({"date_to": "2026-01-30"}, {"a"}),
        ({"date_from": "2026-01-02", "date__month": "1", "date__year": "2026"}, {"b"}),
        ({"amount_min": "0.11"}, {"b", "c"}),
        ({"amount_max": "0.10"}, {"a"}),
        ({"amount_min": "0.11", "amount_max": "12.34"}, {"b"}),
        ({"amount_min": "0,11", "amount_max": "12,34"}, {"b"}),
        ({"amount_min": "2", "amount_max": "1"}, set()),
        ({"owner": "älice"}, {"a", "b"}),
        ({"owner": "A\u0308LICE"}, {"a", "b"}),
        ({"owner": "bob"}, {"c"}),
        ({"owner": "bo"}, set()),
        ({"owner": "älice", "date_from": "2026-01-01", "date_to": "2026-01-31", "category": "food"}, {"b"}),
        ({"q": "food", "amount_min": "1"}, {"b"}),
        (dict.fromkeys(FIELDS, ""), {"a", "b", "c"}),
    ],
)
def test_form_filters_narrow_the_list(
    admin_client: Client, alice: User, bob: User, parameters: dict[str, str], found: set[str]
) -> None:
    spend(alice, description="a", amount=10, category="Food", date=date(2026, 1, 1))
    spend(alice, description="b", amount=1234, category="food", date=date(2026, 1, 31))
    spend(bob, description="c", amount=1235, category="Café", date=date(2026, 2, 1))

    response = admin_client.get(EXPENSES, parameters)

    assert {expense.description for expense in listed(response)} == found
    assert sums(response)[0] == len(found)


@pytest.mark.parametrize(
    ("parameter", "value", "message"),
    [
        ("category", "x" * 41, "Ensure this value has at most 40 characters (it has 41)."),
        ("category", "Foo\x00", "The character U+0000 is not allowed."),
        ("date_from", "2026-02-30", "There is no such day."),
        ("date_to", "January", "Enter a day as YYYY-MM-DD."),
        ("date_to", "9999-01-01", "The day must be between 1970-01-01 and 9998-12-31."),
        ("deleted", "yes", "Select a valid choice. yes is not one of the available choices."),
        ("amount_min", "abc", "Enter an amount like 1234.56."),
        ("amount_min", "1.234", "This can be read in two ways. Enter an amount like 1234.56."),
        ("amount_max", "1e9", "Enter an amount like 1234.56."),
        ("amount_max", "0", "Ensure this value is greater than or equal to 0.01."),
        ("owner", "a\x00", "Null characters are not allowed."),
        ("owner", "x" * 151, "Ensure this value has at most 150 characters (it has 151)."),
    ],
)
def test_malformed_filter_shows_an_error_and_no_rows(
    admin_client: Client, alice: User, parameter: str, value: str, message: str
) -> None:
    spend(alice)

    response = admin_client.get(EXPENSES, {parameter: value})

    assert listed(response) == []
    assertContains(response, f'<ul class="errorlist" id="filter_{parameter}_error"><li>{message}</li></ul>', html=True)


@pytest.mark.parametrize("query", ["month=2026-01", "colour=red", "amount__exact=x"])
def test_unknown_filter_redirects_to_list(admin_client: Client, query: str) -> None:
    assertRedirects(admin_client.get(f"{EXPENSES}?{query}"), f"{EXPENSES}?e=1")


def test_search_and_all_filters_are_fields_of_one_form(admin_client: Client, alice: User) -> None:
    query = {"q": '"Lunch"', "category": "Food", "o": "-3", "owner": "bob", "date__year": "2026", "p": "1"}

    page = admin_client.get(EXPENSES, query).content.decode()

    [form] = re.findall(r'<form method="get".*?</form>', page, flags=re.DOTALL)
    names = re.findall(r'<(?:input|select) (?!type="submit")[^>]*name="(\w+)"', form)
    assert names == ["o", "date__year", *FIELDS]
    for field in (
        '<input type="hidden" name="date__year" value="2026">',
        '<input type="hidden" name="o" value="-3">',
        '<input type="text" name="owner" value="bob" maxlength="150" id="filter_owner">',
        '<a href="?date__year=2026&amp;o=-3">Clear</a>',
    ):
        assertInHTML(field, form)
    assert 'value="&quot;Lunch&quot;"' in form
