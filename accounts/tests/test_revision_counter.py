"""The one function that takes numbers."""

import pytest
from django.db import IntegrityError, transaction

from accounts.exceptions import AccountErased
from accounts.models import RevisionCounter, User
from expense_tracker.tests.concurrency import DEVICES, run_concurrently


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("alice")


def take(user: User, count: int) -> list[int]:
    with transaction.atomic():
        return list(RevisionCounter.objects.allocate(user_id=user.pk, count=count))


def test_numbers_begin_with_one_and_leave_no_gap(user: User) -> None:
    assert [take(user, 1), take(user, 3), take(user, 1)] == [[1], [2, 3, 4], [5]]
    assert RevisionCounter.objects.get(user=user).revision == 5


def test_everybody_has_numbers_of_their_own(user: User) -> None:
    bob = User.objects.create_user("bob")

    assert [take(user, 2), take(bob, 1), take(user, 1)] == [[1, 2], [1], [3]]


def test_a_revision_counter_that_was_opened_at_registration_is_used(user: User) -> None:
    RevisionCounter.objects.create(user=user)

    assert take(user, 1) == [1]
    assert RevisionCounter.objects.count() == 1


def test_a_transaction_that_fails_gives_its_numbers_back(user: User) -> None:
    with transaction.atomic():
        RevisionCounter.objects.allocate(user_id=user.pk, count=3)
        transaction.set_rollback(True)

    assert take(user, 1) == [1]


def test_an_account_that_was_erased_takes_no_numbers(user: User) -> None:
    erased, user.pk = user.pk, None
    User.objects.filter(pk=erased).delete()

    with pytest.raises(AccountErased), transaction.atomic():
        RevisionCounter.objects.allocate(user_id=erased, count=1)

    assert not RevisionCounter.objects.exists()


def test_saving_a_user_writes_no_old_number_back(user: User) -> None:
    read_before = User.objects.select_related("revision_counter").get()
    take(user, 2)

    read_before.save()

    assert read_before.revision == 0
    assert User.objects.get().revision == 2


def test_the_database_refuses_a_negative_revision(user: User) -> None:
    with pytest.raises(IntegrityError, match="accounts_ledger_revision_not_negative"), transaction.atomic():
        RevisionCounter.objects.create(user=user, revision=-1)


@pytest.mark.django_db(transaction=True)
def test_numbers_are_taken_inside_of_a_transaction_only() -> None:
    user = User.objects.create_user("alice")

    with pytest.raises(RuntimeError, match="transaction"):
        RevisionCounter.objects.allocate(user_id=user.pk, count=1)


@pytest.mark.django_db(transaction=True)
def test_numbers_that_are_taken_at_once_are_unique_and_consecutive() -> None:
    user = User.objects.create_user("alice")
    takes = 10

    responses = run_concurrently(lambda device: [take(user, device + 1) for _ in range(takes)])

    taken = [numbers for each in responses for numbers in each]
    total = takes * sum(range(1, DEVICES + 1))
    assert all(numbers == list(range(numbers[0], numbers[-1] + 1)) for numbers in taken)
    assert sorted(number for numbers in taken for number in numbers) == list(range(1, total + 1))
    assert RevisionCounter.objects.get().revision == total
