"""A device that applies changes has what the list has, whatever is written meanwhile."""

from random import Random
from threading import Semaphore
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from rest_framework.test import APIClient

from accounts.models import User
from expense_tracker.tests.concurrency import DEVICES, run_concurrently
from expenses.models import Budget, Expense
from expenses.tests.api import EXPENSES

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("unlimited")]
CATEGORIES = ["Food", "Fun", "Rent"]
KINDS = ["create", "put", "patch", "delete", "restore", "bulk", "rename", "budget", "remove budget", "prune"]
# Which kind of write, and a number that the rest of it follows from.
WRITES = st.lists(st.tuples(st.sampled_from([*KINDS, "create", "create", "delete"]), st.integers(0, 999)), max_size=16)


@pytest.fixture(autouse=True)
def nothing_stays_in_the_bin(settings: Any) -> None:
    """`manage.py prune` forgets what was deleted a moment ago."""
    settings.BIN_DAYS = 0


@pytest.fixture(autouse=True)
def nobody_polls_too_often(settings: Any) -> None:
    """How often a device can poll in a minute depends on the machine."""
    settings.USER_REQUESTS_PER_MINUTE = 1_000_000


def request_for(kind: str, number: int) -> tuple[str, str, Any]:
    """Method, path and body of a write to some expense; what it finds depends on what was written before."""
    ids = list(Expense.objects.order_by("id").values_list("id", flat=True)) or [1]
    chosen, other = ids[number % len(ids)], ids[number // 7 % len(ids)]
    budget = Budget.objects.order_by("id").values_list("id", flat=True).first() or 1
    path, amount, category = f"{EXPENSES}/{chosen}", {"amount": number + 1}, CATEGORIES[number % 3]
    expense = amount | {"category": category}
    bulk = {
        "create": [expense],
        "update": [{"id": chosen} | amount],
        "delete": [other] if other != chosen else [],
    }
    renaming = {"from": category, "to": CATEGORIES[(number + 1) % 3], "merge": number % 2 == 0}
    requests: dict[str, tuple[str, str, Any]] = {
        "create": ("post", EXPENSES, expense),
        "put": ("put", path, expense),
        "patch": ("patch", path, amount),
        "delete": ("delete", path, None),
        "restore": ("post", f"{path}/restore", None),
        "bulk": ("post", f"{EXPENSES}/bulk", bulk),
        "rename": ("post", "/api/categories/rename", renaming),
        "budget": ("put", "/api/budgets", expense),
        "remove budget": ("delete", f"/api/budgets/{budget}", None),
    }
    return requests[kind]


def write(client: APIClient, kind: str, number: int) -> None:
    if kind == "prune":
        call_command("prune")
        return
    method, path, body = request_for(kind, number)
    response = getattr(client, method)(path, body)
    assert response.status_code in {200, 201, 404, 409}, response.content


class Device:
    """Keeps a copy of the expenses."""

    def __init__(self, client: APIClient, *, copy: list[dict[str, Any]], cursor: int) -> None:
        self.client = client
        self.copy = {expense["id"]: expense for expense in copy}
        self.cursor = cursor
        self.seen: list[int] = []

    def fetch(self, limit: int) -> bool:
        """Applies a page of changes, and says whether there are more."""
        response = self.client.get(f"{EXPENSES}/changes", {"since": self.cursor, "limit": limit})
        assert response.status_code == 200
        body = response.json()
        for expense in body["changed"]:
            self.copy[expense["id"]] = expense
        for expense in body["deleted"]:
            self.copy.pop(expense["id"], None)
        for rows in (body["changed"], body["deleted"]):
            revisions = [expense["revision"] for expense in rows]
            assert revisions == sorted(revisions)
            self.seen += revisions
            assert all(self.cursor < revision <= body["revision"] for revision in revisions)
        self.cursor = body["revision"]
        has_more: bool = body["has_more"]
        return has_more

    def catch_up(self, limit: int) -> None:
        while self.fetch(limit):
            pass

    def assert_has_what_the_list_has(self) -> None:
        assert self.copy == {expense["id"]: expense for expense in self.client.get(EXPENSES).json()}


@hypothesis(max_examples=30, deadline=None, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=WRITES, meanwhile=WRITES, limit=st.integers(1, 4), from_nothing=st.booleans())
def test_applying_changes_from_any_cursor_yields_the_list(
    alice: APIClient,
    before: list[tuple[str, int]],
    meanwhile: list[tuple[str, int]],
    limit: int,
    *,
    from_nothing: bool,
) -> None:
    # The test's transaction is around all examples.
    Expense.objects.all().delete()
    Budget.objects.all().delete()
    for each in before:
        write(alice, *each)
    if from_nothing:
        device = Device(alice, copy=[], cursor=0)
    else:
        device = Device(alice, copy=alice.get(EXPENSES).json(), cursor=User.objects.get().revision)

    for each in meanwhile:
        write(alice, *each)
        device.fetch(limit)
    device.catch_up(limit)

    device.assert_has_what_the_list_has()
    assert device.cursor == User.objects.get().revision
    assert len(device.seen) == len(set(device.seen))


def follow_writers(alice: APIClient, writes: list[list[tuple[str, int]]]) -> Device:
    """What a device has that polls while all others write, and once more when they have written."""
    writing = Semaphore(0)
    device = Device(alice, copy=alice.get(EXPENSES).json(), cursor=User.objects.get().revision)

    def work(number: int) -> None:
        if number:
            try:
                for each in writes[number - 1]:
                    write(alice, *each)
            finally:
                writing.release()
            return
        running = DEVICES - 1
        while running:
            device.fetch(limit=3)
            running -= writing.acquire(blocking=False)
        device.catch_up(limit=3)

    run_concurrently(work)
    device.assert_has_what_the_list_has()
    assert len(device.seen) == len(set(device.seen))
    return device


@pytest.mark.django_db(transaction=True)
def test_polling_during_creations_sees_every_revision_once(alice: APIClient) -> None:
    device = follow_writers(alice, [[("create", number) for number in range(15)]] * (DEVICES - 1))

    assert sorted(device.seen) == list(range(1, 15 * (DEVICES - 1) + 1))
    assert device.cursor == 15 * (DEVICES - 1)


@pytest.mark.django_db(transaction=True)
def test_polling_during_all_kinds_of_writes_yields_the_list(alice: APIClient) -> None:
    random = Random(5)  # noqa: S311
    for number in range(20):
        write(alice, "create", number)

    device = follow_writers(
        alice, [[(random.choice(KINDS), random.randrange(1000)) for _ in range(15)] for _ in range(DEVICES - 1)]
    )

    live = alice.get(EXPENSES).json()
    assert {expense["revision"] for expense in live if expense["revision"] > 20} <= set(device.seen)
    assert device.cursor == User.objects.get().revision
