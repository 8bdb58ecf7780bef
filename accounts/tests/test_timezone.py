"""GET and PATCH /api/me: the time zone, and which day is today in it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts import actions
from accounts.exceptions import AccountErased
from accounts.models import User
from expense_tracker.dates import time_zone_names
from expense_tracker.tests.clock import stopped_at


def test_time_zone_is_changed_and_read(alice: APIClient, bob: APIClient) -> None:
    response = alice.patch("/api/me", {"timezone": "Pacific/Auckland"})

    user = User.objects.get(username="alice")
    assert response.status_code == 200
    assert response.json() == {
        "id": user.pk,
        "username": "alice",
        "timezone": "Pacific/Auckland",
        "created_at": user.date_joined.isoformat().replace("+00:00", "Z"),
    }
    assert alice.get("/api/me").json() == response.json()
    assert bob.get("/api/me").json()["timezone"] == "UTC"


def test_body_that_was_read_can_be_written_back(alice: APIClient) -> None:
    me = alice.patch("/api/me", {"timezone": "Asia/Calcutta"}).json()

    response = alice.patch("/api/me", me | {"id": 99, "username": "mallory", "created_at": "1970-01-01T00:00:00Z"})

    assert response.status_code == 200
    assert response.json() == me


@pytest.mark.parametrize(
    ("sent", "name", "code", "message"),
    [
        *[
            (
                {"timezone": zone},
                "timezone",
                "invalid_choice",
                "Unknown time zone. Use an IANA name such as Europe/Berlin.",
            )
            for zone in ["Mars/Olympus", "europe/berlin", "Europe", "+02:00", "../UTC", "/etc/localtime", "x" * 1000]
        ],
        ({"timezone": ""}, "timezone", "blank", "This field may not be blank."),
        ({"timezone": None}, "timezone", "null", "This field may not be null."),
        ({"timezone": 2}, "timezone", "invalid", "Not a valid string."),
        ({"zone": "UTC"}, "zone", "unknown", "Unknown field. Allowed fields: timezone."),
    ],
)
def test_invalid_value_returns_400_with_pointer(
    alice: APIClient, sent: dict[str, Any], name: str, code: str, message: str
) -> None:
    response = alice.patch("/api/me", sent)

    assert response.status_code == 400
    assert response.json()["errors"] == [{"detail": message, "code": code, "pointer": f"#/{name}"}]
    assert User.objects.get().timezone == "UTC"


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", date(2026, 6, 30)),
        ("Pacific/Kiritimati", date(2026, 7, 1)),  # UTC+14
        ("Europe/Berlin", date(2026, 6, 30)),
        ("Etc/GMT+12", date(2026, 6, 30)),
    ],
)
def test_today_is_the_day_in_the_time_zone_of_the_user(zone: str, day: date) -> None:
    with stopped_at(date(2026, 6, 30)):  # at noon in UTC
        assert User(timezone=zone).today() == day


def test_every_time_zone_has_a_today() -> None:
    assert len(time_zone_names()) > 500
    assert {abs((User(timezone=zone).today() - datetime.now(UTC).date()).days) for zone in time_zone_names()} <= {0, 1}


def test_time_zone_of_an_erased_account_cannot_be_changed(alice: APIClient) -> None:
    user = User.objects.get()
    User.objects.all().delete()

    with pytest.raises(AccountErased):
        actions.change_timezone(user=user, name="Europe/Berlin")


def test_change_runs_one_statement_besides_authentication(
    alice: APIClient, django_assert_num_queries: Callable[..., Any]
) -> None:
    # authentication, update
    with django_assert_num_queries(2):
        alice.patch("/api/me", {"timezone": "Europe/Berlin"})
