"""Expenses out to a file, and in from one."""

from threading import BoundedSemaphore
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
from expense_tracker.exceptions import Busy
from expenses.exports import DIALECTS, FORMATS, download
from expenses.filters import ExpenseFilterBackend
from expenses.imports.errors import InvalidRows, TooManyRows
from expenses.imports.files import MAX_FILE_BYTES, read_file
from expenses.imports.options import DEFAULT_CATEGORY, DELIMITERS, NAMED, PARSERS, parse_options
from expenses.imports.storing import store
from expenses.models import Expense
from expenses.models.expense import MAX_CATEGORY_LENGTH
from expenses.serializers.expense import ExpenseSerializer
from expenses.serializers.transfer import ImportReportSerializer, report

YES_NO = {"type": "string", "enum": ["true", "false"], "default": "false"}
# What a multipart body has around the file.
ENVELOPE_BYTES = 64 * 1024
# As many files are read at once in a process, and for so many seconds others wait.
READING = BoundedSemaphore(2)
PATIENCE = 5


class TooManyImports(Busy):
    detail = "Other files are being imported. Try again in a moment."
    code = "too_many_imports"
    retry_after = 5


class ExportView(GenericAPIView[Any]):
    queryset = Expense.objects.live()
    filter_backends = (ExpenseFilterBackend,)
    pagination_class = None
    query_parameters = ("format", "dialect", "decimal")
    request: AuthenticatedRequest

    @extend_schema(
        operation_id="export_expenses",
        tags=["Import and export"],
        parameters=[
            OpenApiParameter(
                "format", {"type": "string", "enum": list(FORMATS), "default": "csv"}, description="CSV or JSON."
            ),
            OpenApiParameter(
                "dialect",
                {"type": "string", "enum": list(DIALECTS), "default": "rfc4180"},
                description="Of a CSV: `excel` begins with a byte order mark and has semicolons.",
            ),
            OpenApiParameter(
                "decimal",
                {"type": "string", "enum": [".", ","], "default": "."},
                description="What stands before the cents in a CSV.",
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
        choices = {"dialect": list(DIALECTS), "decimal": [".", ","]}
        how: dict[str, Any] = {
            parameter: choice_parameter(request.query_params, parameter, default=values[0], choices=values)
            for parameter, values in choices.items()
            if parameter in request.query_params
        }
        if how and name != "csv":
            raise invalid_parameter(next(iter(how)), "Only a CSV has this.")
        return download(expenses, name=name, file_name=f"expenses-{request.user.username}-{today()}.{name}", **how)


class ImportView(APIView):
    parser_classes = (FileParser,)

    @extend_schema(
        operation_id="import_expenses",
        tags=["Import and export"],
        parameters=[
            OpenApiParameter("dry_run", YES_NO, description="`true`: only say what would be done."),
            OpenApiParameter(
                "partial",
                YES_NO,
                description="`true`: import the valid rows even where others are not. It decides nothing else.",
            ),
            OpenApiParameter(
                "date_format",
                {"type": "string"},
                description="How the file writes days: `DD.MM.YYYY`, `M/D/YY`, `D MMM YYYY` and so on, or `%d.%m.%Y`."
                " Needed where the order of day and month cannot be told.",
            ),
            OpenApiParameter(
                "decimal",
                {"type": "string", "enum": [".", ","]},
                description="What stands before the cents. Needed where it cannot be told: `1.250` alone.",
            ),
            OpenApiParameter(
                "spending",
                {"type": "string", "enum": ["negative", "positive"]},
                description="Which amounts are spending. Needed where there are amounts below and above 0, and nothing"
                " else tells.",
            ),
            OpenApiParameter(
                "encoding",
                {"type": "string"},
                description="The encoding of the text: `windows-1252`, `gb18030` and so on.",
            ),
            OpenApiParameter(
                "delimiter",
                {"type": "string", "enum": [name for name in DELIMITERS if name.strip()]},
                description="What stands between two cells of a text.",
            ),
            OpenApiParameter(
                "columns",
                {"type": "string"},
                description='A JSON object that names columns: `{"date": "Datum", "amount": "Betrag", "description":'
                f' ["Payee", "Memo"]}}`. It may name {", ".join(f"`{name}`" for name in NAMED)}; `null` for none.',
            ),
            OpenApiParameter(
                "default_category",
                {"type": "string", "default": DEFAULT_CATEGORY, "maxLength": MAX_CATEGORY_LENGTH},
                description="The category of rows that have none.",
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

        Takes a file in the part `file`: a CSV of a bank, of another program or of a spreadsheet, an Excel workbook
        (`.xlsx`), or our own JSON. Up to 50,000 rows and 10 MB.

        Encoding, delimiter, the line of the header, the columns by their names in many languages, and how numbers and
        days are written are found out, for the whole file; `read_as` in the report says how it was read, and each row
        what was read. What can be read in two ways is a 400 that names the parameter which decides it. Only spending is
        imported: income, refunds and transfers are `skipped`.

        A row that was imported before is a `duplicate`, also where its expense has been changed or deleted since. So is
        one that the account has already, with the same date, amount, category and description. Where rows are not valid
        nothing is imported, unless `partial` is true: 400 with the same report."""
        query = request.query_params
        check_parameters(query, known=sorted(("dry_run", "partial", *PARSERS)))
        dry_run, partial = (
            choice_parameter(query, name, default="false", choices=("true", "false")) == "true"
            for name in ("dry_run", "partial")
        )
        options = parse_options(query.dict())
        content = self.content(request)
        # What is read takes many times the file's size for a moment.
        if not READING.acquire(timeout=PATIENCE):
            raise TooManyImports
        try:
            reading = read_file(content, options)
            store(reading, owner_id=request.user.pk, dry_run=dry_run, partial=partial)
        except TooManyRows as error:
            raise ContentTooLarge(error.detail) from None
        except InvalidRows:
            raise InvalidRows(extensions=report(reading)) from None
        finally:
            READING.release()
        return Response(report(reading))

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
