"""The list and the pages of expenses."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.text import Truncator
from django.utils.translation import ngettext

from accounts.models import fold_username
from expense_tracker.admin import CappedActionsAdmin, FormListFilter, note_change
from expense_tracker.dates import today
from expense_tracker.logs import log_event
from expense_tracker.text import fold
from expenses import actions
from expenses.admin.expense_form import ExpenseForm
from expenses.admin.filters import ExpenseFilter
from expenses.admin.imports import import_page
from expenses.admin.sums import SumPaginator
from expenses.exports import FORMATS, download
from expenses.models import Expense, ExpenseQuerySet
from expenses.money import format_cents


@admin.register(Expense)
class ExpenseAdmin(CappedActionsAdmin):
    form = ExpenseForm
    list_display = ("date", "owner", "money", "category", "beginning", "created_at")
    list_display_links = ("date", "money")
    list_filter = (ExpenseFilter,)
    list_select_related = ("owner",)
    search_fields = ("search_text__contains", "owner__username_key__contains")
    search_help_text = "Category, description or user name"
    date_hierarchy = "date"
    autocomplete_fields = ("owner",)
    readonly_fields = ("created_at", "updated_at", "revision")
    actions = ("restore",)
    # The total of all rows is a query that grows with them; the page's own count is enough.
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER

    @admin.display(description="amount", ordering="amount")
    def money(self, expense: Expense) -> str:
        return format_cents(expense.amount)

    @admin.display(description="owner")
    def owner_name(self, expense: Expense) -> str:
        return expense.owner.username

    @admin.display(description="description")
    def beginning(self, expense: Expense) -> str:
        return Truncator(expense.description or "").chars(60)

    def get_queryset(self, request: HttpRequest) -> ExpenseQuerySet:
        return Expense.objects.with_content().order_by(*self.get_ordering(request))

    def get_fields(self, request: HttpRequest, obj: Expense | None = None) -> Any:
        if obj is None:
            return ("owner", "amount", "category", "description", "date")
        # To whoever may only look an owner whom they may not look at is no link.
        owner = "owner" if request.user.has_perm("accounts.view_user") else "owner_name"
        if self.has_change_permission(request, obj):
            return (owner, "amount", "category", "description", "date", *self.readonly_fields, "seen_revision")
        # The column of the amount holds cents.
        shown = (owner, "money", "category", "description", "date", *self.readonly_fields)
        return shown if obj.deleted_at is None else (*shown, "deleted_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Expense | None = None) -> Any:
        return (*self.readonly_fields, "owner", "owner_name") if obj else self.readonly_fields

    def get_paginator(self, request: HttpRequest, queryset: Any, *args: Any, **kwargs: Any) -> Paginator:
        # The history of an expense has pages too.
        paginator = SumPaginator if queryset.model is Expense else Paginator
        return paginator(queryset, *args, **kwargs)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        # Each column is folded in its own way.
        for word in search_term.split():
            queryset = queryset.filter(
                Q(search_text__contains=fold(word)) | Q(owner__username_key__contains=fold_username(word))
            )
        return queryset, False

    def has_change_permission(self, request: HttpRequest, obj: Expense | None = None) -> bool:
        # What is in the trash can be looked at and restored.
        return super().has_change_permission(request, obj) and (obj is None or obj.deleted_at is None)

    def has_delete_permission(self, request: HttpRequest, obj: Expense | None = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.deleted_at is None)

    def has_restore_permission(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request) or request.user.has_perm("expenses.restore_expense")

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("expenses.export_expense")

    def has_import_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("expenses.import_expense")

    def save_model(self, request: HttpRequest, obj: Expense, form: Any, change: bool) -> None:
        if change:
            seen = form.cleaned_data["seen_revision"]
            actions.update_expense(
                owner=obj.owner,
                expense_id=obj.pk,
                changes={name: form.cleaned_data[name] for name in form.changed_data},
                expected_revisions=None if seen is None else {seen},
            )
        else:
            actions.create_expenses(owner=obj.owner, expenses=[obj])

    def delete_model(self, request: HttpRequest, obj: Expense) -> None:
        actions.delete_expenses(expenses=[obj])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Expense]) -> None:
        actions.delete_expenses(expenses=queryset)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        # Django writes no text, since what it deletes has no history any more.
        return LogEntry.objects.log_actions(request.user.pk, queryset, DELETION, "Moved to the trash.")  # type: ignore[arg-type]  # a list will do

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions: dict[str, Any] = super().get_actions(request)
        # The list shows either what can be deleted or what can be restored.
        actions.pop("delete_selected" if request.GET.get("deleted") else "restore", None)
        return actions

    @admin.action(description="Restore the selected expenses", permissions=["restore"])
    @transaction.atomic
    def restore(self, request: HttpRequest, queryset: QuerySet[Expense]) -> None:
        restored = actions.restore_expenses(expenses=queryset)
        note_change(request, restored, "Restored.")
        count = len(restored)
        self.message_user(request, ngettext("%d expense was restored.", "%d expenses were restored.", count) % count)

    def get_urls(self) -> list[URLPattern]:
        staff_only = self.admin_site.admin_view
        return [
            path("export/<str:name>/", staff_only(self.export_view), name="expenses_expense_export"),
            path("import/", staff_only(self.import_view), name="expenses_expense_import"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        context = {
            "formats": list(FORMATS) if self.has_export_permission(request) else [],
            "has_import_permission": self.has_import_permission(request),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def export_view(self, request: HttpRequest, name: str) -> HttpResponseBase:
        """All that the list's filters and search leave, of all its pages, as a file."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        if name not in FORMATS:
            raise Http404
        try:
            changelist = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect("admin:expenses_expense_changelist")
        typed = [spec for spec in changelist.filter_specs if isinstance(spec, FormListFilter)]
        if not all(spec.form.is_valid() for spec in typed):
            return redirect("../../" + changelist.get_query_string())
        log_event("expenses exported", user_id=request.user.pk, format=name, rows=changelist.result_count)
        return download(changelist.queryset, name=name, file_name=f"expenses-{today()}.{name}", of_all_owners=True)

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        return import_page(request, self)
