"""What the expenses of a list add up to."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Sum

from expenses.money import divide_half_up, format_cents


class SumPaginator(Paginator):
    """Count and total of all pages in one query, since both read every row."""

    @cached_property
    def sums(self) -> dict[str, int]:
        expenses: Any = self.object_list
        sums = expenses.aggregate(count=Count("pk"), total=Sum("amount"))
        return {name: int(number or 0) for name, number in sums.items()}

    @cached_property
    def count(self) -> int:
        return self.sums["count"]

    @property
    def total(self) -> str:
        return format_cents(self.sums["total"], thousands=",")

    @property
    def average(self) -> str:
        return format_cents(divide_half_up(self.sums["total"], self.count), thousands=",") if self.count else "-"
