"""Filters of the lists of expenses and budgets."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest

from accounts.models import fold_username
from accounts.models.user import MAX_USERNAME_LENGTH
from expense_tracker.admin import FormListFilter
from expense_tracker.forms import MonthField, TextField
from expenses.models import ExpenseQuerySet
from expenses.models.expense import MAX_CATEGORY_LENGTH
from expenses.money import MoneyField
from expenses.reports import PERIODS


class CategoryForm(forms.Form):
    category = TextField(max_length=MAX_CATEGORY_LENGTH, required=False)


class CategoryFilter(FormListFilter):
    title = "category"
    form_class = CategoryForm

    def filter_queryset(self, queryset: Any, values: dict[str, Any]) -> Any:
        return queryset.filter(**values)


class MonthForm(forms.Form):
    month = MonthField(required=False)


class MonthFilter(FormListFilter):
    title = "month"
    form_class = MonthForm

    def filter_queryset(self, queryset: Any, values: dict[str, Any]) -> Any:
        month = values.get("month")
        return queryset.filter(date__gte=month, date__lt=PERIODS["month"].next(month)) if month else queryset


class AmountForm(forms.Form):
    amount_min = MoneyField(label="From", required=False)
    amount_max = MoneyField(label="To", required=False)


class AmountFilter(FormListFilter):
    title = "amount"
    form_class = AmountForm

    def filter_queryset(self, queryset: Any, values: dict[str, Any]) -> Any:
        lookups = {"amount_min": "amount__gte", "amount_max": "amount__lte"}
        return queryset.filter(**{lookups[name]: cents for name, cents in values.items()})


class OwnerForm(forms.Form):
    owner = forms.CharField(label="User name", max_length=MAX_USERNAME_LENGTH, required=False)


class OwnerFilter(FormListFilter):
    title = "owner"
    form_class = OwnerForm

    def filter_queryset(self, queryset: Any, values: dict[str, Any]) -> Any:
        owner = values.get("owner")
        return queryset.filter(owner__username_key=fold_username(owner)) if owner else queryset


class DeletedFilter(admin.SimpleListFilter):
    title = "deleted"
    parameter_name = "deleted"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("true", "In the trash")]

    def choices(self, changelist: Any) -> Any:
        everything, in_trash = super().choices(changelist)
        return [everything | {"display": "Not deleted"}, in_trash]

    def queryset(self, request: HttpRequest, queryset: Any) -> ExpenseQuerySet:
        if self.value() not in (None, "true"):
            raise IncorrectLookupParameters
        expenses: ExpenseQuerySet = queryset.in_trash() if self.value() else queryset.live()
        return expenses
