"""Days and how they are written: `YYYY-MM-DD`, from 1970 to 9998, so that no time zone leads off the calendar."""

import re
from datetime import UTC, date, datetime

FIRST_DAY = date(1970, 1, 1)
LAST_DAY = date(9998, 12, 31)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def today() -> date:
    """The day that it is now in UTC."""
    return datetime.now(UTC).date()


def parse_day(text: str) -> date:
    """The day that `text` names. Raises ValueError, with a sentence for people, where it names none."""
    if not DAY.fullmatch(text):
        raise ValueError("Enter a day as YYYY-MM-DD.")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("There is no such day.") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"The day must be between {FIRST_DAY} and {LAST_DAY}.")
    return day
