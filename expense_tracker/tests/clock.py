"""A clock that stands still."""

from datetime import UTC, date, datetime, time
from typing import Any
from unittest.mock import Mock, patch


def stopped_at(day: date) -> Any:
    """Return a patch under which `expense_tracker.dates` reads noon (UTC) of `day` from the clock."""
    noon = datetime.combine(day, time(12), UTC)
    clock = Mock(wraps=datetime)
    clock.now.side_effect = noon.astimezone
    return patch("expense_tracker.dates.datetime", clock)
