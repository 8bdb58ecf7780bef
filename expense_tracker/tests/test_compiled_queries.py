"""Each way to use a compiled queryset does what the ORM does with the same calls."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db.models import Count, Q, QuerySet

from accounts.models import User
from expense_tracker.db.statements import compile_once
from expenses.models import Expense

DAY = date(2026, 1, 21)
WAYS: dict[str, Callable[[Any], Any]] = {
    "a filter": lambda rows: rows.filter(amount__gte=200),
    "several filters": lambda rows: rows.filter(amount__gte=200).filter(date__lte=DAY, deleted_at=None),
    "a list": lambda rows: rows.filter(category__in=["Food", "Rent"]),
    "an empty list": lambda rows: rows.filter(category__in=[]),
    "the text to search in": lambda rows: rows.filter(search_text__containing="ent"),
    "a null": lambda rows: rows.filter(deleted_at__isnull=False),
    "a model instance": lambda rows: rows.filter(owner=User.objects.get()),
    "another table": lambda rows: rows.filter(owner__username="alice"),
    "an expression": lambda rows: rows.filter(Q(amount=100) | Q(amount=300)),
    "an order": lambda rows: rows.order_by("category", "-amount"),
    "dictionaries": lambda rows: rows.values("id", "amount", "owner_id"),
    "tuples": lambda rows: rows.filter(amount__lte=200).values_list("date", "category"),
    "a flat list": lambda rows: rows.values_list("category", flat=True),
    "a page": lambda rows: rows.order_by("amount")[1:3],
    "a page of dictionaries": lambda rows: rows.filter(amount__gte=100).order_by("-amount").values("amount")[0:2],
    "a page of a page": lambda rows: rows.order_by("amount")[0:3][1:2],
    "a page to the end": lambda rows: rows.order_by("amount")[2:],
    "groups": lambda rows: rows.filter(amount__gte=200).values("category").annotate(n=Count("pk")).order_by("category"),
    "a subquery": lambda rows: rows.filter(pk__in=rows.filter(amount__gte=200).values("pk")),
    "an exclusion": lambda rows: rows.filter(amount__gte=200).exclude(category="Rent"),
}


@pytest.fixture
def plain(db: None) -> QuerySet[Expense]:
    """Four expenses, for the ORM's own queryset."""
    owner = User.objects.create_user("alice")
    for revision, (amount, category) in enumerate([(100, "Food"), (200, "Rent"), (300, "Food"), (400, "Tea")], 1):
        Expense.objects.create(owner=owner, amount=amount, category=category, date=DAY, revision=revision)
    return QuerySet(Expense).order_by("id")


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_compiled_queryset_yields_what_the_orm_yields(plain: QuerySet[Expense], way: Callable[[Any], Any]) -> None:
    for _ in range(2):  # compiled, and from the cache
        assert list(way(Expense.objects.order_by("id"))) == list(way(plain))
        assert way(Expense.objects.order_by("id")).count() == way(plain).count()
        assert len(way(Expense.objects.order_by("id"))) == len(way(plain))


def test_instances_are_whole(plain: QuerySet[Expense], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        expense = Expense.objects.get(amount=300)

    assert vars(expense).keys() == vars(plain.get(amount=300)).keys()
    assert not expense._state.adding
    assert expense._state.db == "default"


def test_get_raises_what_the_orm_raises(plain: QuerySet[Expense]) -> None:
    with pytest.raises(Expense.DoesNotExist):
        Expense.objects.get(amount=500)
    with pytest.raises(Expense.MultipleObjectsReturned):
        Expense.objects.get(category="Food")


def test_queryset_can_be_evaluated_and_filtered_again(plain: QuerySet[Expense]) -> None:
    food = Expense.objects.filter(category="Food").order_by("id")

    assert [expense.amount for expense in food] == [100, 300]
    assert [expense.amount for expense in food.filter(amount__gte=200)] == [300]
    assert food.update(amount=500) == 2
    assert [expense.amount for expense in food.all()] == [500, 500]


@pytest.mark.parametrize("is_compiled", [True, False])
@pytest.mark.parametrize(
    ("ordering", "values", "found"),
    [
        (("amount", "id"), (200, 0), [200, 300, 400]),
        (("amount", "id"), (200, 10**9), [300, 400]),
        (("-category", "-amount"), ("Food", 300), [100]),
        (("-category", "-amount"), ("Foo", 1), []),
    ],
)
def test_rows_after_a_key_of_an_ordering(
    plain: QuerySet[Expense], ordering: tuple[str, ...], values: tuple[Any, ...], found: list[int], is_compiled: bool
) -> None:
    expenses = Expense.objects.order_by(*ordering)

    after = (expenses if is_compiled else expenses.filter(~Q(amount=0))).after(ordering, values)

    assert [expense.amount for expense in after] == found


def test_all_pages_share_one_statement(plain: QuerySet[Expense]) -> None:
    list(Expense.objects.order_by("id")[0:1])
    before = compile_once.cache_info().misses

    pages = [list(Expense.objects.order_by("id")[start : start + 2]) for start in range(4)]

    assert [len(page) for page in pages] == [2, 2, 2, 1]
    assert compile_once.cache_info().misses == before
