"""The list of sessions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import ngettext

from accounts.admin.user_agents import shorten
from accounts.forms import UsernameKeyField
from accounts.models import Session
from expense_tracker.admin import CappedActionsAdmin, FormListFilter, ReadOnlyMixin, note_change


class SessionFilterForm(forms.Form):
    user = UsernameKeyField("User name")
    scope = forms.ChoiceField(choices=[("", "All"), *Session.Scope.choices], required=False)
    state = forms.ChoiceField(choices=[("", "All"), ("live", "Live"), ("ended", "Ended")], required=False)


class SessionFilter(FormListFilter):
    form_class = SessionFilterForm

    def filter_queryset(self, queryset: Any, values: dict[str, Any]) -> Any:
        if user := values.get("user"):
            queryset = queryset.filter(user__username_key=user)
        if scope := values.get("scope"):
            queryset = queryset.filter(scope=scope)
        match values.get("state"):
            case "live":
                return queryset.live()
            case "ended":
                return queryset.ended()
            case _:
                return queryset


@admin.register(Session)
class SessionAdmin(ReadOnlyMixin, CappedActionsAdmin):
    """A read-only list: no token is stored, so nothing shown here opens a session. One is revoked, not deleted: its row
    stays until it would have expired, so that it can be looked up."""

    list_display = ("live", "user", "name", "client", "scope", "last_used_at", "expires_at", "created_at")
    list_display_links = ("user",)
    list_filter = (SessionFilter,)
    change_list_template = "admin/filtered_list.html"
    list_select_related = ("user",)
    search_fields = ("user__username_key", "name", "user_agent")
    search_help_text = "User name, name or user agent"
    date_hierarchy = "created_at"
    actions = ("revoke",)
    fields = readonly_fields = (
        "user",
        "name",
        "scope",
        "user_agent",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    )
    show_full_result_count = False

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.end_session")

    @admin.display(boolean=True)
    def live(self, session: Session) -> bool:
        return session.is_live

    @admin.display(ordering="user_agent")
    def client(self, session: Session) -> str:
        return shorten(session.user_agent)

    @admin.action(description="Revoke the selected sessions", permissions=["end"])
    @transaction.atomic
    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        live = list(queryset.live())
        count = Session.objects.filter(pk__in=[session.pk for session in live]).revoke()
        note_change(request, live, "Revoked.")
        self.message_user(request, ngettext("%d session was revoked.", "%d sessions were revoked.", count) % count)
