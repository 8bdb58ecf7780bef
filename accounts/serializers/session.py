"""Login, refresh, sessions and personal access tokens."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.models import Session
from accounts.models.session import MAX_SESSION_NAME_LENGTH
from accounts.serializers.fields import PasswordField
from accounts.tokens import AccessToken
from expense_tracker.api.fields import StrictIntegerField, StringField, TextField
from expense_tracker.api.serializers import StrictSerializer

MAX_DAYS = 365

CREDENTIALS = OpenApiExample("Alice", {"username": "alice", "password": "SecurePassword123!"}, request_only=True)
TOKENS = {
    "access_token": "eyJhbGciOiJIUzI1NiIs…",
    "token_type": "bearer",
    "expires_in": 1800,
    "refresh_token": "eyJhbGciOiJIUzI1NiIs…",
}
SESSION = {
    "id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    "name": None,
    "scope": "write",
    "user_agent": "curl/8.5.0",
    "created_at": "2026-01-21T12:08:05.137468Z",
    "last_used_at": "2026-01-21T12:08:05.137468Z",
    "expires_at": "2026-02-04T12:08:05.137468Z",
    "current": True,
}
PERSONAL = SESSION | {"name": "Shortcut on my phone", "expires_at": "2027-01-21T12:08:05.137468Z", "current": False}


@extend_schema_serializer(examples=[CREDENTIALS])
class LoginSerializer(StrictSerializer):
    """A user name and a password."""

    username = StringField(help_text="Upper and lower case are the same; white space around it is ignored.")
    password = PasswordField(help_text="Taken exactly as it is, white space included.")

    def validate_username(self, username: str) -> str:
        return username.strip()  # some keyboards add a space


class TokenField(StringField):
    """Any text: one that is no token of ours is a 401, not a 400."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.validators = []


@extend_schema_serializer(
    examples=[OpenApiExample("Refresh", {"refresh_token": TOKENS["refresh_token"]}, request_only=True)]
)
class RefreshSerializer(StrictSerializer):
    """The refresh token of the last login or refresh."""

    refresh_token = TokenField(help_text="The session's newest one.")


@extend_schema_serializer(examples=[OpenApiExample("Tokens", TOKENS, response_only=True)])
class TokensSerializer(serializers.Serializer[Any]):
    """The answer to a login (RFC 6749, section 5.1)."""

    access_token = serializers.CharField(help_text="For the `Authorization: Bearer …` header.")
    token_type = serializers.CharField(help_text="`bearer`")
    expires_in = serializers.IntegerField(help_text="Seconds until the access token expires.")
    refresh_token = serializers.CharField(help_text="For `POST /api/refresh`, once.")


@extend_schema_serializer(examples=[OpenApiExample("A session", SESSION, response_only=True)])
class SessionSerializer(serializers.Serializer[Session]):
    id = serializers.UUIDField()
    name = serializers.CharField(allow_null=True, help_text="Of a personal access token; null for a login.")
    scope = serializers.ChoiceField(Session.Scope.choices, help_text="`read` or `write`")
    user_agent = serializers.CharField(help_text="The `User-Agent` header of the client that opened the session.")
    created_at = serializers.DateTimeField(help_text="UTC")
    last_used_at = serializers.DateTimeField(help_text="UTC, updated at most once an hour.")
    expires_at = serializers.DateTimeField(
        help_text=f"UTC. A login ends after {settings.SESSION_IDLE_DAYS} days without use, and after "
        f"{settings.SESSION_LONGEST_DAYS} days at the latest."
    )
    current = serializers.SerializerMethodField(help_text="Whether this request was made with this session.")

    def get_current(self, session: Session) -> bool:
        return bool(session == self.context["request"].auth)

    def to_representation(self, instance: Session) -> dict[str, Any]:
        return super().to_representation(instance) | {"name": instance.name or None}


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A shortcut",
            {"name": "Shortcut on my phone", "expires_in_days": 365, "scope": "write"},
            request_only=True,
        )
    ]
)
class PersonalTokenSerializer(StrictSerializer):
    """The name, lifetime and scope of a new personal access token."""

    name = TextField(max_length=MAX_SESSION_NAME_LENGTH, help_text="What it is for. Free text, one line.")
    expires_in_days = StrictIntegerField(min_value=1, max_value=MAX_DAYS, help_text="From 1 to 365.")
    scope = serializers.ChoiceField(Session.Scope.choices, help_text="With `read`, every writing request is a 403.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A personal access token",
            PERSONAL | {"access_token": TOKENS["access_token"], "token_type": "bearer", "expires_in": 31536000},
            response_only=True,
            status_codes=["201"],
        )
    ]
)
class IssuedTokenSerializer(SessionSerializer):
    """A new personal access token with its session."""

    access_token = serializers.SerializerMethodField(help_text="Shown only in this answer.")
    token_type = serializers.SerializerMethodField(help_text="`bearer`")
    expires_in = serializers.SerializerMethodField(help_text="Seconds until the access token expires.")

    def get_access_token(self, session: Session) -> str:
        return str(AccessToken.for_session(session))

    def get_token_type(self, session: Session) -> str:
        return "bearer"

    def get_expires_in(self, session: Session) -> int:
        return int((session.expires_at - session.created_at).total_seconds())
