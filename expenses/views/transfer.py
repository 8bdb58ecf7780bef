"""Expenses out to a file, and in from one."""

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.response import Response

from accounts.authentication import AuthenticatedRequest
from expense_tracker.api.errors import CONTENT_TYPE
from expense_tracker.api.filters import FilterBackend
from expense_tracker.api.openapi import problem_response
from expense_tracker.api.parsers import ContentTooLarge, FileParser
from expense_tracker.api.viewsets import StrictViewSet, query_parameters
from expenses.exports import download
from expenses.filters import ExpenseFilterSet
from expenses.idempotency import idempotent
from expenses.imports.errors import InvalidRows, TooManyRows
from expenses.imports.files import MAX_FILE_BYTES, read_file
from expenses.imports.slots import reading_slot
from expenses.imports.storing import store
from expenses.models import Expense
from expenses.serializers.expense import ExpenseSerializer
from expenses.serializers.export import ExportQuerySerializer
from expenses.serializers.import_options import ImportQuerySerializer, options_of
from expenses.serializers.import_report import INVALID_REPORT, ImportProblemSerializer, ImportReportSerializer, report
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
        how = {each: self.query[each] for each in ("dialect", "decimal") if self.query[each] is not None}
        return download(
            expenses, name=name, file_name=f"expenses-{request.user.username}-{request.user.today()}.{name}", **how
        )


@extend_schema(tags=["Import and export"])
class ImportViewSet(StrictViewSet):
    serializer_class = ImportReportSerializer
    request: AuthenticatedRequest
    parser_classes = (FileParser,)
    max_body_bytes = MAX_FILE_BYTES

    @extend_schema(
        operation_id="import_expenses",
        request={
            "multipart/form-data": {
                "type": "object",
                "properties": {"file": {"type": "string", "format": "binary", "description": "CSV, XLSX or JSON."}},
                "required": ["file"],
            }
        },
        responses={
            200: ImportReportSerializer,
            (400, CONTENT_TYPE): problem_response(
                "The file cannot be read, or rows of it are not valid: `rows` names them.",
                InvalidRows(extensions=INVALID_REPORT),
                serializer=ImportProblemSerializer,
            ),
        },
    )
    @query_parameters(ImportQuerySerializer)
    @idempotent
    def create(self, request: AuthenticatedRequest) -> Response:
        """Import expenses

        Takes a file in the part `file`: a CSV of a bank, of another program or of a spreadsheet, an Excel workbook
        (`.xlsx`), or our own JSON. Up to 50,000 rows and 10 MB.

        Encoding, delimiter, the line of the header, the columns by their names in many languages, and how numbers and
        days are written are found out, for the whole file; `read_as` in the report says how it was read, and each row
        what was read. What can be read in two ways is a 400 that names the parameter which decides it. Only spending is
        imported: income, refunds and transfers are `skipped`.

        A row that was imported before is a `duplicate`, also where its expense has been changed or deleted since. So is
        one that the account has already, with the same date, amount, category and description. Where rows are not valid
        nothing is imported, unless `partial` is true: 400 with the same report."""
        query = self.query
        content = self.content(request)
        try:
            with reading_slot():
                reading = read_file(content, options_of(query))
                store(reading, owner=request.user, dry_run=query["dry_run"], partial=query["partial"])
        except TooManyRows as error:
            raise ContentTooLarge(error.detail) from None
        except InvalidRows:
            raise InvalidRows(extensions=report(reading)) from None
        return Response(self.get_serializer(report(reading)).data)

    def content(self, request: AuthenticatedRequest) -> bytes:
        """Return the whole file. Raise ValidationError, or ContentTooLarge, before reading if the header says so."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_FILE_BYTES + ENVELOPE_BYTES:
            raise ContentTooLarge(f"The file is larger than {MAX_FILE_BYTES} bytes.")
        file = request.FILES.get("file")
        if file is None:
            raise ValidationError({"file": [ErrorDetail("Send a file in the part named file.", code="required")]})
        if file.size > MAX_FILE_BYTES:
            raise ContentTooLarge(f"The file is larger than {MAX_FILE_BYTES} bytes.")
        content: bytes = file.read()
        return content
