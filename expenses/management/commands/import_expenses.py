"""`manage.py import_expenses USER FILE`: what `POST /api/expenses/import` does, for operators."""

from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from expenses.imports.errors import ImportRefused, InvalidRows
from expenses.imports.files import MAX_FILE_BYTES, read_file
from expenses.imports.options import PARSERS, parse_options
from expenses.imports.rows import STATUSES, Reading
from expenses.imports.storing import store

WIDTH = 40
SHOWN = 20


class Command(BaseCommand):
    help = "Imports expenses from a file: CSV of banks and other programs, .xlsx, or our own JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="The name of the account that gets the expenses.")
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be done.")
        parser.add_argument("--partial", action="store_true", help="Import the valid rows even where others are not.")
        for name in PARSERS:
            parser.add_argument(f"--{name.replace('_', '-')}", dest=name, help="As the API's parameter.")

    def handle(self, *args: Any, user: str, file: Path, dry_run: bool, partial: bool, **options: Any) -> None:
        try:
            owner = User.objects.get_by_natural_key(user)
        except User.DoesNotExist:
            raise CommandError(f"There is no user {user}.") from None
        try:
            with file.open("rb") as stream:
                content = stream.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise CommandError(str(error)) from None
        if len(content) > MAX_FILE_BYTES:
            raise CommandError(f"The file is larger than {MAX_FILE_BYTES} bytes.")
        try:
            texts = {name: options[name] for name in PARSERS if options[name] is not None}
            reading = read_file(content, parse_options(texts), progress=self.show("Read"))
            self.describe(reading)
            store(reading, owner=owner, dry_run=dry_run, partial=partial, progress=self.show("Stored"))
        except InvalidRows:
            raise CommandError(
                "Some rows are not valid, and nothing was imported. Take the others with --partial."
            ) from None
        except ImportRefused as error:
            raise CommandError(error.detail) from None
        self.report(reading, dry_run=dry_run)

    def show(self, what: str) -> Any:
        """Return what draws a bar for `done` of `total` rows, where somebody is looking."""

        def draw(done: int, total: int) -> None:
            if self.stdout.isatty():
                filled = WIDTH * done // total if total else WIDTH
                end = "\n" if done >= total else ""
                self.stdout.write(f"\r{what} [{'#' * filled:{WIDTH}}] {done:,} of {total:,}", ending=end)

        return draw

    def describe(self, reading: Reading) -> None:
        for name, value in reading.read_as.items():
            if value is not None:
                self.stdout.write(f"{name}: {value!r}")
        invalid = [row for row in reading.rows if row.status == "invalid"]
        for row in invalid[:SHOWN]:
            self.stderr.write(f"Line {row.line}: {row.reason}")
        if len(invalid) > SHOWN:
            self.stderr.write(f"And {len(invalid) - SHOWN} more.")

    def report(self, reading: Reading, *, dry_run: bool) -> None:
        counted = Counter(row.status for row in reading.rows)
        counts = ", ".join(f"{counted[status]} {status}" for status in STATUSES)
        self.stdout.write(f"{'Would be: ' if dry_run else ''}{counts}, {reading.passed_over} passed over.")
