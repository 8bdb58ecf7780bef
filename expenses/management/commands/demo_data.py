"""`manage.py demo_data [--user NAME]`: an account with two years of believable expenses to look around in."""

import secrets
from argparse import ArgumentParser
from collections import Counter
from datetime import date, timedelta
from random import Random
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import actions as accounts
from accounts.models import User
from expense_tracker.dates import today
from expenses import actions
from expenses.models import Expense

# On the day of the month: category, description, cents.
MONTHLY = {
    1: ("Rent", "Two-room flat", 92000),
    3: ("Insurance", "Liability and household", 2890),
    5: ("Phone", "Mobile contract", 1499),
    12: ("Subscriptions", "Music and films", 2198),
    15: ("Utilities", "Electricity", 6400),
}
# Category, descriptions, cents from and to, and how many times in a hundred days.
EVERYDAY: list[tuple[str, list[str | None], int, int, int]] = [
    ("Groceries", ["Supermarket", "Farmers' market", "Bakery"], 450, 8900, 45),
    ("Food", ["Lunch with team members", "Pizza to take away", "Sunday brunch"], 790, 4200, 35),
    ("Coffee", ["Flat white", None], 280, 560, 50),
    ("Transport", ["Bus ticket", "Train to the parents", "Taxi home"], 290, 5400, 30),
    ("Leisure", ["Cinema", "Climbing hall", "Concert"], 900, 6500, 10),
    ("Health", ["Pharmacy", "Dentist"], 500, 9500, 4),
    ("Clothes", ["Running shoes", "Winter coat", "T-shirts"], 1990, 18900, 3),
    ("Gifts", ["Birthday present"], 1500, 7000, 2),
]
DAYS = 730


def expenses_of(day: date) -> list[Expense]:
    """Return the expenses of a day, the same ones at every run."""
    random = Random(day.toordinal())  # noqa: S311
    found = []
    if day.day in MONTHLY:
        category, description, amount = MONTHLY[day.day]
        found.append(Expense(amount=amount, category=category, description=description, date=day))
    for category, descriptions, low, high, frequency in EVERYDAY:
        if random.randrange(100) < frequency:
            text, amount = random.choice(descriptions), random.randint(low, high)
            found.append(Expense(amount=amount, category=category, description=text, date=day))
    return found


def content(expense: Expense) -> tuple[Any, ...]:
    return expense.date, expense.amount, expense.category, expense.description


class Command(BaseCommand):
    help = "Fills an account with two years of believable expenses. What it has added before is not added again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", help="An account that exists. Default: demo, made with a password that is shown.")

    def handle(self, *args: Any, user: str | None = None, **options: Any) -> None:
        owner = self.find_owner(user)
        present = Counter(content(expense) for expense in Expense.objects.live().filter(owner=owner))
        missing = []
        for age in reversed(range(DAYS)):
            for expense in expenses_of(today() - timedelta(days=age)):
                if present[content(expense)]:
                    present[content(expense)] -= 1
                else:
                    missing.append(expense)
        if missing:
            actions.create_expenses(owner=owner, expenses=missing)
        self.stdout.write(f"{len(missing)} expenses added for {owner.username}.")

    def find_owner(self, username: str | None) -> User:
        try:
            return User.objects.get_by_natural_key("demo" if username is None else username)
        except User.DoesNotExist:
            if username is not None:
                raise CommandError(f"There is no user {username}.") from None
        password = secrets.token_urlsafe(12)
        self.stdout.write(f"User demo, password {password}")
        return accounts.register(username="demo", password=password)
