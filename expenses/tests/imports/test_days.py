"""POST /api/expenses/import: dates"""

import pytest
from rest_framework.test import APIClient

from expenses.tests.imports.uploads import assert_asked, assert_imported, send, stored


@pytest.mark.parametrize(
    ("date_format", "day"),
    [
        ("YYYY-MM-DD", "2026-03-09"),
        ("YYYY-MM-DD", "2026-3-9"),
        ("DD.MM.YYYY", "09.03.2026"),
        ("DD.MM.YYYY", " 9.3.2026 "),
        ("MM/DD/YYYY", "3/09/2026"),
        ("DD MM YYYY", "09 03 2026"),
        ("YYYY/DD.MM", "2026/09.03"),
        ("%d.%m.%Y", "09.03.2026"),
        ("%m/%d/%Y", "3/9/2026"),
        ("dd.mm.yyyy", "09.03.2026"),
        ("DD.MM.YY", "09.03.26"),
        ("M/D/YY", "3/9/26"),
        ("MM/DD/YYYY hh:mm", "03/09/2026 08:12"),
        ("MM/DD/YYYY", "03/09/2026 08:12 AM"),
        ("YYYYMMDD", "20260309"),
        ("DDMMYYYY", "09032026"),
        ("D MMM YYYY", "9 März 2026"),
        ("D-MMM-YY", "9-mar-26"),
        ("MMM D, YYYY", "March 9, 2026"),
        ("%d %b %Y", "9 Mar 2026"),
    ],
)
def test_date_format_parameter_names_the_format(alice: APIClient, date_format: str, day: str) -> None:
    assert_imported(send(alice, f"date;amount;category\n{day};1;Food\n", date_format=date_format), (2, "created"))
    assert stored(alice) == [("2026-03-09", 100, "Food", None)]


@pytest.mark.parametrize(
    "cells",
    [
        [
            "2026-03-09",
            "2026-03-09 00:00:00",
            "2026-03-09T23:59:59Z",
            "2026-03-09T08:12:36.446+01:00",
            "20260309",
            "2026/3/9",
        ],
        ["09/03/2026", "9/3/2026", "09/03/2026 08:12", "21/03/2026"],
        ["3/9/2026", "03/21/2026"],
        ["3/9/26", "03/21/26"],
        [
            "9 Mar 2026",
            "9-Mar-26",
            "Mar 9, 2026",
            "Monday, March 9, 2026",
            "9. März 2026",
            "9 mars 2026",
            "9 de marzo de 2026",
        ],
    ],
)
def test_days_are_read_in_the_one_order_that_fits_all(alice: APIClient, cells: list[str]) -> None:
    content = "date;amount;category\n" + "".join(f"{cell};1;Food\n" for cell in cells)

    assert send(alice, content).status_code == 200
    assert {day for day, *_ in stored(alice)} <= {"2026-03-09", "2026-03-21"}


TELL = "cannot be told: send date_format="
OTHER_WAY = "day and month stand the other way round."


@pytest.mark.parametrize(
    ("cells", "options", "message"),
    [
        (
            ["03/04/2026", "05/06/2026"],
            {},
            f'The order of day and month in "03/04/2026" {TELL}DD/MM/YYYY or MM/DD/YYYY.',
        ),
        (["25/12/26"], {}, f'The order of day and month in "25/12/26" {TELL}DD/MM/YY or YY/MM/DD.'),
        (["21/03/2026", "03/21/2026"], {}, 'No one order of day and month fits all days: "21/03/2026", "03/21/2026".'),
        (["2026-03-09", "21/03/2026"], {}, 'Days are written in two ways: "21/03/2026" beside "2026-03-09".'),
        (["21/03/2026", "21/03/26"], {}, 'Years are written in two ways: "21/03/2026" and "21/03/26".'),
        (["2026-09-03", "2026-21-03"], {}, '"2026-21-03" is no day with the month in the middle. Send date_format.'),
        (
            ["03/09/2026", "21/03/2026"],
            {"date_format": "MM/DD/YYYY"},
            f'"21/03/2026" is no day in the format MM/DD/YYYY: {OTHER_WAY}',
        ),
    ],
)
def test_ambiguous_days_need_the_date_format_parameter(
    alice: APIClient, cells: list[str], options: dict[str, str], message: str
) -> None:
    content = "date;amount;category\n" + "".join(f"{cell};1;Food\n" for cell in cells)

    assert_asked(send(alice, content, partial="true", **options), "date_format", message)
    assert stored(alice) == []
