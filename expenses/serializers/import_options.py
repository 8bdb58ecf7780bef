"""Parameters of the import."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from expense_tracker.api.fields import FlagParameter
from expense_tracker.api.serializers import QuerySerializer
from expenses.imports.errors import Undecided
from expenses.imports.options import DEFAULT_CATEGORY, DELIMITERS, NAMED, PARSERS, Options
from expenses.models.expense import MAX_CATEGORY_LENGTH


class OptionParameter(serializers.Field[Any, Any, Any, Any]):
    """An option of the import, which its parser reads."""

    def __init__(self, schema: dict[str, Any], help_text: str) -> None:
        super().__init__(required=False, help_text=help_text)
        extend_schema_field(schema)(self)  # type: ignore[type-var]  # takes any object

    def to_internal_value(self, data: Any) -> Any:
        try:
            return PARSERS[str(self.field_name)](data)
        except Undecided as error:
            [question] = error.questions
            raise serializers.ValidationError(question.text, code=question.code) from None


class ImportQuerySerializer(QuerySerializer):
    dry_run = FlagParameter(help_text="`true`: only say what would be done.")
    partial = FlagParameter(  # type: ignore[assignment]  # a parameter, not the serializer's own
        help_text="`true`: import the valid rows even where others are not. It decides nothing else."
    )
    date_format = OptionParameter(
        {"type": "string"},
        "How the file writes days: `DD.MM.YYYY`, `M/D/YY`, `D MMM YYYY` and so on, or `%d.%m.%Y`. Needed where the "
        "order of day and month cannot be told.",
    )
    decimal = OptionParameter(
        {"type": "string", "enum": [".", ","]},
        "What stands before the cents. Needed where it cannot be told: `1.250` alone.",
    )
    spending = OptionParameter(
        {"type": "string", "enum": ["negative", "positive"]},
        "Which amounts are spending. Needed where there are amounts below and above 0, and nothing else tells.",
    )
    encoding = OptionParameter({"type": "string"}, "The encoding of the text: `windows-1252`, `gb18030` and so on.")
    delimiter = OptionParameter(
        {"type": "string", "enum": [name for name in DELIMITERS if name.strip()]},
        "What stands between two cells of a text.",
    )
    columns = OptionParameter(
        {"type": "string"},
        'A JSON object that names columns: `{"date": "Datum", "amount": "Betrag", "description": ["Payee", "Memo"]}`. '
        f"It may name {', '.join(f'`{name}`' for name in NAMED)}; `null` for none.",
    )
    default_category = OptionParameter(
        {"type": "string", "default": DEFAULT_CATEGORY, "maxLength": MAX_CATEGORY_LENGTH},
        "The category of rows that have none.",
    )


def options_of(query: dict[str, Any]) -> Options:
    """Return the options among the parameters."""
    return Options(**{name: query[name] for name in PARSERS if name in query})
