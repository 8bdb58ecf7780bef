"""Why a file cannot be imported. Every message is a sentence for the person who sent the file."""

from typing import NamedTuple

from expense_tracker.exceptions import Busy, InvalidInput


class ImportRefused(InvalidInput):
    """Nothing of the file is imported."""


class UnreadableFile(ImportRefused):
    """The file as a whole cannot be read."""

    code = "unreadable_file"


class TooManyRows(ImportRefused):
    """The file holds more than an import takes."""

    code = "content_too_large"


class InvalidRows(ImportRefused):
    """Some rows are not valid, and nothing was written. `extensions` is the report."""

    detail = "Some rows are not valid, and nothing was imported. Send partial=true to import the others."
    code = "invalid_rows"


class TooManyImports(Busy):
    """In one process."""

    detail = "Other files are being imported. Try again in a moment."
    code = "too_many_imports"
    limit = "imports"
    retry_after = 5


class Question(NamedTuple):
    """An ambiguity of the file: the option that resolves it, and a sentence that asks for it."""

    option: str
    text: str
    code: str = "undecided"


class Undecided(ImportRefused):
    """The file can be read in several ways, or an option does not fit it. `extensions` names the options."""

    code = "undecided"

    def __init__(self, *questions: Question) -> None:
        self.questions = questions
        errors = [
            {"detail": question.text, "code": question.code, "parameter": question.option} for question in questions
        ]
        sentences = [f"{question.option}: {question.text}" for question in questions]
        super().__init__(" ".join(sentences), extensions={"errors": errors})


QUOTED = 60
LISTED = 20


def quote(text: object) -> str:
    """Return what a cell holds in quotes, shortened, for a sentence."""
    shown = " ".join(str(text).split())
    return f'"{shown[:QUOTED]}…"' if len(shown) > QUOTED else f'"{shown}"'


def listed(names: list[str]) -> str:
    """Return the first names for a sentence: `"Datum", "Betrag"`."""
    more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
    return ", ".join(quote(name) for name in names[:LISTED]) + more
