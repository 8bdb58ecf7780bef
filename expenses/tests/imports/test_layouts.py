"""Layouts of banks and programs: what is spending is read right, or the option that decides is asked for."""

import pytest

from expenses.imports.errors import Undecided
from expenses.imports.files import read_file
from expenses.imports.options import parse_options
from expenses.tests.imports.layouts import BAKERY, CASES, Case


def spending(case: Case) -> list[tuple[str, int | None]]:
    reading = read_file(case.text.encode(case.encoding), parse_options(case.options))
    invalid = [(row.line, row.reason) for row in reading.rows if row.status == "invalid"]
    assert invalid == []
    return [(str(row.date), row.amount) for row in reading.rows if row.status == "created"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_spending_is_read_or_an_option_is_asked_for(case: Case) -> None:
    if case.asks:
        with pytest.raises(Undecided) as caught:
            spending(case)
        assert tuple(question.option for question in caught.value.questions) == case.asks
    else:
        expected = list(case.also) if case.also and case.also[0][1] == 100 * BAKERY[1] else [BAKERY, *case.also]
        assert sorted(spending(case)) == sorted(expected)
