"""The session engine: Django's, in a table that names the user, and without the keys themselves."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.utils import timezone

from accounts.models import AdminSession

# A session lives on for SESSION_COOKIE_AGE from a use that is noted, so this late at the most it ends too early.
USE_IS_NOTED_AFTER = timedelta(minutes=5)


def hash_key(session_key: str) -> str:
    """Return 160 bits of the key's SHA-256, as hexadecimal digits."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


class SessionStore(DatabaseSessionStore):
    created_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[AdminSession]:
        return AdminSession

    def _get_session_from_db(self) -> AdminSession | None:
        now = timezone.now()
        key = hash_key(self.session_key or "")
        session = AdminSession.objects.filter(session_key=key, expire_date__gt=now).first()
        if session is None:
            self._session_key = None
            return None
        self.created_at = session.created_at
        if session.expire_date - now < timedelta(seconds=self.get_session_cookie_age()) - USE_IS_NOTED_AFTER:
            # It is stored again, with a later end.
            self.modified = True
        return session

    def create(self) -> None:
        # A log-in changes the key.
        self.created_at = None
        super().create()

    def exists(self, session_key: str) -> bool:
        return AdminSession.objects.filter(session_key=hash_key(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> AdminSession:
        session: Any = super().create_model_instance(data)
        session.session_key = hash_key(session.session_key)
        session.user_id = data.get(SESSION_KEY)
        session.created_at = self.created_at or session.created_at
        return session  # type: ignore[no-any-return]  # of get_model_class

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            AdminSession.objects.filter(session_key=hash_key(key)).delete()
