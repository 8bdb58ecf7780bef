"""Reports of imports."""

from collections import Counter
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from expense_tracker.api.errors import pointer_to
from expense_tracker.api.openapi import ProblemSerializer
from expense_tracker.api.serializers import RowListSerializer
from expenses.imports.rows import STATUSES, Reading, Row

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
    """Return one row of the report. `index` is its position among all rows, from 0."""
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
    """Return the report of an import as the API returns it: counts of each status, how the file was read, each row."""
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
