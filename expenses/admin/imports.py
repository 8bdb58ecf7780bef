"""The page on which staff import a file for a user: a preview first, then the import."""

import hashlib
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from accounts.models import User
from accounts.models.user import MAX_USERNAME_LENGTH
from expense_tracker.admin import note_change
from expense_tracker.logs import log_event
from expenses.imports.errors import ImportRefused, InvalidRows, TooManyImports, Undecided
from expenses.imports.files import MAX_FILE_BYTES, read_file
from expenses.imports.options import DEFAULT_CATEGORY, DELIMITERS, NAMED, PARSERS, Options
from expenses.imports.rows import STATUSES, Reading
from expenses.imports.slots import reading_slot
from expenses.imports.storing import store
from expenses.money import format_cents

SHOWN = 100
SALT = "expenses.admin.imports"
PREVIEW_LASTS = timedelta(hours=1)


def choices(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return [("", "As the file says"), *pairs]


class ImportForm(forms.Form):
    owner = forms.CharField(
        max_length=MAX_USERNAME_LENGTH,
        widget=AdminTextInputWidget,
        help_text="The name of the user who gets the expenses.",
    )
    file = forms.FileField(help_text="CSV, Excel (.xlsx) or our JSON: up to 50,000 rows and 10 MB.")
    date_format = forms.CharField(
        required=False, widget=AdminTextInputWidget, help_text="Such as DD.MM.YYYY, M/D/YY or D MMM YYYY."
    )
    decimal = forms.ChoiceField(
        choices=choices((".", ". as in 12.34"), (",", ", as in 12,34")),
        required=False,
        help_text="What stands before the cents.",
    )
    spending = forms.ChoiceField(
        choices=choices(("negative", "negative: below 0"), ("positive", "positive: above 0")),
        required=False,
        help_text="Which amounts are spending.",
    )
    encoding = forms.CharField(
        required=False, widget=AdminTextInputWidget, help_text="Such as utf-8, windows-1252 or gb18030."
    )
    delimiter = forms.ChoiceField(
        choices=choices(*[(name, name) for name in DELIMITERS if name.strip()]), required=False
    )
    columns = forms.CharField(
        required=False,
        widget=AdminTextareaWidget(attrs={"rows": 3}),
        help_text='A JSON object of columns by their names in the file, such as {"date": "Datum", "amount": "Betrag"}. '
        f"It may name {', '.join(NAMED)}.",
    )
    default_category = forms.CharField(
        required=False, widget=AdminTextInputWidget, help_text=f"Of rows that have none. Default: {DEFAULT_CATEGORY}."
    )
    partial = forms.BooleanField(required=False, help_text="Import the valid rows even where others are not.")

    def clean_owner(self) -> User:
        try:
            return User.objects.get_by_natural_key(self.cleaned_data["owner"])
        except User.DoesNotExist:
            raise ValidationError("There is no user of that name.", code="unknown_user") from None

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_FILE_BYTES:
            raise ValidationError(f"The file is larger than {MAX_FILE_BYTES:,} bytes.", code="content_too_large")
        return file

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = self.cleaned_data
        options = {}
        for name, parse in PARSERS.items():
            try:
                if values.get(name):
                    options[name] = parse(values[name])
            except Undecided as error:
                self.ask(error)
        return values | {"options": Options(**options)}

    def ask(self, error: Undecided) -> None:
        """Show each question at the option that answers it."""
        for question in error.questions:
            self.add_error(question.option, question.text)

    def run(self, content: bytes, *, dry_run: bool) -> Reading | None:
        """Import the file, or with `dry_run` only find what is new. What stands against it becomes errors of the form;
        return None where the file cannot be read."""
        owner, options, partial = (self.cleaned_data[name] for name in ("owner", "options", "partial"))
        reading = None
        try:
            with reading_slot():
                reading = read_file(content, options)
                store(reading, owner=owner, dry_run=dry_run, partial=partial)
        except Undecided as error:
            self.ask(error)
        except InvalidRows:
            self.add_error("partial", "Some rows are not valid. Correct the file, or check this to import the others.")
        except ImportRefused as error:
            self.add_error("file", error.detail)
        except TooManyImports as error:
            self.add_error(None, error.detail)
        return reading

    def fingerprint(self, content: bytes, user_id: int | None) -> list[Any]:
        """Return what an import does: the file by its SHA-256, who imports it for whom, and each option as typed."""
        owner = self.cleaned_data["owner"].pk
        typed = [self.cleaned_data[name] for name in (*PARSERS, "partial")]
        return [hashlib.sha256(content).hexdigest(), user_id, owner, *typed]

    def check_previewed(self, seen: str, fingerprint: list[Any]) -> None:
        """Add an error unless the same was previewed. `seen` is the signed fingerprint that came with the preview."""
        try:
            previewed = signing.loads(seen, salt=SALT, max_age=PREVIEW_LASTS)
        except signing.BadSignature:
            self.add_error(None, "Preview the file first. A preview holds for an hour.")
            return
        if previewed[0] != fingerprint[0]:
            self.add_error("file", "This is not the file of the preview. Choose that one, or preview this one.")
        elif previewed != fingerprint:
            self.add_error(None, "The owner or an option is not as in the preview. Preview the file again.")


def import_page(request: HttpRequest, model_admin: admin.ModelAdmin) -> HttpResponse:
    """Show the form; a file that is sent is previewed, and with `_import` imported, if it is the one of the preview."""
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    reading, seen = None, ""
    if form.is_valid():
        content = form.cleaned_data["file"].read()
        fingerprint = form.fingerprint(content, request.user.pk)
        is_import = "_import" in request.POST
        if is_import:
            form.check_previewed(request.POST.get("seen", ""), fingerprint)
        if form.is_valid():
            reading = form.run(content, dry_run=not is_import)
        if form.is_valid() and reading is not None:
            if is_import:
                return conclude(request, model_admin, form, reading)
            seen = signing.dumps(fingerprint, salt=SALT)
    fieldsets = [(None, {"fields": list(form.fields)})]
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Import expenses",
        "opts": model_admin.opts,
        "adminform": AdminForm(form, fieldsets, {}, model_admin=model_admin),  # type: ignore[arg-type]  # any form will do
        "seen": seen,
        **(describe(reading) if reading else {}),
    }
    return TemplateResponse(request, "admin/expenses/expense/import.html", context)


