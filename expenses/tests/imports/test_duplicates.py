"""POST /api/expenses/import: expenses that are there already or were deleted"""

import pytest
from rest_framework.test import APIClient

from expenses.imports import storing
from expenses.tests.imports.uploads import (
    COFFEE,
    COFFEE_STORED,
    HEADER,
    LUNCH,
    LUNCH_STORED,
    assert_imported,
    send,
    stored,
)


def test_equal_rows_are_stored_as_often_as_the_file_has_them(alice: APIClient) -> None:
    content = HEADER + COFFEE + LUNCH + COFFEE

    assert_imported(send(alice, content), (2, "created"), (3, "created"), (4, "created"))
    assert_imported(send(alice, content), (2, "duplicate"), (3, "duplicate"), (4, "duplicate"))
    assert_imported(send(alice, content + COFFEE), (2, "duplicate"), (3, "duplicate"), (4, "duplicate"), (5, "created"))

    assert stored(alice) == [COFFEE_STORED, LUNCH_STORED, COFFEE_STORED, COFFEE_STORED]


@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("2026-01-21,25,  Cafe\u0301 ,Lunch", "duplicate"),
        ("2026-01-22,25.00,Café,Lunch", "created"),
        ("2026-01-21,25.01,Café,Lunch", "created"),
        ("2026-01-21,25.00,café,Lunch", "created"),
        ("2026-01-21,25.00,Café,", "created"),
    ],
)
def test_duplicate_equals_every_column_as_stored(alice: APIClient, line: str, status: str) -> None:
    alice.post("/api/expenses", {"amount": 2500, "category": "Café", "description": "Lunch", "date": "2026-01-21"})

    assert_imported(send(alice, f"{HEADER}{line}\n"), (2, status))


DELETED = "It was imported before and deleted: restore it from the trash if you want it back."


def test_deleted_import_is_not_imported_again(alice: APIClient, bob: APIClient) -> None:
    send(bob, HEADER + LUNCH)
    assert_imported(send(alice, HEADER + LUNCH), (2, "created"))
    [expense] = alice.get("/api/expenses").json()
    alice.delete(f"/api/expenses/{expense['id']}")

    assert_imported(send(alice, HEADER + LUNCH), (2, "duplicate", DELETED, None))
    assert stored(alice) == []

    alice.post(f"/api/expenses/{expense['id']}/restore")
    assert_imported(send(alice, HEADER + LUNCH), (2, "duplicate"))
    assert stored(alice) == [LUNCH_STORED]


def test_expense_created_by_hand_and_deleted_is_imported(alice: APIClient) -> None:
    lunch = {"amount": 2500, "category": "Food", "description": "Lunch", "date": "2026-01-21"}
    expense = alice.post("/api/expenses", lunch).json()
    assert_imported(send(alice, HEADER + LUNCH), (2, "duplicate"))
    alice.delete(f"/api/expenses/{expense['id']}")

    assert_imported(send(alice, HEADER + LUNCH), (2, "created"))


def test_same_file_adds_nothing_after_changes_and_renames(alice: APIClient) -> None:
    content = HEADER + LUNCH + COFFEE + COFFEE
    send(alice, content)
    for expense in alice.get("/api/expenses", {"category": "Coffee"}).json():
        alice.patch(f"/api/expenses/{expense['id']}", {"category": "Drinks", "date": "2026-01-20", "amount": 351})
    alice.post("/api/categories/rename", {"from": "Food", "to": "Meals"})

    assert_imported(send(alice, content), (2, "duplicate"), (3, "duplicate"), (4, "duplicate"))
    assert len(stored(alice)) == 3


def test_longer_file_adds_only_its_new_rows(alice: APIClient) -> None:
    send(alice, HEADER + COFFEE)

    assert_imported(send(alice, HEADER + LUNCH + COFFEE + COFFEE), (2, "created"), (3, "duplicate"), (4, "created"))


def test_file_read_with_other_options_is_imported_again(alice: APIClient) -> None:
    content = "date;amount;category\n2026-01-21;1.250;Rent\n"
    send(alice, content, decimal=".")
    [expense] = alice.get("/api/expenses").json()
    alice.delete(f"/api/expenses/{expense['id']}")

    assert_imported(send(alice, content, decimal=","), (2, "created"))
    assert stored(alice) == [("2026-01-21", 125_000, "Rent", None)]


def test_duplicates_are_found_across_chunks_of_a_large_file(alice: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "AT_ONCE", 2)
    alice.post("/api/expenses", {"amount": 350, "category": "Coffee", "date": "2026-01-21"})
    content = HEADER + COFFEE * 3 + LUNCH + COFFEE

    rows = (2, "duplicate"), (3, "created"), (4, "created"), (5, "created"), (6, "created")
    assert_imported(send(alice, content), *rows)
    assert_imported(send(alice, content), (2, "duplicate"), *((line, "duplicate") for line in range(3, 7)))
    assert stored(alice).count(COFFEE_STORED) == 4
