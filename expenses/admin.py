"""Expenses, for staff. Everything that is changed here takes numbers from the ledgers, as it does in the API."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AdminTextareaWidget, AdminTextInputWidget
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import Truncator

from expense_tracker.dates import today
from expense_tracker.forms import DayField, TextField
from expense_tracker.text import fold
from expenses import actions
from expenses.models import Expense, ExpenseQuerySet
from expenses.models.expenses import MAX_CATEGORY_LENGTH, MAX_DESCRIPTION_LENGTH
from expenses.money import MoneyField, format_cents


class ExpenseForm(forms.ModelForm):
    amount = MoneyField()
    category = TextField(max_length=MAX_CATEGORY_LENGTH, widget=AdminTextInputWidget)
    description = TextField(
        max_length=MAX_DESCRIPTION_LENGTH,
        multiline=True,
        required=False,
        empty_value=None,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
    )
    date = DayField(widget=AdminDateWidget, initial=today)

    class Meta:
        model = Expense
        fields = ("owner", "amount", "category", "description", "date")


@admin.register(Expense)
class ExpenseAdmin(admin.ModelAdmin):
    form = ExpenseForm
    list_display = ("date", "owner", "money", "category", "beginning", "created_at")
    list_display_links = ("date", "money")
    list_filter = ("date", "created_at")
    list_select_related = ("owner",)
    search_fields = ("search_text__contains", "owner__username_key__contains")
    search_help_text = "Category, description or user name"
    date_hierarchy = "date"
    autocomplete_fields = ("owner",)
    readonly_fields = ("created_at", "updated_at", "revision")
    # The total of all rows is a query that grows with them; the page's own count is enough.
    show_full_result_count = False

    @admin.display(description="amount", ordering="amount")
    def money(self, expense: Expense) -> str:
        return format_cents(expense.amount)

    @admin.display(description="description")
    def beginning(self, expense: Expense) -> str:
        return Truncator(expense.description or "").chars(60)

    def get_queryset(self, request: HttpRequest) -> ExpenseQuerySet:
        return Expense.objects.live().order_by(*self.get_ordering(request))

    def get_fields(self, request: HttpRequest, obj: Expense | None = None) -> Any:
        # Whoever may only look is shown the columns, and the column of the amount holds cents.
        amount = "money" if obj and not self.has_change_permission(request, obj) else "amount"
        written = ("owner", amount, "category", "description", "date")
        return (*written, *self.readonly_fields) if obj else written

    def get_readonly_fields(self, request: HttpRequest, obj: Expense | None = None) -> Any:
        return (*self.readonly_fields, "owner") if obj else self.readonly_fields

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        # The columns that are searched are folded.
        return super().get_search_results(request, queryset, fold(search_term))

    def save_model(self, request: HttpRequest, obj: Expense, form: Any, change: bool) -> None:
        if change:
            changes = {name: form.cleaned_data[name] for name in form.changed_data}
            actions.update_expense(owner_id=obj.owner_id, expense_id=obj.pk, changes=changes)
        else:
            actions.create_expenses(owner_id=obj.owner_id, expenses=[obj])

    def delete_model(self, request: HttpRequest, obj: Expense) -> None:
        actions.delete_expenses(expenses=[obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Expense]) -> None:
        actions.delete_expenses(expenses=queryset)
