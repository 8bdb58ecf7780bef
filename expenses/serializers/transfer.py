"""How to export and to import, and what came of an import."""

from collections import Counter
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from expense_tracker.api.errors import pointer_to
from expense_tracker.api.fields import ChoiceParameter, FlagParameter
from expense_tracker.api.openapi import ProblemSerializer
from expense_tracker.api.serializers import QuerySerializer, RowListSerializer
from expenses.exports import DIALECTS, FORMATS
from expenses.imports.errors import Undecided
from expenses.imports.options import DEFAULT_CATEGORY, DELIMITERS, NAMED, PARSERS, Options
from expenses.imports.rows import STATUSES, Reading, Row
from expenses.models.expense import MAX_CATEGORY_LENGTH

READ_AS = {
    "format": "csv",
    "encoding": "cp1252",
    "delimiter": ";",
    "header_line": 15,
    "columns": {"date": "Buchung", "amount": "Betrag", "description": ["Auftraggeber/Empfänger", "Verwendungszweck"]},
    "decimal": ",",
    "date_format": "DD.MM.YYYY",
    "spending": "negative",
    "layout": "ING-DiBa",
}


class ReadAsSerializer(serializers.Serializer[Any]):
    """How the file was read."""

    format = serializers.ChoiceField(["csv", "xlsx", "json"])
    encoding = serializers.CharField(allow_null=True)
    delimiter = serializers.CharField(allow_null=True)
    header_line = serializers.IntegerField(allow_null=True, help_text="The line that names the columns, from 1.")
    columns = serializers.DictField(
        allow_null=True, help_text="The columns that were read; `description` is a list, in the order of its parts."
    )
    decimal = serializers.CharField(allow_null=True, help_text="What stands before the cents.")
    date_format = serializers.CharField()
    spending = serializers.CharField(
        allow_null=True,
        help_text="What tells spending: the sign, `negative` or `positive`, or `by type`, or `by columns`.",
    )
    layout = serializers.CharField(allow_null=True, help_text="The bank or program, where its layout is known.")


class ImportedRowSerializer(serializers.Serializer[Any]):
    line = serializers.IntegerField(help_text="Line of a CSV, row of a sheet, or item of a JSON array, from 1.")
    status = serializers.ChoiceField(STATUSES)
    reason = serializers.CharField(allow_null=True, help_text="Why it is so, for people.")
    pointer = serializers.CharField(
        allow_null=True, help_text="What is not valid: row, from 0, and member: `#/3/amount`."
    )
    date = serializers.DateField(allow_null=True)
    amount = serializers.IntegerField(allow_null=True, help_text="In cents.")
    category = serializers.CharField(allow_null=True)
    description = serializers.CharField(allow_null=True)

    class Meta:
        list_serializer_class = RowListSerializer


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A report",
            {
                "created": 1,
                "duplicate": 0,
                "skipped": 1,
                "invalid": 0,
                "passed_over": 1,
                "read_as": READ_AS,
                "rows": [
                    {
                        "line": 16,
                        "status": "created",
                        "reason": None,
                        "pointer": None,
                        "date": "2026-03-07",
                        "amount": 1480,
                        "category": "Uncategorised",
                        "description": "Hafenbäckerei, Brötchen",
                    },
                    {
                        "line": 17,
                        "status": "skipped",
                        "reason": "The amount is above 0: income, a refund, or a transfer.",
                        "pointer": None,
                        "date": "2026-03-15",
                        "amount": 295000,
                        "category": "Uncategorised",
                        "description": "Nordwind, Gehalt",
                    },
                ],
            },
            response_only=True,
        )
    ]
)
class ImportReportSerializer(serializers.Serializer[Any]):
    created = serializers.IntegerField(help_text="How many rows are new.")
    duplicate = serializers.IntegerField(help_text="How many rows the account has, or had, already.")
    skipped = serializers.IntegerField(help_text="How many rows are no spending: income, refunds, transfers.")
    invalid = serializers.IntegerField(help_text="How many rows are no expenses.")
    passed_over = serializers.IntegerField(help_text="How many lines have nothing, or totals only.")
    read_as = ReadAsSerializer()
    rows = ImportedRowSerializer(many=True)


def report_row(index: int, row: Row) -> dict[str, Any]:
    """Return what was read and what came of it. `index` is the row's place among all, from 0."""
    pointer = None
    if row.status == "invalid":
        pointer = pointer_to((index,) if row.member is None else (index, row.member))
    return {
        "line": row.line,
        "status": row.status,
        "reason": row.reason,
        "pointer": pointer,
        "date": row.date,
        "amount": row.amount,
        "category": row.category,
        "description": row.description,
    }


def report(reading: Reading) -> dict[str, Any]:
    """Return the report of an import as the API answers it: counts of each status, how the file was read, each row."""
    counted = Counter(row.status for row in reading.rows)
    return {
        **{status: counted[status] for status in STATUSES},
        "passed_over": reading.passed_over,
        "read_as": reading.read_as,
        "rows": [report_row(index, row) for index, row in enumerate(reading.rows)],
    }


INVALID_REPORT = {
    "created": 0,
    "duplicate": 0,
    "skipped": 0,
    "invalid": 1,
    "passed_over": 0,
    "read_as": READ_AS,
    "rows": [
        {
            "line": 2,
            "status": "invalid",
            "reason": "Enter a day as YYYY-MM-DD.",
            "pointer": "#/0/date",
            "date": None,
            "amount": 1480,
            "category": "Food",
            "description": None,
        }
    ],
}


class ImportProblemSerializer(ProblemSerializer):
    """Why nothing was imported; where rows are not valid, with the report."""

    created = serializers.IntegerField(required=False, help_text="How many rows are new.")
    duplicate = serializers.IntegerField(required=False, help_text="How many rows the account has, or had, already.")
    skipped = serializers.IntegerField(required=False, help_text="How many rows are no spending.")
    invalid = serializers.IntegerField(required=False, help_text="How many rows are no expenses.")
    passed_over = serializers.IntegerField(required=False, help_text="How many lines have nothing, or totals only.")
    read_as = ReadAsSerializer(required=False, help_text="How the file was read.")
    rows = ImportedRowSerializer(many=True, required=False, help_text="What is wrong with each row.")


class ExportQuerySerializer(QuerySerializer):
    format = ChoiceParameter(list(FORMATS), default="csv", help_text="CSV or JSON.")
    dialect = ChoiceParameter(
        list(DIALECTS),
        default=None,
        help_text="Of a CSV, default `rfc4180`: `excel` begins with a byte order mark and has semicolons.",
    )
    decimal = ChoiceParameter([".", ","], default=None, help_text="What stands before the cents in a CSV, default `.`.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in ("dialect", "decimal"):
            if attrs[name] is not None and attrs["format"] != "csv":
                raise serializers.ValidationError({name: ["Only a CSV has this."]}, code="invalid")
        return attrs


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
