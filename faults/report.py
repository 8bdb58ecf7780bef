"""What a fault is, and the table of how the service has borne each."""

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from faults.stage import Stage

WIDTHS = (30, 44, 54, 7)
HEADINGS = ("Fault", "Expected", "Measured", "Result")


@dataclass(frozen=True)
class Outcome:
    measured: str
    passed: bool | None  # None: it could not be tried here

    @property
    def word(self) -> str:
        return "SKIPPED" if self.passed is None else "pass" if self.passed else "FAIL"


@dataclass(frozen=True)
class Fault:
    """`inject` does the damage, and says what came of it."""

    title: str
    expected: str
    inject: Callable[[Stage], Outcome]


def row(cells: Iterable[str]) -> str:
    columns = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, WIDTHS, strict=True)]
    height = max(map(len, columns))
    padded = [column + [""] * (height - len(column)) for column in columns]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(texts, WIDTHS, strict=True)).rstrip()
        for texts in zip(*padded, strict=True)
    )


def rule() -> str:
    return "  ".join("-" * width for width in WIDTHS)
