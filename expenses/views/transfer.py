"""Expenses out to a file, and in from one."""

from typing import Any

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.parameters import check_parameters, choice_parameter, invalid_parameter
from expense_tracker.api.parsers import ContentTooLarge, FileParser
from expense_tracker.dates import today
from expenses.exports import FORMATS, download
from expenses.filters import ExpenseFilterBackend
from expenses.imports import MAX_FILE_BYTES, date_pattern, import_rows, read_rows
from expenses.models import Expense
from expenses.serializers.expense import ExpenseSerializer
from expenses.serializers.transfer import ImportReportSerializer

YES_NO = {"type": "string", "enum": ["true", "false"], "default": "false"}
# What a multipart body has around the file.
ENVELOPE_BYTES = 64 * 1024


class ExportView(GenericAPIView[Any]):
    queryset = Expense.objects.live()
    filter_backends = (ExpenseFilterBackend,)
    pagination_class = None
    query_parameters = ("format",)
    request: AuthenticatedRequest

    @extend_schema(
        operation_id="export_expenses",
        tags=["Import and export"],
        parameters=[
            OpenApiParameter(
                "format", {"type": "string", "enum": list(FORMATS), "default": "csv"}, description="CSV or JSON."
            ),
            OpenApiParameter(
                "Content-Disposition",
                str,
                OpenApiParameter.HEADER,
                description="Names the file: `expenses-alice-2026-01-21.csv`.",
                response=[200],
            ),
        ],
        responses={
            (200, "text/csv"): OpenApiResponse(
                OpenApiTypes.STR,
                "All expenses that the filters leave, the newest day first.",
                [
                    OpenApiExample(
                        "CSV", "date,amount,category,description\r\n2026-01-21,25.00,Food,Lunch with team members\r\n"
                    )
                ],
            ),
            (200, "application/json"): OpenApiResponse(
                ExpenseSerializer(many=True), "All expenses that the filters leave, the newest day first."
            ),
        },
        filters=True,
    )
    def get(self, request: AuthenticatedRequest) -> StreamingHttpResponse:
        """Export expenses

        All expenses that the filters leave, the newest day first, as a file: CSV with amounts as money (`25.00`), or a
        JSON array as the list has it, with amounts in cents. A cell of the CSV that a spreadsheet would take for a
        formula gets an apostrophe in front; the import takes it off again."""
        expenses = self.filter_queryset(self.queryset.owned_by(request.user))
        name = choice_parameter(request.query_params, "format", default="csv", choices=FORMATS)
        return download(expenses, name=name, file_name=f"expenses-{request.user.username}-{today()}.{name}")


class ImportView(APIView):
    parser_classes = (FileParser,)

    @extend_schema(
        operation_id="import_expenses",
        tags=["Import and export"],
        parameters=[
            OpenApiParameter("dry_run", YES_NO, description="`true`: only say what would be done."),
            OpenApiParameter("partial", YES_NO, description="`true`: import the valid rows even where others are not."),
            OpenApiParameter(
                "decimal",
                {"type": "string", "enum": [".", ","], "default": "."},
                description="What stands before the cents in a CSV.",
            ),
            OpenApiParameter(
                "date_format",
                {"type": "string", "default": "YYYY-MM-DD"},
                description="How a CSV writes days: `DD.MM.YYYY`, `MM/DD/YYYY` and so on; `%d.%m.%Y` will do, too.",
            ),
        ],
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary"}},
                "required": ["file"],
            }
        },
        responses=ImportReportSerializer,
    )
    def post(self, request: AuthenticatedRequest) -> Response:
        """Import expenses

        Takes a file in the part `file`: our own JSON, or a CSV in UTF-8 or UTF-16, with commas, semicolons or tabs,
        whose first line names the columns `date`, `amount`, `category` and perhaps `description`, in any order and
        case; other columns are passed over. Up to 50,000 rows and 10 MB.

        An expense that the account has already (the same date, amount, category and description, as often as the file
        has it) is a `duplicate`, and is not created again. Where rows are not valid nothing is imported, unless
        `partial` is true: 400 with the same report."""
        options = {"dry_run", "partial", "decimal", "date_format"}
        check_parameters(request.query_params, known=sorted(options))
        dry_run, partial = (
            choice_parameter(request.query_params, name, default="false", choices=("true", "false")) == "true"
            for name in ("dry_run", "partial")
        )
        decimal = choice_parameter(request.query_params, "decimal", default=".", choices=(".", ","))
        pattern = date_pattern(request.query_params.get("date_format", "YYYY-MM-DD"))
        if pattern is None:
            raise invalid_parameter("date_format", "Put YYYY, MM and DD together with - . / or a space between them.")
        rows = read_rows(self.content(request), decimal=decimal, pattern=pattern)
        return Response(import_rows(owner_id=request.user.pk, rows=rows, dry_run=dry_run, partial=partial))

    def content(self, request: AuthenticatedRequest) -> bytes:
        """The file, whole. Raises ContentTooLarge, before reading what says that it is, and ValidationError."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_FILE_BYTES + ENVELOPE_BYTES:
            raise ContentTooLarge(f"The file is larger than {MAX_FILE_BYTES} bytes.")
        file = request.FILES.get("file")
        if file is None:
            raise ValidationError({"file": [ErrorDetail("Send a file in the part named file.", code="required")]})
        if file.size > MAX_FILE_BYTES:
            raise ContentTooLarge(f"The file is larger than {MAX_FILE_BYTES} bytes.")
        content: bytes = file.read()
        return content
