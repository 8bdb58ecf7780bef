"""The fields of an expense that users write."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from expense_tracker.api.fields import StrictIntegerField, StringField, TextField
from expenses.models.expense import MAX_CATEGORY_LENGTH, MAX_DESCRIPTION_LENGTH, MAX_EXTERNAL_ID_LENGTH
from expenses.money import MAX_AMOUNT


class AmountField(StrictIntegerField):
    default_error_messages = {"invalid": "Enter an integer of cents: 1250 for 12.50."}

    def __init__(self, **kwargs: Any) -> None:
        options: dict[str, Any] = {"min_value": 1, "max_value": MAX_AMOUNT, "help_text": "In cents."}
        super().__init__(**options | kwargs)


class WholeAmountField(AmountField):
    """An amount that is written without a point: `2500.0` is refused."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, float):
            self.fail("invalid")
        return super().to_internal_value(data)


class CategoryField(TextField):
    def __init__(self, **kwargs: Any) -> None:
        options: dict[str, Any] = {"max_length": MAX_CATEGORY_LENGTH, "help_text": "Free text, one line."}
        super().__init__(**options | kwargs)


class DescriptionField(TextField):
    """An empty one is null."""

    def __init__(self, **kwargs: Any) -> None:
        options: dict[str, Any] = {
            "max_length": MAX_DESCRIPTION_LENGTH,
            "multiline": True,
            "required": False,
            "allow_null": True,
            "allow_blank": True,
            "help_text": "Free text; it may have several lines. An empty one is null.",
        }
        super().__init__(**options | kwargs)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        return super().run_validation(data) or None


@extend_schema_field({"type": "string", "minLength": 1, "maxLength": MAX_EXTERNAL_ID_LENGTH, "pattern": "^[!-~]+$"})
class ExternalIdField(StringField):
    default_error_messages = {"invalid": "Enter 1 to 64 visible ASCII characters, e.g. a UUID."}

    def __init__(self, **kwargs: Any) -> None:
        options: dict[str, Any] = {
            "max_length": MAX_EXTERNAL_ID_LENGTH,
            "required": False,
            "allow_null": True,
            "help_text": "Your own id of this creation, e.g. a UUID: 1 to 64 visible ASCII characters, unique among "
            "your expenses. It never changes.",
        }
        super().__init__(**options | kwargs)

    def to_internal_value(self, data: Any) -> str:
        text: str = super().to_internal_value(data)
        if not all("!" <= character <= "~" for character in text):
            self.fail("invalid")
        return text
