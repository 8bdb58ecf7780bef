"""The list of log-ins to the admin."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from accounts.models import AdminSession
from expense_tracker.admin import CappedActionsAdmin, ReadOnlyMixin, note_change
from expense_tracker.logs import log_event


@admin.register(AdminSession)
class AdminSessionAdmin(ReadOnlyMixin, CappedActionsAdmin):
    """For superusers. What is shown here opens nothing: keys of sessions are stored as hashes."""

    list_display = ("user", "created_at", "last_used_at", "expire_date")
    list_display_links = None
    list_select_related = ("user",)
    search_fields = ("user__username_key",)
    actions = ("end",)
    fields = readonly_fields = ("user", "created_at", "last_used_at", "expire_date")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(user__isnull=False, expire_date__gt=timezone.now())

    def has_view_permission(self, request: HttpRequest, obj: AdminSession | None = None) -> bool:
        return bool(request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @admin.display(description="last used", ordering="expire_date")
    def last_used_at(self, session: AdminSession) -> datetime:
        """To within five minutes."""
        return session.expire_date - timedelta(seconds=settings.SESSION_COOKIE_AGE)

    @admin.action(description="End the selected sessions", permissions=["view"])
    @transaction.atomic
    def end(self, request: HttpRequest, queryset: Any) -> None:
        sessions = list(queryset)
        AdminSession.objects.filter(pk__in=[session.pk for session in sessions]).delete()
        note_change(request, {session.user for session in sessions}, "Ended sessions of the admin.")
        count = len(sessions)
        log_event("session revoked", sessions=count)
        self.message_user(request, ngettext("%d session ended.", "%d sessions ended.", count) % count)