def conclude(request: HttpRequest, model_admin: admin.ModelAdmin, form: ImportForm, reading: Reading) -> HttpResponse:
    """Record the import in its owner's history, and lead to the owner's expenses."""
    owner, name = form.cleaned_data["owner"], form.cleaned_data["file"].name
    created = count(reading)["created"]
    message = f"Imported {created} expense{'' if created == 1 else 's'} from {name}."
    if created:
        note_change(request, [owner], message)
    log_event("expenses imported", user_id=request.user.pk, owner_id=owner.pk, rows=created)
    model_admin.message_user(request, message)
    return redirect(f"{reverse('admin:expenses_expense_changelist')}?{urlencode({'owner': owner.username})}")


def count(reading: Reading) -> dict[str, int]:
    """Return how many rows have each status."""
    counted = Counter(row.status for row in reading.rows)
    return {status: counted[status] for status in STATUSES}


def describe(reading: Reading) -> dict[str, Any]:
    """Return what the preview shows: counts, how the file was read, and the first rows, those that are not valid before
    all others."""
    first = sorted(reading.rows, key=lambda row: row.status != "invalid")[:SHOWN]
    return {
        "counts": count(reading) | {"passed over": reading.passed_over},
        "read_as": {name.replace("_", " "): value for name, value in reading.read_as.items() if value is not None},
        "rows": [(row, None if row.amount is None else format_cents(row.amount)) for row in first],
        "rows_left": len(reading.rows) - len(first),
    }
