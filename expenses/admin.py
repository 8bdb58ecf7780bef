"""Expenses, for staff. Everything that is changed here takes numbers from the ledgers, as it does in the API."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from expense_tracker.text import clean_text
from expenses import actions
from expenses.models import Expense, ExpenseQuerySet
from expenses.money import MoneyField, format_cents


class ExpenseForm(forms.ModelForm):
    amount = MoneyField()

    class Meta:
        model = Expense
        fields = ("owner", "amount", "category", "description", "date")
        widgets = {"description": forms.Textarea(attrs={"rows": 3})}

    def clean_category(self) -> str:
        return self.cleaned_text("category")

    def clean_description(self) -> str | None:
        return self.cleaned_text("description", multiline=True) or None

    def cleaned_text(self, name: str, *, multiline: bool = False) -> str:
        try:
            return clean_text(self.cleaned_data[name] or "", multiline=multiline)
        except ValueError as error:
            raise ValidationError(str(error)) from None


@admin.register(Expense)
class ExpenseAdmin(admin.ModelAdmin):
    form = ExpenseForm
    list_display = ("date", "owner", "money", "category", "description", "created_at")
    list_display_links = ("date", "money")
    list_filter = ("date", "created_at")
    list_select_related = ("owner",)
    search_fields = ("search_text", "owner__username_key")
    search_help_text = "Category, description or user name"
    date_hierarchy = "date"
    autocomplete_fields = ("owner",)
    readonly_fields = ("created_at", "updated_at", "revision")
    # The total of all rows is a query that grows with them; the page's own count is enough.
    show_full_result_count = False

    @admin.display(description="amount", ordering="amount")
    def money(self, expense: Expense) -> str:
        return format_cents(expense.amount)

    def get_queryset(self, request: HttpRequest) -> ExpenseQuerySet:
        return Expense.objects.live().order_by(*self.get_ordering(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Expense | None = None) -> Any:
        return (*self.readonly_fields, "owner") if obj else self.readonly_fields

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        # The columns that are searched are folded.
        return super().get_search_results(request, queryset, search_term.casefold())

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
