"""GET and PUT /api/budgets, DELETE /api/budgets/{id}, and what the database itself refuses."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from accounts.models import RevisionCounter, User
from expense_tracker.dates import today
from expense_tracker.tests.concurrency import DEVICES, run_concurrently
from expenses.models import Budget, Expense
from expenses.serializers.budget import BudgetSerializer
from expenses.tests.api import set_budget, spend

PATH = "/api/budgets"
NOT_FOUND = {"detail": "Not found", "code": "not_found"}
TODAY = date(2026, 9, 20)
CHECKS = [
    ("expenses_budget_amount_in_range", "amount", 0),
    ("expenses_budget_amount_in_range", "amount", 10**12),
    ("expenses_budget_category_not_blank", "category", ""),
    ("expenses_budget_category_not_blank", "category", "   "),
]
UNIQUE = {"expenses_budget_owner_category_unique": "Food", "expenses_budget_owner_total_unique": None}


def use(spent: int, remaining: int, percent: int, projected: int | None, *, exceeded: bool = False) -> dict[str, Any]:
    return {
        "spent": spent,
        "remaining": remaining,
        "percent": percent,
        "exceeded": exceeded,
        "projected": projected,
    }


@pytest.mark.parametrize("category", ["Food", None])
def test_a_budget_is_created_and_then_replaced(alice: APIClient, category: str | None) -> None:
    created = alice.put(PATH, {"category": category, "amount": 40000})
    replaced = alice.put(PATH, {"category": category, "amount": 50000})

    budget_id = created.json()["id"]
    assert created.status_code == 201
    assert created.json() == {"id": budget_id, "category": category, "amount": 40000, "revision": 1}
    assert replaced.status_code == 200
    assert replaced.json() == {"id": budget_id, "category": category, "amount": 50000, "revision": 2}
    assert Budget.objects.count() == 1


def test_a_budget_that_was_read_can_be_written_back(alice: APIClient, freeze: Callable[[date], object]) -> None:
    freeze(TODAY)
    budget = set_budget(alice, " Cafe\u0301 ", 400)

    response = alice.put(PATH, budget | {"id": 999, "revision": 999})

    assert budget["category"] == "Caf\u00e9"
    assert response.status_code == 200
    assert response.json() == budget | {"revision": 2}


def test_budget_write_allocates_a_revision_and_leaves_expenses_alone(alice: APIClient) -> None:
    expense = spend(alice, amount=1, date="2026-09-01")

    budget = set_budget(alice, "Food", 400)
    assert budget["revision"] == expense["revision"] + 1
    assert alice.delete(f"{PATH}/{budget['id']}").status_code == 200

    assert alice.get("/api/expenses").json() == [expense]
    assert spend(alice, amount=1, date="2026-09-01")["revision"] == expense["revision"] + 3


REQUIRED = ("This field is required.", "required")
INTEGER = ("Enter an integer of cents: 1250 for 12.50.", "invalid")
UNKNOWN = ("Unknown field. Allowed fields: category, amount.", "unknown")


@pytest.mark.parametrize(
    ("body", "member", "message", "code"),
    [
        ({"amount": 1}, "category", *REQUIRED),
        ({"category": "Food"}, "amount", *REQUIRED),
        *(({"category": "Food", "amount": amount}, "amount", *INTEGER) for amount in ("1", 1.0, True, [1])),
        ({"category": "Food", "amount": None}, "amount", "This field may not be null.", "null"),
        *(
            (
                {"category": "Food", "amount": amount},
                "amount",
                "Ensure this value is greater than or equal to 1.",
                "min_value",
            )
            for amount in (0, -1)
        ),
        (
            {"category": "Food", "amount": 10**12},
            "amount",
            "Ensure this value is less than or equal to 999999999999.",
            "max_value",
        ),
        ({"category": " ", "amount": 1}, "category", "This field may not be blank.", "blank"),
        ({"category": 7, "amount": 1}, "category", "Not a valid string.", "invalid"),
        ({"category": "a\nb", "amount": 1}, "category", "This must be one line.", "invalid"),
        (
            {"category": "x" * 41, "amount": 1},
            "category",
            "Ensure this field has no more than 40 characters.",
            "max_length",
        ),
        ({"category": "Food", "amount": 1, "month": "2026-09"}, "month", *UNKNOWN),
    ],
)
def test_invalid_budget_returns_400_with_pointer(
    alice: APIClient, body: dict[str, Any], member: str, message: str, code: str
) -> None:
    response = alice.put(PATH, body)

    assert response.status_code == 400
    assert response.json() == {
        "detail": f"{member}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "pointer": f"#/{member}"}],
    }
    assert not Budget.objects.exists()
    assert not RevisionCounter.objects.filter(revision__gt=0).exists()


def test_a_new_account_has_no_budgets(alice: APIClient) -> None:
    response = alice.get(PATH)

    assert response.status_code == 200
    assert response.json() == []


def test_budgets_report_the_spending_of_this_month(
    alice: APIClient, bob: APIClient, freeze: Callable[[date], object]
) -> None:
    freeze(TODAY)
    spend(alice, amount=1000, date="2026-08-31")
    spend(alice, amount=2000, date="2026-09-01")
    spend(alice, amount=1001, date="2026-09-20")
    spend(alice, amount=400, date="2026-09-21")
    spend(alice, amount=300, date="2026-09-30")
    spend(alice, amount=1000, date="2026-10-01")
    alice.delete(f"/api/expenses/{spend(alice, amount=5000, date='2026-09-02')['id']}")
    spend(alice, amount=50, date="2026-09-02", category="fun")
    spend(bob, amount=7000, date="2026-09-02")
    set_budget(bob, "Food", 1)
    fun, rent, food, everything = (
        set_budget(alice, category, amount)
        for category, amount in (("fun", 49), ("Rent", 100), ("Food", 40000), (None, 3751))
    )

    response = alice.get(PATH)

    # Food: 3001 in 20 days are 4501.5 in 30.
    assert response.status_code == 200
    assert response.json() == [
        everything | use(3751, 0, 100, 4577 + 700),
        food | use(3701, 36299, 9, 4502 + 700),
        rent | use(0, 100, 0, 0),
        fun | use(50, -1, 102, 75, exceeded=True),
    ]
    assert alice.get(PATH, {"month": "2026-09"}).json() == response.json()


@pytest.mark.parametrize(
    ("month", "spent"),
    [("2026-08", 1), ("2026-10", 2), ("2026-02", 4), ("2025-09", 8), ("1970-01", 16), ("9998-12", 32), ("9998-11", 0)],
)
def test_another_month_than_this_has_no_projection(
    alice: APIClient, freeze: Callable[[date], object], month: str, spent: int
) -> None:
    freeze(TODAY)
    for amount, day in (
        (1, "2026-08-31"),
        (2, "2026-10-01"),
        (4, "2026-02-28"),
        (8, "2025-09-20"),
        (16, "1970-01-31"),
        (32, "9998-12-31"),
    ):
        spend(alice, amount=amount, date=day)
    budget = set_budget(alice, None, 100)

    assert alice.get(PATH, {"month": month}).json() == [budget | use(spent, 100 - spent, spent, None)]


@pytest.mark.parametrize(
    ("day", "spent", "projected"),
    [
        (date(2026, 9, 1), 7, 210),
        (date(2026, 9, 30), 7, 7),
        (date(2026, 9, 20), 1, 2),  # 1.5
        (date(2026, 9, 20), 3, 5),  # 4.5
        (date(2026, 9, 29), 14, 14),  # 14.48
        (date(2026, 9, 29), 15, 16),  # 15.52
        (date(2024, 2, 28), 28, 29),
        (date(2026, 12, 31), 5, 5),
    ],
)
def test_a_projection_is_rounded_half_up(
    alice: APIClient, freeze: Callable[[date], object], day: date, spent: int, projected: int
) -> None:
    freeze(day)
    spend(alice, amount=spent, date=day.isoformat())
    budget = set_budget(alice, "Food", 1000)

    assert alice.get(PATH).json() == [budget | use(spent, 1000 - spent, spent // 10, projected)]


@pytest.mark.parametrize(
    ("spent", "percent", "exceeded"), [(1, 0, False), (199, 99, False), (200, 100, False), (201, 100, True)]
)
def test_percentage_is_rounded_down_and_exceeded_means_above_the_limit(
    alice: APIClient, freeze: Callable[[date], object], spent: int, percent: int, *, exceeded: bool
) -> None:
    freeze(TODAY)
    spend(alice, amount=spent, date="2026-08-01")
    budget = set_budget(alice, "Food", 200)

    assert alice.get(PATH, {"month": "2026-08"}).json() == [
        budget | use(spent, 200 - spent, percent, None, exceeded=exceeded)
    ]


def test_budgets_are_sorted_by_code_point_after_that_of_all_spending(alice: APIClient) -> None:
    categories = ["A", "Z", "a", "ab", "é", "中", "\uff21", "😀"]
    for category in (*reversed(categories), None):
        set_budget(alice, category, 1)

    assert [budget["category"] for budget in alice.get(PATH).json()] == [None, *sorted(categories)]


def test_the_month_is_this_month_in_utc_by_default(alice: APIClient) -> None:
    day = today()
    spend(alice, amount=3, date=day.isoformat())
    set_budget(alice, None, 10)

    [budget] = alice.get(PATH).json()

    assert today() > day or (budget["spent"] == 3 and budget["projected"] is not None)


MONTH = "Enter a month as YYYY-MM."
NO_MONTH = "There is no such month."
RANGE = "The month must be between 1970-01 and 9998-12."


@pytest.mark.parametrize(
    ("query", "name", "code", "message"),
    [
        *(
            ({"month": value}, "month", "invalid", MONTH)
            for value in ("2026-9", "2026-09-01", "202609", "26-09", "2026-09 ", "\uff12026-09", "+026-09", "now")
        ),
        *(({"month": value}, "month", "invalid", NO_MONTH) for value in ("2026-13", "2026-00", "0000-01")),
        *(({"month": value}, "month", "invalid", RANGE) for value in ("1969-12", "9999-01", "0001-01")),
        ({"month": ["2026-09", "2026-09"]}, "month", "repeated", "This parameter can be given only once."),
        ({"year": "2026"}, "year", "unknown", "Unknown parameter. Allowed parameters: month."),
    ],
)
def test_invalid_parameter_returns_400_with_its_name(
    alice: APIClient, query: dict[str, Any], name: str, code: str, message: str
) -> None:
    response = alice.get(PATH, query)

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json() == {
        "detail": f"{name}: {message}",
        "code": "invalid",
        "errors": [{"detail": message, "code": code, "parameter": name}],
    }


def test_a_deleted_budget_is_gone_and_the_expenses_stay(alice: APIClient) -> None:
    expense = spend(alice, amount=1, date="2026-09-01")
    path = f"{PATH}/{set_budget(alice, 'Food', 400)['id']}"

    response = alice.delete(path)

    assert response.status_code == 200
    assert response.json() == {"message": "Budget deleted successfully"}
    assert alice.get(PATH).json() == []
    assert alice.get("/api/expenses").json() == [expense]
    again = alice.delete(path)
    assert again.status_code == 404
    assert again.json() == NOT_FOUND
    assert alice.put(PATH, {"category": "Food", "amount": 1}).status_code == 201


def test_other_users_budgets_are_out_of_reach(
    alice: APIClient, bob: APIClient, freeze: Callable[[date], object]
) -> None:
    freeze(TODAY)
    hers = set_budget(alice, "Food", 400)

    assert bob.get(PATH).json() == []
    response = bob.delete(f"{PATH}/{hers['id']}")
    assert response.status_code == 404
    assert response.json() == NOT_FOUND
    assert bob.put(PATH, {"category": "Food", "amount": 1}).status_code == 201
    assert alice.get(PATH).json() == [hers | use(0, 400, 0, 0)]


@pytest.mark.parametrize("count", [1, 5])
def test_report_runs_the_same_statements_for_any_number_of_budgets(
    alice: APIClient, django_assert_num_queries: Callable[..., Any], count: int
) -> None:
    for number in range(count):
        set_budget(alice, str(number), 400)
        spend(alice, amount=1, date="2026-09-01", category=str(number))

    # authentication, what is spent, the budgets
    with django_assert_num_queries(3):
        assert len(alice.get(PATH, {"month": "2026-09"}).json()) == count


def test_every_constraint_is_tested_here() -> None:
    assert {constraint.name for constraint in Budget._meta.constraints} == {*UNIQUE, *(row[0] for row in CHECKS)}


@pytest.mark.parametrize(("constraint", "member", "value"), CHECKS)
def test_the_database_refuses_what_the_api_answers_with_400(
    alice: APIClient, constraint: str, member: str, value: Any
) -> None:
    values = {"amount": 1, "category": "Food"} | {member: value}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Budget.objects.create(owner=User.objects.get(), revision=1, **values)

    response = alice.put(PATH, values)
    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [f"#/{member}"]


@pytest.mark.parametrize("category", UNIQUE.values())
def test_database_keeps_one_budget_per_category_and_one_for_all_spending(
    alice: APIClient, bob: APIClient, category: str | None
) -> None:
    owner, other = User.objects.order_by("pk")
    Budget.objects.create(owner=owner, category=category, amount=1, revision=1)
    Budget.objects.create(owner=owner, category="Fun", amount=1, revision=2)
    Budget.objects.create(owner=other, category=category, amount=1, revision=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Budget.objects.create(owner=owner, category=category, amount=2, revision=3)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("category", ["Food", None])
def test_parallel_puts_of_a_new_budget_create_one_row(alice: APIClient, category: str | None) -> None:
    responses = run_concurrently(lambda device: alice.put(PATH, {"category": category, "amount": device + 1}))

    assert sorted(response.status_code for response in responses) == [200] * (DEVICES - 1) + [201]
    written = sorted((response.json() for response in responses), key=lambda budget: budget["revision"])
    assert [budget["revision"] for budget in written] == list(range(1, DEVICES + 1))
    assert BudgetSerializer(Budget.objects.get()).data == written[-1]
    assert not Expense.objects.exists()
