"""What staff have done in the admin."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import ACTION_FLAG_CHOICES, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from accounts.forms import UsernameKeyField
from expense_tracker.admin import FormListFilter, ReadOnlyMixin
from expense_tracker.forms import DayField


def registered_models() -> list[Any]:
    return [model for model in apps.get_models() if admin.site.is_registered(model)]


def kinds() -> list[tuple[str, str]]:
    """Choices of what is acted on, by the labels of the models: `accounts.user`."""
    return [("", "All"), *((model._meta.label_lower, model._meta.verbose_name) for model in registered_models())]


class LogEntryFilterForm(forms.Form):
    user = UsernameKeyField("By")
    kind = forms.ChoiceField(label="What", choices=kinds, required=False)
    action = forms.TypedChoiceField(coerce=int, choices=[("", "All"), *ACTION_FLAG_CHOICES], required=False)
    date_from = DayField(label="Date from", required=False)
    date_to = DayField(label="Date to", required=False)


class LogEntryFilter(FormListFilter):
    form_class = LogEntryFilterForm

    def filter_queryset(self, queryset: Any, values: dict[str, Any]) -> Any:
        if user := values.get("user"):
            queryset = queryset.filter(user__username_key=user)
        if kind := values.get("kind"):
            app_label, model = kind.split(".")
            queryset = queryset.filter(content_type__app_label=app_label, content_type__model=model)
        if action := values.get("action"):
            queryset = queryset.filter(action_flag=action)
        if first := values.get("date_from"):
            queryset = queryset.filter(action_time__gte=datetime.combine(first, time(), UTC))
        if last := values.get("date_to"):
            queryset = queryset.filter(action_time__lt=datetime.combine(last + timedelta(days=1), time(), UTC))
        return queryset


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyMixin, admin.ModelAdmin):
    """To be looked at only. Who is no superuser sees the actions on what they may look at."""

    list_display = ("action_time", "user", "action", "kind", "object", "what_changed")
    list_filter = (LogEntryFilter,)
    change_list_template = "admin/filtered_list.html"
    search_fields = ("object_repr",)
    search_help_text = "Name of what was acted on"
    fields = readonly_fields = list_display
    # As the times are, but indexed.
    ordering = ("-pk",)
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[LogEntry]:
        entries: QuerySet[LogEntry] = super().get_queryset(request).select_related("user", "content_type")
        if request.user.is_superuser:
            return entries
        seen = (
            model
            for model in registered_models()
            if self.admin_site.get_model_admin(model).has_view_permission(request)
        )
        return entries.filter(content_type__in=ContentType.objects.get_for_models(*seen).values())

    @admin.display(ordering="action_flag")
    def action(self, entry: LogEntry) -> str:
        return entry.get_action_flag_display()

    @admin.display(description="what")
    def kind(self, entry: LogEntry) -> str:
        return entry.content_type.name if entry.content_type else "-"

    @admin.display(description="name")
    def object(self, entry: LogEntry) -> str:
        url = None if entry.is_deletion() else entry.get_admin_url()
        return format_html('<a href="{}">{}</a>', url, entry.object_repr) if url else entry.object_repr

    @admin.display(description="change")
    def what_changed(self, entry: LogEntry) -> str:
        return entry.get_change_message() or "-"
