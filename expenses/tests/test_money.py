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
def test_a_form_takes_back_what_it_shows(cents: int) -> None:
    field = MoneyField()

    assert field.clean(field.prepare_value(cents)) == cents
    assert not field.has_changed(cents, field.prepare_value(cents))


@pytest.mark.parametrize(("typed", "cents"), [("12", 1200), ("12.3", 1230), (" 12.34 ", 1234), ("0.01", 1)])
def test_a_form_takes_money_as_people_write_it(typed: str, cents: int) -> None:
    assert MoneyField().clean(typed) == cents


@pytest.mark.parametrize("typed", ["0", "-1", "0.001", "12.345", "10000000000.00", "1e400", "NaN", "Infinity", "x", ""])
def test_form_refuses_invalid_amounts(typed: str) -> None:
    with pytest.raises(ValidationError):
        MoneyField().clean(typed)


@pytest.mark.parametrize("typed", ["12.34x", None])
def test_what_was_typed_wrongly_is_shown_again(typed: Any) -> None:
    assert MoneyField().prepare_value(typed) == typed
