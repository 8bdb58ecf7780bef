"""Many devices of one person write at once, on the real database."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from expense_tracker.tests.parallel import DEVICES, at_once

WRITES = 5


@pytest.mark.django_db(transaction=True)
def test_every_answered_creation_is_there_with_a_revision_of_its_own(alice: APIClient) -> None:
    def create(device: int) -> list[Any]:
        return [
            alice.post("/api/expenses", {"amount": device * WRITES + write + 1, "category": "Food"})
            for write in range(WRITES)
        ]

    answers = [answer for device in at_once(create) for answer in device]

    assert {answer.status_code for answer in answers} == {201}
    written = sorted((answer.json() for answer in answers), key=lambda expense: expense["revision"])
    assert [expense["revision"] for expense in written] == list(range(1, DEVICES * WRITES + 1))
    stored = alice.get("/api/expenses").json()
    assert sorted(stored, key=lambda expense: expense["revision"]) == written


@pytest.mark.django_db(transaction=True)
def test_updates_of_one_expense_come_one_after_the_other(alice: APIClient) -> None:
    path = alice.post("/api/expenses", {"amount": 1, "category": "Food"})["Location"]

    def update(device: int) -> list[Any]:
        return [alice.patch(path, {"amount": device * WRITES + write + 1}) for write in range(WRITES)]

    answers = [answer for device in at_once(update) for answer in device]

    assert {answer.status_code for answer in answers} == {200}
    written = sorted((answer.json() for answer in answers), key=lambda expense: expense["revision"])
    assert [expense["revision"] for expense in written] == list(range(2, DEVICES * WRITES + 2))
    assert alice.get(path).json() == written[-1]


@pytest.mark.django_db(transaction=True)
def test_only_one_of_many_deletions_of_one_expense_succeeds(alice: APIClient) -> None:
    path = alice.post("/api/expenses", {"amount": 1, "category": "Food"})["Location"]

    answers = at_once(lambda _device: alice.delete(path).status_code)

    assert sorted(answers) == [200] + [404] * (DEVICES - 1)
    assert alice.post("/api/expenses", {"amount": 1, "category": "Food"}).json()["revision"] == 3
