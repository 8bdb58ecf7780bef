"""Passwords in request bodies."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as DjangoValidationError
from rest_framework import serializers

from accounts.models import User
from expense_tracker.api.fields import StringField

MAX_PASSWORD_LENGTH = 128


class PasswordField(StringField):
    """A password, taken as it is. White space at its ends counts."""

    def __init__(self, **options: Any) -> None:
        super().__init__(style={"input_type": "password"}, **options)


class NewPasswordField(PasswordField):
    """A password to be set. The serializer calls `check_new_password` too, which needs to know the user."""

    def __init__(self, **options: Any) -> None:
        help_text = "8 to 128 characters; not a common password, not only digits, not similar to the user name."
        super().__init__(help_text=help_text, min_length=8, max_length=MAX_PASSWORD_LENGTH, **options)


def check_new_password(field_name: str, password: str, user: User) -> None:
    """Run Django's password validators. Raise ValidationError for the field."""
    try:
        validate_password(password, user)
    except DjangoValidationError as error:
        messages = [serializers.ErrorDetail(" ".join(e.messages), code=e.code) for e in error.error_list]
        raise serializers.ValidationError({field_name: messages}) from None
