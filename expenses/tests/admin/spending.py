"""What people have spent before staff look at it."""

from datetime import date
from typing import Any

from accounts.models import User
from expenses import actions
from expenses.models import Expense


def spend(owner: User, **values: Any) -> Expense:
    defaults = {"amount": 1234, "category": "Food", "description": "Lunch", "date": date(2026, 1, 21)}
    return actions.create_expense(owner_id=owner.pk, **defaults | values)
