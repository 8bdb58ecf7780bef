"""Cents, and how people read and write them."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from expenses.money import MAX_AMOUNT, MoneyField, format_cents


@pytest.mark.parametrize(
    ("cents", "money"), [(1234, "12.34"), (5, "0.05"), (-5, "-0.05"), (100, "1.00"), (MAX_AMOUNT, "9999999999.99")]
)
def test_cents_are_shown_as_money(cents: int, money: str) -> None:
    assert format_cents(cents) == money


@given(st.integers(1, MAX_AMOUNT))
def test_form_accepts_what_it_shows(cents: int) -> None:
    field = MoneyField()

    assert field.clean(field.prepare_value(cents)) == cents
    assert not field.has_changed(cents, field.prepare_value(cents))


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        *(("12", 1200), ("12.3", 1230), (" 12.34 ", 1234), ("0.01", 1), ("\u00a012,34\u00a0", 1234)),
        *(("12,34", 1234), ("12,3", 1230), ("1234,56", 123456), ("0,05", 5)),
        *(("1,234.56", 123456), ("1.234,56", 123456), ("1,234.5", 123450), ("12.345.678,9", 1234567890)),
        *(("1 234,56", 123456), ("1\u202f234,56", 123456), ("1\u00a0234.56", 123456), ("1 234", 123400)),
        *(("1'234.56", 123456), ("1’234.56", 123456), ("1'234", 123400)),  # noqa: RUF001  # as the Swiss write it
        # The same sign twice sets thousands apart.
        *(("1,234,567", 123456700), ("1.234.567", 123456700)),
    ],
)
def test_form_accepts_common_formats_of_money(typed: str, cents: int) -> None:
    assert MoneyField().clean(typed) == cents


@given(st.integers(1, MAX_AMOUNT), st.sampled_from([(",", "."), (".", ","), (" ", "."), ("'", "."), ("\u202f", ",")]))
def test_thousands_may_be_separated(cents: int, separators: tuple[str, str]) -> None:
    thousands, decimal = separators
    whole = f"{cents // 100:,}".replace(",", thousands)

    assert MoneyField().clean(f"{whole}{decimal}{cents % 100:02}") == cents


@pytest.mark.parametrize("typed", ["1.234", "1,234", "12.345", "123,456", "0.001"])
def test_ambiguous_amount_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MoneyField().clean(typed)

    assert refused.value.messages == ["This can be read in two ways. Enter an amount like 1234.56."]


@pytest.mark.parametrize(
    "typed",
    [
        *("x", "abc", "12.34x", "€12", "12 €", "NaN", "Infinity", "1e5", "1_000", "１２"),  # noqa: RUF001  # digits, but not ours
        *(".", ",", ".50", "12.", "12,", "--5", "12.34.56", "12,34,56", "1,234,56", "1,2345", "1234.567", "1.234,567"),
        *("1,234.567", "1,23.45", "12 34", "1  234", "1234 567", "1.234 567", "1'234,567", "1,234,567,89"),
    ],
)
def test_invalid_amount_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MoneyField().clean(typed)

    assert refused.value.messages == ["Enter an amount like 1234.56."]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "This field is required."),
        ("  ", "This field is required."),
        ("0", "Ensure this value is greater than or equal to 0.01."),
        ("-1", "Ensure this value is greater than or equal to 0.01."),
        ("-12,34", "Ensure this value is greater than or equal to 0.01."),
        ("10000000000.00", "Ensure this value is less than or equal to 9999999999.99."),
        ("9" * 400, "Ensure this value is less than or equal to 9999999999.99."),
    ],
)
def test_amount_out_of_range_is_refused_with_the_limit(typed: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MoneyField().clean(typed)

    assert refused.value.messages == [message]


@pytest.mark.parametrize("typed", ["12.34x", None])
def test_invalid_input_is_shown_again(typed: Any) -> None:
    assert MoneyField().prepare_value(typed) == typed
