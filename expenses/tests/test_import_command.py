"""manage.py import_expenses USER FILE"""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from expenses.models import Expense

CONTENT = "Datum;Betrag;Kategorie\n07.03.2026;-14,80;Essen\n16.03.2026;2.950,00;Gehalt\n"


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "book.csv"
    path.write_text(CONTENT)
    return path


def test_command_imports_for_a_user(alice: APIClient, bob: APIClient, file: Path) -> None:
    output = StringIO()
    call_command("import_expenses", "ALICE", str(file), "--spending", "negative", stdout=output)

    assert output.getvalue().splitlines()[-1] == "1 created, 0 duplicate, 1 skipped, 0 invalid, 0 passed over."
    assert "date_format: 'DD.MM.YYYY'" in output.getvalue().splitlines()
    assert [(expense["date"], expense["amount"]) for expense in alice.get("/api/expenses").json()] == [
        ("2026-03-07", 1480)
    ]
    assert bob.get("/api/expenses").json() == []


def test_terminal_shows_progress(alice: APIClient, file: Path) -> None:
    output = Terminal()
    call_command("import_expenses", "alice", str(file), "--spending=negative", stdout=output)

    bar = "#" * 40
    assert f"\rRead [{bar}] 2 of 2\n" in output.getvalue()
    assert f"\rStored [{bar}] 1 of 1\n" in output.getvalue()


def test_dry_run_writes_nothing(alice: APIClient, file: Path) -> None:
    output = StringIO()
    call_command("import_expenses", "alice", str(file), "--spending=negative", "--dry-run", stdout=output)

    assert output.getvalue().splitlines()[-1].startswith("Would be: 1 created")
    assert not Expense.objects.exists()


@pytest.mark.parametrize(
    ("arguments", "content", "message"),
    [
        (["nobody"], CONTENT, "There is no user nobody."),
        (["alice"], CONTENT, "spending: There are amounts below and above 0"),
        (["alice", "--decimal", "x"], CONTENT, r"decimal: Choose one of: \., ,\."),
        (["alice"], "date,amount\nx,1.00\n", "Some rows are not valid, and nothing was imported"),
        (["alice"], "x" * (10 * 1024 * 1024 + 1), "The file is larger than 10485760 bytes."),
    ],
)
def test_invalid_import_is_an_error(
    alice: APIClient, file: Path, arguments: list[str], content: str, message: str
) -> None:
    file.write_text(content)

    with pytest.raises(CommandError, match=message):
        call_command("import_expenses", arguments[0], str(file), *arguments[1:], stdout=StringIO(), stderr=StringIO())
    assert not Expense.objects.exists()


def test_missing_file_is_an_error(alice: APIClient, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_expenses", "alice", str(tmp_path / "none.csv"))
