"""Errors under /admin/ are pages with a way back; everywhere else they are JSON."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertTemplateUsed

from accounts.exceptions import TooManyAttempts
from accounts.models import User
from expense_tracker.tests.people import PASSWORD

BACK = '<a href="/admin/">Go to the first page of the admin</a>'
TOO_OLD = "This form is out of date"


def assert_page(response: Any, status_code: int, title: str) -> None:
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assertContains(response, f"<h1>{title}</h1>", html=True, status_code=status_code)
    assertContains(response, BACK, html=True, status_code=status_code)
    assertTemplateUsed(response, "admin/base_site.html")


@pytest.fixture
def finance(client: Client, db: None) -> Client:
    user = User.objects.create_user("clerk", is_staff=True)
    user.groups.add(Group.objects.get(name="Finance"))
    client.force_login(user)
    return client


def test_what_staff_may_not_see_is_a_page_in_the_look_of_the_admin(finance: Client) -> None:
    response = finance.get("/admin/accounts/user/")

    assert_page(response, 403, "You may not do this")
    assertContains(response, "<strong>clerk</strong>", html=True, status_code=403)
    assertContains(response, 'href="/admin/expenses/budget/"', status_code=403)


def test_a_path_that_is_none_is_a_page(admin_client: Client) -> None:
    assert_page(admin_client.get("/admin/nothing/"), 404, "Not found")


def test_an_address_that_cannot_be_read_is_a_page(admin_client: Client) -> None:
    assert_page(admin_client.get("/admin/accounts/user/?date_joined__year=9999"), 400, "This cannot be read")


def test_a_method_that_is_not_allowed_is_a_page(admin_client: Client) -> None:
    response = admin_client.get("/admin/logout/")

    assert_page(response, 405, "Not by this way")
    assert response["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize(("seconds", "again"), [(901, "16 minutes"), (61, "61 seconds"), (1, "1 second")])
def test_too_many_log_ins_are_a_page_that_says_when_to_try_again(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, seconds: int, again: str
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise TooManyAttempts(seconds)

    monkeypatch.setattr("accounts.backends.LimitedModelBackend.authenticate", refuse)

    response = client.post("/admin/login/", {"username": "alice", "password": PASSWORD})

    assert_page(response, 429, "Too many attempts")
    assertContains(response, f"Try again in {again}.", status_code=429)
    assert response["Retry-After"] == str(seconds)
    assertNotContains(response, "nav-sidebar", status_code=429)


def test_a_form_of_before_the_log_in_says_to_send_it_again(admin_user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin_user)

    response = client.post("/admin/expenses/expense/add/", {"amount": "1"})

    assert_page(response, 403, "Please send this again")
    assertContains(response, TOO_OLD, status_code=403)


def test_a_database_that_is_away_is_a_page_that_asks_it_nothing(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("the connection is closed")

    with monkeypatch.context() as broken:
        broken.setattr("django.db.backends.utils.CursorWrapper.execute", fail)
        broken.setattr("expense_tracker.api.errors.is_unavailable", lambda error: isinstance(error, OperationalError))
        broken.setattr("expense_tracker.api.errors.outage", SimpleNamespace(note=lambda _: None))
        response = admin_client.get("/admin/expenses/expense/")

    assert_page(response, 503, "Service Unavailable")
    assertContains(response, "The service is not available at the moment.", status_code=503)
    assert int(response["Retry-After"]) >= 1


def test_an_error_of_ours_is_a_page_and_shows_nothing_of_itself(
    admin_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("expenses.admin.ExpenseAdmin.get_ordering", fail)
    admin_client.raise_request_exception = False

    response = admin_client.get("/admin/expenses/expense/")

    assert_page(response, 500, "Something went wrong")
    assertNotContains(response, "secret", status_code=500)


def test_errors_elsewhere_stay_json(admin_client: Client) -> None:
    assert admin_client.get("/administration").json() == {"detail": "Not found", "code": "not_found"}
