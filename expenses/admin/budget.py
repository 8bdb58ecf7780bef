"""The list and the form of budgets."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from expense_tracker.admin import CappedActionsAdmin
from expense_tracker.forms import TextField
from expenses import actions
from expenses.admin.filters import BudgetFilter
from expenses.models import Budget
from expenses.models.expense import MAX_CATEGORY_LENGTH
from expenses.money import MoneyField, format_cents


class BudgetForm(forms.ModelForm):
    category = TextField(
        max_length=MAX_CATEGORY_LENGTH,
        required=False,
        empty_value=None,
        widget=AdminTextInputWidget,
        help_text="Empty: a limit of all spending.",
    )
    amount = MoneyField()

    class Meta:
        model = Budget
        fields = ("owner", "category", "amount")

    def clean(self) -> dict[str, Any] | None:
        # Django leaves out the constraint on a field that is empty; here that stands for all spending.
        owner, category = self.cleaned_data.get("owner"), self.cleaned_data.get("category")
        if owner and category is None and Budget.objects.filter(owner=owner, category=None).exists():
            raise ValidationError("The owner has a budget of all spending already.")
        return super().clean()


@admin.register(Budget)
class BudgetAdmin(CappedActionsAdmin):
    form = BudgetForm
    list_display = ("owner", "what_for", "money")
    list_display_links = ("what_for", "money")
    list_filter = (BudgetFilter,)
    change_list_template = "admin/filtered_list.html"
    list_select_related = ("owner",)
    # The order of an index.
    ordering = ("owner_id", "category")
    autocomplete_fields = ("owner",)
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    @admin.display(description="category")
    def what_for(self, budget: Budget) -> str:
        return budget.category or "all spending"

    @admin.display(description="amount")
    def money(self, budget: Budget) -> str:
        return format_cents(budget.amount)

    @admin.display(description="owner")
    def owner_name(self, budget: Budget) -> str:
        return budget.owner.username

    def get_fields(self, request: HttpRequest, obj: Budget | None = None) -> Any:
        if obj is None:
            return ("owner", "category", "amount")
        # To whoever may only look an owner whom they may not look at is no link, and the column of the amount holds
        # cents.
        owner = "owner" if request.user.has_perm("accounts.view_user") else "owner_name"
        return (owner, "what_for", "amount" if self.has_change_permission(request, obj) else "money", "revision")

    def get_readonly_fields(self, request: HttpRequest, obj: Budget | None = None) -> Any:
        return ("owner", "owner_name", "category", "what_for", "revision") if obj else ()

    def save_model(self, request: HttpRequest, obj: Budget, form: Any, change: bool) -> None:
        budget, _ = actions.set_budget(owner=obj.owner, category=obj.category, amount=obj.amount)
        obj.pk = budget.pk

    def delete_model(self, request: HttpRequest, obj: Budget) -> None:
        actions.delete_budget(owner=obj.owner, budget_id=obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Budget]) -> None:
        for budget in queryset.select_related("owner"):
            actions.delete_budget(owner=budget.owner, budget_id=budget.pk)
