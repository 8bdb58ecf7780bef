"""Which line of a table is the header, and what its columns are."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from expenses.imports import currencies, names
from expenses.imports.errors import Question, Undecided, listed, quote

HEADER_LINES = 30
UNITS = "|".join(re.escape(name) for name in sorted(currencies.NAMES, key=len, reverse=True))
UNIT = re.compile(rf"\s*[(\[（]\s*(?:{UNITS})\s*[)\]）]$|\s+(?:in\s+)?(?:{UNITS})$")
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
AROUND = " *#:.'\"\ufeff"
# Letters that have no accent to take off.
PLAIN_LETTERS = str.maketrans({"ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th"})
# Whatever decides where the money is.
MONEY = ("amount", "outflow", "inflow")


def fold(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    text = " ".join(plain.casefold().translate(PLAIN_LETTERS).replace("_", " ").split()).strip(AROUND)
    return UNIT.sub("", text).strip(AROUND) or text


PLACES = {
    role: {fold(name): place for place, name in reversed(list(enumerate(known)))} for role, known in names.ROLES.items()
}
KNOWN = frozenset().union(*PLACES.values())


@lru_cache(maxsize=4096)
def normalise(name: str) -> str:
    """Return the name of a column for comparisons: no case, accents, underscores, unit, or signs around it."""
    text = fold(name[:200])
    if text not in KNOWN and (parted := fold(CAMEL.sub(" ", name[:200]))) in KNOWN:
        return parted
    return text


@dataclass(frozen=True)
class Header:
    """A header: its line, the names in it, and for each role the places of the columns that may have it, best first.

    `width` counts the cells of the line, those at its end that name nothing, too."""

    line: int
    names: list[str]
    width: int
    roles: dict[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def known(self) -> int:
        """Return the number of names that are known."""
        return sum(normalise(name) in KNOWN for name in self.names)

    def named(self, place: int) -> str:
        return " ".join(self.names[place].split())


def candidates(header: Sequence[str], role: str) -> tuple[int, ...]:
    """Return the places of the columns whose names are of the role, the preferred name first."""
    ranked = [(PLACES[role][name], place) for place, name in enumerate(map(normalise, header)) if name in PLACES[role]]
    return tuple(place for _, place in sorted(ranked))


def strip_header(cells: Sequence[str]) -> list[str]:
    """Return the names without those at the end that are empty: cells below them are beyond the header."""
    found = [str(cell).replace("\ufeff", "").strip() for cell in cells]
    while found and not found[-1]:
        found.pop()
    return found


def as_header(line: int, cells: Sequence[str]) -> Header | None:
    """Return the line as a header where its names are of a day and of money, else None."""
    found = strip_header(cells)
    if len(found) < 2:  # noqa: PLR2004
        return None
    roles = {role: places for role in names.ROLES if (places := candidates(found, role))}
    if "date" not in roles or not any(role in roles for role in MONEY):
        return None
    # One column, such as `valuta`, cannot be both.
    if len({place for role in ("date", *MONEY) for place in roles.get(role, ())}) < 2:  # noqa: PLR2004
        return None
    return Header(line, found, len(cells), roles)


def place_of(header: Sequence[str], name: str) -> int | None:
    """Return the place of the column that a person names, or None. Raise Undecided where two have the name."""
    for same in (str.strip, lambda text: " ".join(text.split()).casefold(), normalise):
        places = [place for place, other in enumerate(header) if same(other) == same(name)]
        if len(places) > 1:
            raise Undecided(Question("columns", f"There are {len(places)} columns of the name {quote(name)}."))
        if places:
            return places[0]
    return None


def wanted_names(columns: dict[str, tuple[str, ...] | None]) -> list[str]:
    return [name for chosen in columns.values() for name in chosen or ()]


def as_wanted_header(line: int, cells: Sequence[str], columns: dict[str, tuple[str, ...] | None]) -> Header | None:
    """Return the line as a header where all columns that the person names are in it, else None."""
    found = strip_header(cells)
    if not all(place_of(found, name) is not None for name in wanted_names(columns)):
        return None
    roles = {role: places for role in names.ROLES if (places := candidates(found, role))}
    chosen = {role: tuple(place_of(found, name) or 0 for name in given or ()) for role, given in columns.items()}
    if any(columns.get(role) for role in MONEY):
        for role in MONEY:
            roles.pop(role, None)
    if chosen.get("description"):
        roles.pop("payee", None)
        roles.pop("notes", None)
    taken = {place for places in chosen.values() for place in places}
    roles = {role: tuple(place for place in places if place not in taken) for role, places in roles.items()}
    merged = {role: places for role, places in {**roles, **chosen}.items() if places}
    if "date" not in merged or not any(role in merged for role in MONEY):
        return None
    return Header(line, found, len(cells), merged)


def find_header(rows: Iterable[tuple[int, Sequence[str]]], columns: dict[str, tuple[str, ...] | None]) -> Header | None:
    """Return the first line that is a header, with the columns that the person names, or None where none is."""
    for line, cells in rows:
        header = as_wanted_header(line, cells, columns) if columns else as_header(line, cells)
        if header is not None:
            return header
    return None


def no_header(rows: Sequence[tuple[int, Sequence[str]]], columns: dict[str, tuple[str, ...] | None]) -> str:
    """Return what to tell where there is no header: what was found, and what is missed."""
    if not rows:
        return "The file is empty."
    best_line, best = max(
        ((line, strip_header(cells)) for line, cells in rows),
        key=lambda row: (sum(normalise(name) in KNOWN for name in row[1]), min(len(row[1]), 3), -row[0]),
    )
    if columns:
        missed = [name for name in wanted_names(columns) if place_of(best, name) is None]
        found = f"Line {best_line} has the columns {listed(best)}"
        return f"{found}; there is no {listed(missed)}." if missed else f"{found}; name one for date and amount."
    roles = [role for role in ("date", "amount") if not candidates(best, role)]
    misses = " and ".join(roles) or "date and amount"
    return (
        f"No line of the first {HEADER_LINES} names a column for the date and one for the amount. "
        f"Line {best_line} has {listed(best)}; it misses {misses}. Say which columns they are with the option columns."
    )
