"""Input of the account endpoints."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers

from accounts.models import MAX_USERNAME_LENGTH, User
from expense_tracker.serializers import StrictSerializer, VerbatimCharField

MAX_PASSWORD_LENGTH = 128


class RegistrationSerializer(StrictSerializer):
    username = VerbatimCharField(
        help_text="1 to 150 letters, digits and `@ . + - _`. Names that differ only in case are one name.",
        max_length=MAX_USERNAME_LENGTH,
    )
    password = VerbatimCharField(
        help_text="8 to 128 characters; not one of the common passwords, not all digits, not like the user name.",
        max_length=MAX_PASSWORD_LENGTH,
        style={"input_type": "password"},
    )

    def validate_username(self, username: str) -> str:
        username = User.normalize_username(username)
        if len(username) > MAX_USERNAME_LENGTH:
            raise serializers.ValidationError(
                f"Ensure this field has no more than {MAX_USERNAME_LENGTH} characters.", code="max_length"
            )
        UnicodeUsernameValidator()(username)
        return username

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            validate_password(attrs["password"], User(username=attrs["username"]))
        except DjangoValidationError as error:
            raise serializers.ValidationError({"password": serializers.as_serializer_error(error)}) from None
        return attrs


class LoginSerializer(StrictSerializer):
    username = VerbatimCharField()
    password = VerbatimCharField(style={"input_type": "password"})
