"""Log-ins to the admin."""

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from accounts.models.user import User


class AdminSession(AbstractBaseSession):
    """A browser that is logged in to the admin. `session_key` is a hash of what its cookie holds, so that whoever sees
    this row cannot take the session over."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "admin session"
        ordering = ["-expire_date", "session_key"]

    def __str__(self) -> str:
        return f"{self.user}, {self.created_at:%Y-%m-%d %H:%M}"

    @classmethod
    def get_session_store_class(cls) -> Any:
        from accounts.admin_sessions import SessionStore

        return SessionStore
