"""Registration, the user's own account, and its password."""

from typing import Any

from django.contrib.auth.validators import UnicodeUsernameValidator
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.models import User
from accounts.models.user import MAX_USERNAME_LENGTH, validate_timezone
from accounts.serializers.fields import NewPasswordField, PasswordField, check_new_password
from accounts.serializers.session import CREDENTIALS
from expense_tracker.api.fields import StringField
from expense_tracker.api.serializers import StrictSerializer


@extend_schema_serializer(examples=[CREDENTIALS])
class RegistrationSerializer(StrictSerializer):
    """The user name and password of a new account."""

    username = StringField(
        help_text="1 to 150 letters, digits and `@ . + - _`. Case does not matter: `Alice` and `alice` are one name.",
        max_length=MAX_USERNAME_LENGTH,
    )
    password = NewPasswordField()

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


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Alice",
            {"id": 1, "username": "alice", "timezone": "Europe/Berlin", "created_at": "2026-01-21T12:08:05.137468Z"},
            response_only=True,
        ),
        OpenApiExample("Another time zone", {"timezone": "Europe/Berlin"}, request_only=True),
    ]
)
class MeSerializer(StrictSerializer):
    """The current user."""

    id = serializers.IntegerField(read_only=True)
    username = serializers.CharField(read_only=True)
    timezone = StringField(
        help_text="IANA name; `UTC` unless you set it. It decides which day is today.", validators=[validate_timezone]
    )
    created_at = serializers.DateTimeField(source="date_joined", read_only=True, help_text="UTC")


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
    """The current password and the new one."""

    current_password = PasswordField(help_text="The password that you log in with.")
    new_password = NewPasswordField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        check_new_password("new_password", attrs["new_password"], self.context["request"].user)
        return attrs


@extend_schema_serializer(examples=[OpenApiExample("Alice", {"password": "SecurePassword123!"}, request_only=True)])
class AccountDeletionSerializer(StrictSerializer):
    """The password, as a confirmation."""

    password = PasswordField(help_text="The password that you log in with.")
