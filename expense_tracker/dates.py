"""Days and how they are written: `YYYY-MM-DD`, from 1970 to 9998, so that no time zone leads off the calendar."""

import re
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

FIRST_DAY = date(1970, 1, 1)
LAST_DAY = date(9998, 12, 31)
MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


time_zone = cache(ZoneInfo)


@cache
def time_zone_names() -> frozenset[str]:
    """Return the IANA names of all time zones."""
    return frozenset(available_timezones())


def today(zone: str = "UTC") -> date:
    """Return the current day in a time zone."""
    return datetime.now(time_zone(zone)).date()


def parse_day(text: str) -> date:
    """Return the day of `text`, `YYYY-MM-DD`. Raise ValueError with a sentence for users if it is invalid."""
    if not DAY.fullmatch(text):
        raise ValueError("Enter a day as YYYY-MM-DD.")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("There is no such day.") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"The day must be between {FIRST_DAY} and {LAST_DAY}.")
    return day


def parse_month(text: str) -> date:
    """Return the first day of the month `text`, `YYYY-MM`. Raise ValueError with a sentence if it is invalid."""
    if not MONTH.fullmatch(text):
        raise ValueError("Enter a month as YYYY-MM.")
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ValueError("There is no such month.") from None
    if not FIRST_DAY <= month <= LAST_DAY:
        raise ValueError(f"The month must be between {FIRST_DAY:%Y-%m} and {LAST_DAY:%Y-%m}.")
    return month
