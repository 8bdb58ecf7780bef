"""Fields of forms that name users."""

from typing import Any

from django import forms

from accounts.models import fold_username
from accounts.models.user import MAX_USERNAME_LENGTH


class UsernameKeyField(forms.CharField):
    """A user name to look for; the value is the key of all its spellings."""

    def __init__(self, label: str) -> None:
        super().__init__(label=label, max_length=MAX_USERNAME_LENGTH, required=False)

    def clean(self, value: Any) -> str:
        return fold_username(super().clean(value))
