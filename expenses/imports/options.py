"""Options of an import: what the file itself does not tell."""

import codecs
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from expense_tracker.text import clean_text
from expenses.imports.date_formats import DateFormat, parse_format
from expenses.imports.errors import Question, Undecided
from expenses.imports.names import ROLES
from expenses.models.expense import MAX_CATEGORY_LENGTH

Spending = Literal["negative", "positive"]
Decimal = Literal[".", ","]
DELIMITERS = {",": ",", ";": ";", "|": "|", "tab": "\t", "\t": "\t"}
DEFAULT_CATEGORY = "Uncategorised"
# Python has codecs that are no encodings of text, and some that take very long.
ENCODINGS = frozenset(
    (
        "utf-8 utf-16 utf-16-le utf-16-be ascii cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258"
        " cp437 cp850 cp852 cp866 cp874 iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7"
        " iso8859-8 iso8859-9 iso8859-10 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u mac-roman mac-"
        " latin2 mac-cyrillic gb2312 gbk gb18030 big5 big5hkscs cp932 shift_jis euc_jp cp949 euc_kr"
    ).split()
)
# A column, or for the description several; None for none, whatever names the file has.
Columns = dict[str, tuple[str, ...] | None]
NAMED = ("date", "amount", "outflow", "inflow", "type", "category", "description", "currency")
COLUMNS_FORM = (
    'Send a JSON object of columns by their names in the file, such as {"date": "Datum", "amount": "Betrag", '
    f'"description": ["Payee", "Memo"]}}. It may name {", ".join(NAMED)}.'
)


@dataclass(frozen=True)
class Options:
    """The options of one import. None: decided from the file, or asked for."""

    date_format: DateFormat | None = None
    decimal: Decimal | None = None
    spending: Spending | None = None
    encoding: str | None = None
    delimiter: str | None = None
    columns: Columns = field(default_factory=dict)
    default_category: str = DEFAULT_CATEGORY


def parse_encoding(text: str) -> str:
    """Return Python's name of an encoding. Raise Undecided where it is none that a file may have."""
    try:
        name = codecs.lookup(text).name if text.isascii() and len(text) <= 40 else ""  # noqa: PLR2004
    except (LookupError, ValueError):
        name = ""
    if name not in ENCODINGS:
        raise Undecided(
            Question("encoding", "Name an encoding of text, such as utf-8, windows-1252, or gb18030.", "invalid")
        )
    return name


def parse_columns(text: str) -> Columns:
    """Return the columns that a JSON object names, by role. Raise Undecided where it is no such object."""
    wrong = Undecided(Question("columns", COLUMNS_FORM, "invalid"))
    try:
        named = json.loads(text)
    except (ValueError, RecursionError):
        raise wrong from None
    if not isinstance(named, dict) or not named or not named.keys() <= set(NAMED) & ROLES.keys():
        raise wrong
    columns: Columns = {}
    for role, value in named.items():
        names = value if isinstance(value, list) and role == "description" else [value]
        if value is not None and not (names and all(isinstance(name, str) and name.strip() for name in names)):
            raise wrong
        columns[role] = None if value is None else tuple(names)
    return columns


def parse_default_category(text: str) -> str:
    """Return the category as it is stored. Raise Undecided where it cannot be one."""
    try:
        category = clean_text(text)
    except ValueError as error:
        raise Undecided(Question("default_category", str(error), "invalid")) from None
    if not 1 <= len(category) <= MAX_CATEGORY_LENGTH:
        raise Undecided(Question("default_category", f"Enter 1 to {MAX_CATEGORY_LENGTH} characters.", "invalid"))
    return category


def parse_choice(name: str, choices: Mapping[str, str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in choices:
            raise Undecided(
                Question(name, f"Choose one of: {', '.join(filter(str.strip, choices))}.", "invalid_choice")
            )
        return choices[text]

    return parse


PARSERS: dict[str, Callable[[str], Any]] = {
    "date_format": parse_format,
    "decimal": parse_choice("decimal", {".": ".", ",": ","}),
    "spending": parse_choice("spending", {"negative": "negative", "positive": "positive"}),
    "encoding": parse_encoding,
    "delimiter": parse_choice("delimiter", DELIMITERS),
    "columns": parse_columns,
    "default_category": parse_default_category,
}


def parse_options(texts: Mapping[str, str]) -> Options:
    """Return the options that texts give by their names; what is none of them is left alone. Raise Undecided."""
    return Options(**{name: parse(texts[name]) for name, parse in PARSERS.items() if name in texts})
