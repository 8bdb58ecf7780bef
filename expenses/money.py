"""Amounts are integers of cents everywhere; people read and write them as money, `12.34`."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

MAX_AMOUNT = 999_999_999_999


def format_cents(cents: int, thousands: str = "") -> str:
    """`1234` as `12.34`, `-5` as `-0.05`, and for people who read totals, with `thousands=","`, `1,234,567.89`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:{thousands}}.{abs(cents) % 100:02}"


def divide_half_up(cents: int, by: int) -> int:
    """A quotient of whole cents, half a cent rounded up."""
    return (2 * cents + by) // (2 * by)


class MoneyField(forms.DecimalField):
    """A form field that shows and takes money and stands for cents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=Decimal("0.01"), max_value=Decimal(MAX_AMOUNT) / 100, decimal_places=2, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return format_cents(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        # Decimal reads `1e5`, `1_000` and the digits of all scripts too.
        if isinstance(value, str) and not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?|", value.strip()):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)

    def clean(self, value: Any) -> int | None:
        money = super().clean(value)
        return None if money is None else int(money * 100)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(None if initial is None else Decimal(initial) / 100, data)
