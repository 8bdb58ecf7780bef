"""Shared parts of the admin: a form that filters a list, a cap on the rows of an action, pages to look at, history."""

from collections.abc import Iterable, Iterator
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse


class FormListFilter(admin.ListFilter):
    """The one form above a list (in `admin/filtered_list.html`): the fields of `form_class`, which are the list's
    parameters, and the search. Where one cannot be read the form says why, and the list is empty: nobody takes it for
    the answer."""

    title = "form"
    template = "admin/filter_form.html"
    form_class: ClassVar[type[forms.Form]]

    def __init__(self, request: HttpRequest, params: dict[str, list[str]], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        names = self.form_class.base_fields.keys()
        self.used_parameters = {name: params.pop(name)[-1] for name in names if name in params}
        self.form = self.form_class(self.used_parameters, auto_id="filter_%s", label_suffix="")

    def filter_queryset(self, queryset: Any, values: dict[str, Any]) -> Any:
        """Return the rows that match the form's values, by name; empty values are left out."""
        raise NotImplementedError

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return list(self.form_class.base_fields)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> Any:
        if not self.form.is_valid():
            return queryset.none()
        empty = (None, "")
        return self.filter_queryset(
            queryset, {name: value for name, value in self.form.cleaned_data.items() if value not in empty}
        )

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Return what the template needs: `kept` are the order and the dates of the links above it."""
        sent = [*self.form_class.base_fields, SEARCH_VAR]
        kept = [(name, value) for name, values in changelist.filter_params.items() for value in values]
        yield {
            "changelist": changelist,
            "kept": [(name, value) for name, value in kept if name not in sent],
            "without": changelist.get_query_string(remove=sent),
        }


class CappedActionsAdmin(admin.ModelAdmin):
    """An action takes so many rows at once that it ends in time, also where a list of all of them is selected."""

    MOST_AT_ONCE = 1000

    def response_action(self, request: HttpRequest, queryset: QuerySet, *args: Any) -> HttpResponse | None:
        across = request.POST.get("select_across", "0") != "0"
        if across and queryset[: self.MOST_AT_ONCE + 1].count() > self.MOST_AT_ONCE:
            self.message_user(request, f"Select at most {self.MOST_AT_ONCE} at once.", messages.WARNING)
            return None
        return super().response_action(request, queryset, *args)


class ReadOnlyMixin:
    """Rows are looked at, and neither added nor changed nor deleted by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def note_change(request: HttpRequest, changed: Iterable[Any], message: str) -> None:
    """Write an entry to the history of each row that whoever asks has changed."""
    LogEntry.objects.log_actions(request.user.pk, changed, CHANGE, message)  # type: ignore[arg-type]  # any iterable
