"""Input and output of the account endpoints."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError as DjangoValidationError
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.models import Session, User
from accounts.models.session import MAX_SESSION_NAME_LENGTH
from accounts.models.user import MAX_USERNAME_LENGTH
from expense_tracker.api.fields import StrictIntegerField, StringField, TextField
from expense_tracker.api.serializers import StrictSerializer

MAX_PASSWORD_LENGTH = 128
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


def password_field(help_text: str = "", **options: Any) -> StringField:
    return StringField(help_text=help_text, style={"input_type": "password"}, **options)


def new_password_field() -> StringField:
    return password_field(
        "8 to 128 characters; not one of the common passwords, not all digits, not like the user name.",
        min_length=8,
        max_length=MAX_PASSWORD_LENGTH,
    )


def check_new_password(name: str, password: str, user: User) -> None:
    """Django's validators. Raises ValidationError for the member `name`."""
    try:
        validate_password(password, user)
    except DjangoValidationError as error:
        messages = [serializers.ErrorDetail(" ".join(e.messages), code=e.code) for e in error.error_list]
        raise serializers.ValidationError({name: messages}) from None


@extend_schema_serializer(examples=[CREDENTIALS])
class RegistrationSerializer(StrictSerializer):
    """The name and the password of a new account."""

    username = StringField(
        help_text="1 to 150 letters, digits and `@ . + - _`. Names that differ only in case are one name.",
        max_length=MAX_USERNAME_LENGTH,
    )
    password = new_password_field()

    def validate_username(self, username: str) -> str:
        username = User.normalize_username(username)
        if len(username) > MAX_USERNAME_LENGTH:
            raise serializers.ValidationError(
                f"Ensure this field has no more than {MAX_USERNAME_LENGTH} characters.", code="max_length"
            )
        UnicodeUsernameValidator()(username)
        return username

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_new_password("password", attrs["password"], User(username=attrs["username"]))
        return attrs


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Created",
            {"message": "User created successfully", "user_id": 1},
            response_only=True,
            status_codes=["201"],
        )
    ]
)
class RegisteredSerializer(serializers.Serializer[Any]):
    message = serializers.CharField()
    user_id = serializers.IntegerField()


@extend_schema_serializer(examples=[CREDENTIALS])
class LoginSerializer(StrictSerializer):
    """A name and a password."""

    username = StringField(help_text="In any case.")
    password = password_field("As it is, white space included.")


class TokenField(StringField):
    """Any text at all: what is no token of ours is refused as a token, with a 401."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators = []


@extend_schema_serializer(
    examples=[OpenApiExample("Refresh", {"refresh_token": TOKENS["refresh_token"]}, request_only=True)]
)
class RefreshSerializer(StrictSerializer):
    """What a login or the last refresh answered."""

    refresh_token = TokenField(help_text="The newest one of the session.")


@extend_schema_serializer(examples=[OpenApiExample("Tokens", TOKENS, response_only=True)])
class TokensSerializer(serializers.Serializer[Any]):
    """What a login answers (RFC 6749, section 5.1)."""

    access_token = serializers.CharField(help_text="For the `Authorization: Bearer …` header.")
    token_type = serializers.CharField(help_text="`bearer`")
    expires_in = serializers.IntegerField(help_text="Seconds until the access token expires.")
    refresh_token = serializers.CharField(help_text="For `POST /api/refresh`, once.")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Alice", {"id": 1, "username": "alice", "created_at": "2026-01-21T12:08:05.137468Z"}, response_only=True
        )
    ]
)
class MeSerializer(serializers.Serializer[User]):
    id = serializers.IntegerField()
    username = serializers.CharField()
    created_at = serializers.DateTimeField(source="date_joined", help_text="UTC")


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A better one",
            {"current_password": "SecurePassword123!", "new_password": "correct horse battery staple"},
            request_only=True,
        )
    ]
)
class PasswordChangeSerializer(StrictSerializer):
    """The old password and the new one."""

    current_password = password_field("The one that you log in with.")
    new_password = new_password_field()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_new_password("new_password", attrs["new_password"], self.context["request"].user)
        return attrs


@extend_schema_serializer(examples=[OpenApiExample("Alice", {"password": "SecurePassword123!"}, request_only=True)])
class AccountDeletionSerializer(StrictSerializer):
    """The password, as a confirmation."""

    password = password_field("The one that you log in with.")


@extend_schema_serializer(examples=[OpenApiExample("A session", SESSION, response_only=True)])
class SessionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField(allow_null=True, help_text="Of a personal access token; else null.")
    scope = serializers.CharField(help_text="`read` or `write`")
    user_agent = serializers.CharField(help_text="What the client that logged in called itself.")
    created_at = serializers.DateTimeField(help_text="UTC")
    last_used_at = serializers.DateTimeField(help_text="UTC, noted at most hourly")
    expires_at = serializers.DateTimeField(
        help_text="UTC. A login ends when it was not used for 14 days, and after 30 days at the latest."
    )
    current = serializers.SerializerMethodField(help_text="Whether it is the one that this request came with.")

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
    """What a new personal access token is for, and what it may do."""

    name = TextField(max_length=MAX_SESSION_NAME_LENGTH, help_text="What it is for; one line.")
    expires_in_days = StrictIntegerField(min_value=1, max_value=MAX_DAYS, help_text="From 1 to 365.")
    scope = serializers.ChoiceField(Session.Scope.choices, help_text="A `read` token is refused by all that writes.")


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
    access_token = serializers.CharField(help_text="It is shown here and never again.")
    token_type = serializers.CharField(help_text="`bearer`")
    expires_in = serializers.IntegerField(help_text="Seconds until the access token expires.")
