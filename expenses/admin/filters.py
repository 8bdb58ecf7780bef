"""Filters of the lists of expenses and budgets."""

from typing import Any

from django import forms

from accounts.forms import UsernameKeyField
from expense_tracker.admin import FormListFilter
from expense_tracker.forms import DayField, TextField
from expenses.models.expense import MAX_CATEGORY_LENGTH
from expenses.money import MoneyField

LOOKUPS = {
    "category": "category",
    "owner": "owner__username_key",
    "date_from": "date__gte",
    "date_to": "date__lte",
    "amount_min": "amount__gte",
    "amount_max": "amount__lte",
}


class BudgetFilterForm(forms.Form):
    category = TextField(max_length=MAX_CATEGORY_LENGTH, required=False)
    owner = UsernameKeyField("Owner")


class ExpenseFilterForm(BudgetFilterForm):
    date_from = DayField(label="Date from", required=False)
    date_to = DayField(label="Date to", required=False)
    amount_min = MoneyField(label="Amount from", required=False)
    amount_max = MoneyField(label="Amount to", required=False)
    deleted = forms.ChoiceField(label="Show", choices=[("", "Not deleted"), ("true", "In the trash")], required=False)


class BudgetFilter(FormListFilter):
    form_class = BudgetFilterForm

    def filter_queryset(self, queryset: Any, values: dict[str, Any]) -> Any:
        return queryset.filter(**{LOOKUPS[name]: value for name, value in values.items()})


class ExpenseFilter(FormListFilter):
    form_class = ExpenseFilterForm

    def filter_queryset(self, queryset: Any, values: dict[str, Any]) -> Any:
        in_trash = values.pop("deleted", None)
        expenses = queryset.in_trash() if in_trash else queryset.live()
        return expenses.filter(**{LOOKUPS[name]: value for name, value in values.items()})
