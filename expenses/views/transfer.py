"""Expenses out to a file, and in from one."""

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.filters import FilterBackend
from expense_tracker.api.parsers import ContentTooLarge, FileParser
from expense_tracker.api.viewsets import StrictViewSet, query_parameters
from expense_tracker.dates import today
from expenses.exports import download
from expenses.filters import ExpenseFilterSet
from expenses.idempotency import idempotent
from expenses.imports import MAX_FILE_BYTES, import_rows, read_rows
from expenses.models import Expense
from expenses.serializers.expense import ExpenseSerializer
from expenses.serializers.transfer import ExportQuerySerializer, ImportQuerySerializer, ImportReportSerializer
from expenses.views.owned import OwnedViewSet

# What a multipart body has around the file.
ENVELOPE_BYTES = 64 * 1024


@extend_schema(tags=["Import and export"])
class ExportViewSet(OwnedViewSet):
    queryset = Expense.objects.live()
    serializer_class = ExpenseSerializer
    filter_backends = (FilterBackend,)
    filterset_class = ExpenseFilterSet
    repeatable_parameters = ("category",)

    @extend_schema(
        operation_id="export_expenses",
        parameters=[
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
    )
    @query_parameters(ExportQuerySerializer)
    def list(self, request: AuthenticatedRequest) -> StreamingHttpResponse:
        """Export expenses

        All expenses that the filters leave, the newest day first, as a file: CSV with amounts as money (`25.00`), or a
        JSON array as the list has it, with amounts in cents. A cell of the CSV that a spreadsheet would take for a
        formula gets an apostrophe in front; the import takes it off again."""
        expenses = self.filter_queryset(self.get_queryset())
        name = self.query["format"]
        return download(expenses, name=name, file_name=f"expenses-{request.user.username}-{today()}.{name}")


@extend_schema(tags=["Import and export"])
class ImportViewSet(StrictViewSet):
    serializer_class = ImportReportSerializer
    request: AuthenticatedRequest
    parser_classes = (FileParser,)

    @extend_schema(
        operation_id="import_expenses",
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary"}},
                "required": ["file"],
            }
        },
        responses={200: ImportReportSerializer},
    )
    @query_parameters(ImportQuerySerializer)
    @idempotent
    def create(self, request: AuthenticatedRequest) -> Response:
        """Import expenses

        Takes a file in the part `file`: our own JSON, or a CSV in UTF-8 or UTF-16, with commas, semicolons or tabs,
        whose first line names the columns `date`, `amount`, `category` and perhaps `description`, in any order and
        case; other columns are passed over. Up to 50,000 rows and 10 MB.

        An expense that the account has already (the same date, amount, category and description, as often as the file
        has it) is a `duplicate`, and is not created again. Where rows are not valid nothing is imported, unless
        `partial` is true: 400 with the same report."""
        options = self.query
        rows = read_rows(self.content(request), decimal=options["decimal"], pattern=options["date_format"])
        report = import_rows(owner=request.user, rows=rows, dry_run=options["dry_run"], partial=options["partial"])
        return Response(self.get_serializer(report).data)

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
