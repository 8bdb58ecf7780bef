"""Any table of expenses, written in any dialect, is read back equal, or it is refused."""

import csv
import io
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from expenses.imports.errors import ImportRefused
from expenses.imports.files import read_file
from expenses.imports.options import Options, parse_options
from expenses.imports.rows import Reading
from expenses.tests.imports.workbook import Value, workbook

Expense = tuple[date, int, str, str | None]
TEXT = st.text(st.sampled_from("abcäß ,;|'\"\t5.€-"), min_size=1, max_size=12).map(lambda text: f"x{text}".strip())
EXPENSES = st.lists(
    st.tuples(
        st.dates(date(1999, 1, 1), date(2031, 12, 31)),
        st.one_of(
            st.integers(1, 500), st.integers(1, 300_000_00), st.integers(1, 300_000).map(lambda number: number * 100)
        ),
        st.one_of(st.sampled_from(["Food", "50", "Rent"]), TEXT),
        st.one_of(st.none(), TEXT),
    ),
    min_size=1,
    max_size=6,
)
NAMES = [
    ("date", "amount", "category", "description"),
    ("Buchungstag", "Betrag (EUR)", "Kategorie", "Verwendungszweck"),
    ("Fecha", "Importe", "Categoría", "Concepto"),
    ("Transaction Date", "Amount", "Category", "Payee"),
]
DATE_FORMATS = {
    "YYYY-MM-DD": "%Y-%m-%d",
    "DD.MM.YYYY": "%d.%m.%Y",
    "MM/DD/YYYY": "%m/%d/%Y",
    "DD/MM/YY": "%d/%m/%y",
    "YYYYMMDD": "%Y%m%d",
    "D MMM YYYY": "%d %b %Y",
    "YYYY-MM-DD hh:mm:ss": "%Y-%m-%d 08:12:00",
}
PROPERTY = settings(max_examples=400, deadline=None, database=None)


def money(cents: int, *, decimal: str, thousands: str, whole: str) -> str:
    """The amount as people write it; `whole` says how where there are no cents: with zeros, without, or with three."""
    units, rest = divmod(cents, 100)
    text = f"{units:,}".replace(",", thousands)
    if whole == "000":
        return f"{text}{decimal}{rest:02}0"
    return text if whole == "" and rest == 0 else f"{text}{decimal}{rest:02}"


@st.composite
def dialects(draw: st.DrawFn) -> dict[str, Any]:
    decimal = draw(st.sampled_from(".,"))
    return {
        "delimiter": draw(st.sampled_from(",;\t|")),
        "encoding": draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])),
        "decimal": decimal,
        "thousands": draw(
            st.sampled_from(["", "'", " ", "\u202f" if decimal == "," else ",", {".": ",", ",": "."}[decimal]])
        ),
        "whole": draw(st.sampled_from(["00", "", "000"])),
        "date_format": draw(st.sampled_from(list(DATE_FORMATS))),
        "sign": draw(st.sampled_from(["", "-", "\u2212"])),
        "unit": draw(st.sampled_from(["", " €", " EUR"])),
        "names": draw(st.sampled_from(NAMES)),
        "title": draw(st.sampled_from(["", "My book\n\n", "sep="])),
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONE])),
        "told": draw(st.sets(st.sampled_from(["date_format", "decimal", "spending"]))),
    }


def write(expenses: list[Expense], dialect: dict[str, Any]) -> bytes:
    """The table as a program writes it. With QUOTE_NONE it is one that knows no quotes, and writes what is wrong."""
    buffer = io.StringIO()
    title = dialect["title"]
    buffer.write(f"sep={dialect['delimiter']}\n" if title == "sep=" else title)
    rows = [list(dialect["names"])]
    for day, cents, category, description in expenses:
        how = {name: dialect[name] for name in ("decimal", "thousands", "whole")}
        amount = f"{dialect['sign']}{money(cents, **how)}{dialect['unit']}"
        rows.append([day.strftime(DATE_FORMATS[dialect["date_format"]]), amount, category, description or ""])
    if dialect["quoting"] == csv.QUOTE_NONE:
        buffer.write("".join(dialect["delimiter"].join(row).removesuffix(dialect["delimiter"]) + "\n" for row in rows))
    else:
        csv.writer(buffer, delimiter=dialect["delimiter"], quoting=dialect["quoting"]).writerows(rows)
    return buffer.getvalue().encode(dialect["encoding"], "replace")


def read(content: bytes, dialect: dict[str, Any]) -> Reading | None:
    told = {name: dialect[name] for name in dialect["told"] if name in dialect}
    if "spending" in dialect["told"]:
        told["spending"] = "negative" if dialect["sign"] else "positive"
    try:
        return read_file(content, parse_options(told))
    except ImportRefused:
        return None


@PROPERTY
@given(expenses=EXPENSES, dialect=dialects())
def test_amounts_and_days_of_a_table_are_read_back_equal_or_refused(
    expenses: list[Expense], dialect: dict[str, Any]
) -> None:
    reading = read(write(expenses, dialect), dialect)

    if reading is None or any(row.status == "invalid" for row in reading.rows):
        return
    assert [(row.date, row.amount) for row in reading.rows] == [(day, cents) for day, cents, *_ in expenses]
    assert {row.status for row in reading.rows} == {"created"}


@PROPERTY
@given(expenses=EXPENSES, dialect=dialects())
def test_unambiguous_table_is_read(expenses: list[Expense], dialect: dict[str, Any]) -> None:
    certain = {
        "quoting": csv.QUOTE_ALL,
        "whole": "00",
        "told": {"date_format", "decimal", "spending"},
        "encoding": "utf-8",
    }

    reading = read(write(expenses, dialect | certain), dialect | certain)

    assert reading is not None
    assert [row.reason for row in reading.rows if row.status == "invalid"] == []
    assert [(row.date, row.amount) for row in reading.rows] == [(day, cents) for day, cents, *_ in expenses]
    wanted = [(category, description) for _, _, category, description in expenses]
    plain = [(" ".join(c.split()), " ".join((d or "").split()) or None) for c, d in wanted]
    found = [
        (" ".join((row.category or "").split()), " ".join((row.description or "").split()) or None)
        for row in reading.rows
    ]
    assert found == plain


@settings(PROPERTY, max_examples=50)
@given(expenses=EXPENSES)
def test_workbook_is_read_back_equal(expenses: list[Expense]) -> None:
    rows: list[list[Value]] = [["date", "amount", "category", "description"]]
    rows += [[day, cents / 100, category, description] for day, cents, category, description in expenses]

    reading = read_file(workbook({"A": rows}), Options())

    assert [(row.date, row.amount) for row in reading.rows] == [(day, cents) for day, cents, *_ in expenses]
