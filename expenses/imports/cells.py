"""The cells below a header, by column."""

from decimal import Decimal

from expenses.imports import kinds
from expenses.imports.columns import Header, normalise
from expenses.imports.numbers import parse_written
from expenses.imports.reading import Cell, Line, Table

TOTALS = frozenset(map(normalise, kinds.TOTALS))
OPENINGS = ("beginning balance ", "ending balance ", "opening balance ", "closing balance ", "starting balance ")
# As many cells of a column tell whether it holds numbers.
LOOKED_AT = 200


def as_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def is_total(text: str) -> bool:
    """Return whether the text is what a row of totals or balances says."""
    plain = normalise(text)
    return plain in TOTALS or plain.startswith(OPENINGS)


class Cells:
    """A table by its columns, without the lines that are wider than its header: `texts` has each column's cells."""

    def __init__(self, table: Table) -> None:
        self.header: Header = table.header
        self.lines: list[Line] = [line for line in table.lines if not line.is_wider]
        self.texts = {
            place: [as_text(line.cells[place]) for line in self.lines] for place in range(len(self.header.names))
        }

    def places(self, role: str) -> tuple[int, ...]:
        """Return the columns that may have the role, the best first."""
        return self.header.roles.get(role, ())

    def named(self, place: int) -> str:
        return self.header.named(place)

    def is_empty(self, place: int) -> bool:
        return not any(text.strip() for text in self.texts[place])

    def is_money(self, place: int) -> bool:
        """Return whether the column has numbers and nothing else."""
        texts = [text for text in self.texts[place] if text.strip()][:LOOKED_AT]
        return bool(texts) and all(parse_written(text) for text in texts)
