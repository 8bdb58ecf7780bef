"""manage.py demo_data [--user NAME]"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from accounts.models import RevisionCounter, User
from expenses.models import Expense
from expenses.serializers.expense import ExpenseSerializer

TODAY = date(2026, 5, 31)


@pytest.fixture(autouse=True)
def one_day(freeze: Callable[[date], object]) -> None:
    freeze(TODAY)


def demo_data(*arguments: str) -> str:
    output = StringIO()
    call_command("demo_data", *arguments, stdout=output)
    return output.getvalue()


def test_demo_user_is_created_with_a_working_password(api: APIClient) -> None:
    found = re.search(r"^User demo, password (\S+)$", demo_data(), re.MULTILINE)

    assert found
    response = api.post("/api/login", {"username": "demo", "password": found[1]})
    assert response.status_code == 200
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {response.json()['access_token']}")
    assert api.get("/api/expenses?limit=1").headers["X-Total-Count"] == str(Expense.objects.count())


def test_user_name_is_matched_in_any_case(alice: APIClient, bob: APIClient) -> None:
    output = demo_data("--user", "ALICE")

    assert output == f"{Expense.objects.count()} expenses added for alice.\n"
    assert set(Expense.objects.values_list("owner__username", flat=True)) == {"alice"}
    assert not User.objects.filter(username="demo").exists()


@pytest.mark.parametrize("name", ["nobody", ""])
def test_unknown_user_name_is_an_error(db: None, name: str) -> None:
    with pytest.raises(CommandError, match="There is no user"):
        demo_data("--user", name)

    assert not User.objects.exists()


def test_expenses_span_two_years_and_none_is_in_the_future(db: None) -> None:
    demo_data()

    days = set(Expense.objects.values_list("date", flat=True))
    months = {(day.year, day.month) for day in days}
    assert len(days) > 365
    assert 24 <= len(months) <= 25
    assert max(days) <= TODAY
    assert min(days) > TODAY - timedelta(days=740)


def test_every_expense_is_valid_for_the_api(db: None) -> None:
    demo_data()

    rows = list(Expense.objects.values("amount", "category", "description", "date"))
    serializer = ExpenseSerializer(data=[row | {"date": row["date"].isoformat()} for row in rows], many=True)
    assert serializer.is_valid(), serializer.errors
    assert serializer.validated_data == rows


def test_every_expense_has_its_own_revision(alice: APIClient) -> None:
    alice.post("/api/expenses", {"amount": 2500, "category": "Food"})

    demo_data("--user", "alice")

    count = Expense.objects.count()
    assert sorted(Expense.objects.values_list("revision", flat=True)) == list(range(1, count + 1))
    assert RevisionCounter.objects.get().revision == count


def test_second_run_adds_nothing(db: None) -> None:
    demo_data()
    count = Expense.objects.count()

    assert demo_data() == "0 expenses added for demo.\n"
    assert Expense.objects.count() == RevisionCounter.objects.get().revision == count


def test_run_on_the_next_day_adds_that_day(db: None, freeze: Callable[[date], object]) -> None:
    demo_data()
    count = Expense.objects.count()
    tomorrow = TODAY + timedelta(days=1)
    freeze(tomorrow)

    demo_data()

    added = Expense.objects.filter(revision__gt=count)
    assert set(added.values_list("date", flat=True)) == {tomorrow}
    assert added.filter(category="Rent").count() == 1
