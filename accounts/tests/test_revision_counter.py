"""RevisionCounter.objects.allocate"""

import pytest
from django.db import IntegrityError, transaction

from accounts.exceptions import AccountErased
from accounts.models import RevisionCounter, User
from expense_tracker.tests.concurrency import DEVICES, run_concurrently


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("alice")


def allocate(user: User, count: int) -> list[int]:
    with transaction.atomic():
        return list(RevisionCounter.objects.allocate(user_id=user.pk, count=count))


def test_revisions_begin_with_1_and_leave_no_gap(user: User) -> None:
    assert [allocate(user, 1), allocate(user, 3), allocate(user, 1)] == [[1], [2, 3, 4], [5]]
    assert RevisionCounter.objects.get(user=user).revision == 5


def test_each_user_has_revisions_of_their_own(user: User) -> None:
    bob = User.objects.create_user("bob")

    assert [allocate(user, 2), allocate(bob, 1), allocate(user, 1)] == [[1, 2], [1], [3]]


def test_existing_revision_counter_is_used(user: User) -> None:
    RevisionCounter.objects.create(user=user)

    assert allocate(user, 1) == [1]
    assert RevisionCounter.objects.count() == 1


def test_rolled_back_transaction_returns_its_revisions(user: User) -> None:
    with transaction.atomic():
        RevisionCounter.objects.allocate(user_id=user.pk, count=3)
        transaction.set_rollback(True)

    assert allocate(user, 1) == [1]


def test_erased_account_allocates_no_revisions(user: User) -> None:
    erased, user.pk = user.pk, None
    User.objects.filter(pk=erased).delete()

    with pytest.raises(AccountErased), transaction.atomic():
        RevisionCounter.objects.allocate(user_id=erased, count=1)

    assert not RevisionCounter.objects.exists()


def test_saving_a_stale_user_does_not_reset_the_revision(user: User) -> None:
    read_before = User.objects.select_related("revision_counter").get()
    allocate(user, 2)

    read_before.save()

    assert read_before.revision == 0
    assert User.objects.get().revision == 2


def test_database_refuses_a_negative_revision(user: User) -> None:
    with pytest.raises(IntegrityError, match="accounts_ledger_revision_not_negative"), transaction.atomic():
        RevisionCounter.objects.create(user=user, revision=-1)


@pytest.mark.django_db(transaction=True)
def test_allocation_outside_of_a_transaction_is_an_error() -> None:
    user = User.objects.create_user("alice")

    with pytest.raises(RuntimeError, match="transaction"):
        RevisionCounter.objects.allocate(user_id=user.pk, count=1)


@pytest.mark.django_db(transaction=True)
def test_concurrent_allocations_are_unique_and_consecutive() -> None:
    user = User.objects.create_user("alice")
    rounds = 10

    results = run_concurrently(lambda device: [allocate(user, device + 1) for _ in range(rounds)])

    allocated = [revisions for device in results for revisions in device]
    total = rounds * sum(range(1, DEVICES + 1))
    assert all(revisions == list(range(revisions[0], revisions[-1] + 1)) for revisions in allocated)
    assert sorted(revision for revisions in allocated for revision in revisions) == list(range(1, total + 1))
    assert RevisionCounter.objects.get().revision == total
