"""Amounts are integers of cents everywhere; people read and write them as money, `12.34`."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

MAX_AMOUNT = 999_999_999_999
# Spaces of all widths and apostrophes are thousands separators in some languages, as commas and points are in others.
MONEY = re.compile(
    r"(?P<sign>-?)"
    r"(?P<whole>[0-9]+|[0-9]{1,3}(?P<separator>[.,'\u2019 \u00a0\u2009\u202f])[0-9]{3}(?:(?P=separator)[0-9]{3})*)"
    r"(?:(?!(?P=separator))[.,](?P<cents>[0-9]{1,2}))?"
)
AMBIGUOUS = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")
EXAMPLE = "Enter an amount like 1234.56."


def format_cents(cents: int, thousands: str = "") -> str:
    """`1234` as `12.34`, `-5` as `-0.05`, and for people who read totals, with `thousands=","`, `1,234,567.89`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:{thousands}}.{abs(cents) % 100:02}"


def divide_half_up(cents: int, by: int) -> int:
    """Return the quotient in whole cents, half a cent rounded up."""
    return (2 * cents + by) // (2 * by)


class MoneyField(forms.DecimalField):
    """A form field that shows and takes money and stands for cents.

    A comma or a point with one or two digits behind it is the decimal separator; thousands may be set apart by the
    other one, by spaces or by apostrophes."""

    # Not type=number: that drops the comma of `12,34` wherever the browser's language writes a point.
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    default_error_messages = {"invalid": EXAMPLE, "ambiguous": f"This can be read in two ways. {EXAMPLE}"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=Decimal("0.01"), max_value=Decimal(MAX_AMOUNT) / 100, decimal_places=2, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return format_cents(value) if isinstance(value, int) else value

    def to_python(self, value: Any) -> Any:
        """Return the amount as a Decimal. `1.234` may be a thousand or one and a bit: it is refused."""
        text = (value or "").strip()
        if not text:
            return None
        typed = MONEY.fullmatch(text)
        if typed is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        if typed["cents"] is None and AMBIGUOUS.fullmatch(typed["whole"]):
            raise ValidationError(self.error_messages["ambiguous"], code="ambiguous")
        whole = re.sub("[^0-9]", "", typed["whole"])
        return super().to_python(f"{typed['sign']}{whole}.{typed['cents'] or 0}")

    def clean(self, value: Any) -> int | None:
        money = super().clean(value)
        return None if money is None else int(money * 100)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(None if initial is None else Decimal(initial) / 100, data)
