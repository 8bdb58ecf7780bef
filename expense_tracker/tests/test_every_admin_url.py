"""Every URL of the admin: who may look at it, and who may change something by it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.core import serializers
from django.test import Client
from django.urls import URLPattern, URLResolver

from accounts.actions import open_session
from accounts.models import AdminSession, RevisionCounter, Session, User

pytestmark = pytest.mark.slow

Budget: Any = apps.get_model("expenses", "Budget")
Expense: Any = apps.get_model("expenses", "Expense")
ANYBODY = ("anonymous", "plain")
ROLES = (*ANYBODY, "Support", "Finance", "superuser")
PASSWORD = "AnotherPassword456!"
OTHERS_KEY = "0" * 40
ALL, SUPERUSER = (200, 200, 200), (403, 403, 200)
# For each route an address of it, and what Support, Finance and a superuser are answered; others are led to the login.
PAGES: dict[str, tuple[str, tuple[int, int, int]]] = {
    "": ("", ALL),
    "login/": ("login/", (302, 302, 302)),
    "logout/": ("logout/", (405, 405, 405)),
    "password_change/": ("password_change/", ALL),
    "password_change/done/": ("password_change/done/", ALL),
    "autocomplete/": (
        "autocomplete/?app_label=expenses&model_name=expense&field_name=owner&term=a",
        (200, 403, 200),
    ),
    "jsi18n/": ("jsi18n/", ALL),
    "r/<path:content_type_id>/<path:object_id>/": ("r/1/1/", (404, 404, 404)),
    "^(?P<app_label>accounts|admin|auth|expenses)/$": ("expenses/", ALL),
    "(?P<url>.*)$": ("nothing/", (404, 404, 404)),
    "accounts/user/": ("accounts/user/", (200, 403, 200)),
    "accounts/user/add/": ("accounts/user/add/", SUPERUSER),
    "accounts/user/<path:object_id>/": ("accounts/user/{user}/", (302, 302, 302)),
    "accounts/user/<path:object_id>/change/": ("accounts/user/{user}/change/", (200, 403, 200)),
    "accounts/user/<path:object_id>/history/": ("accounts/user/{user}/history/", (200, 403, 200)),
    "accounts/user/<path:object_id>/delete/": ("accounts/user/{user}/delete/", SUPERUSER),
    "accounts/user/<id>/password/": ("accounts/user/{user}/password/", SUPERUSER),
    "accounts/user/second-factor/": ("accounts/user/second-factor/", ALL),
    "accounts/adminsession/": ("accounts/adminsession/", SUPERUSER),
    "accounts/adminsession/add/": ("accounts/adminsession/add/", (403, 403, 403)),
    "accounts/adminsession/<path:object_id>/": ("accounts/adminsession/{admin_session}/", (302, 302, 302)),
    "accounts/adminsession/<path:object_id>/change/": ("accounts/adminsession/{admin_session}/change/", SUPERUSER),
    "accounts/adminsession/<path:object_id>/history/": ("accounts/adminsession/{admin_session}/history/", SUPERUSER),
    "accounts/adminsession/<path:object_id>/delete/": (
        "accounts/adminsession/{admin_session}/delete/",
        (403, 403, 403),
    ),
    "accounts/session/": ("accounts/session/", (200, 403, 200)),
    "accounts/session/add/": ("accounts/session/add/", (403, 403, 403)),
    "accounts/session/<path:object_id>/": ("accounts/session/{session}/", (302, 302, 302)),
    "accounts/session/<path:object_id>/change/": ("accounts/session/{session}/change/", (200, 403, 200)),
    "accounts/session/<path:object_id>/history/": ("accounts/session/{session}/history/", (200, 403, 200)),
    "accounts/session/<path:object_id>/delete/": ("accounts/session/{session}/delete/", (403, 403, 403)),
    "admin/logentry/": ("admin/logentry/", (200, 403, 200)),
    "admin/logentry/add/": ("admin/logentry/add/", (403, 403, 403)),
    "admin/logentry/<path:object_id>/": ("admin/logentry/{log_entry}/", (302, 302, 302)),
    "admin/logentry/<path:object_id>/change/": ("admin/logentry/{log_entry}/change/", (200, 403, 200)),
    "admin/logentry/<path:object_id>/history/": ("admin/logentry/{log_entry}/history/", (200, 302, 200)),
    "admin/logentry/<path:object_id>/delete/": ("admin/logentry/{log_entry}/delete/", (403, 403, 403)),
    "expenses/expense/": ("expenses/expense/", ALL),
    "expenses/expense/export/<str:name>/": ("expenses/expense/export/csv/", (403, 200, 200)),
    "expenses/expense/import/": ("expenses/expense/import/", SUPERUSER),
    "expenses/expense/add/": ("expenses/expense/add/", SUPERUSER),
    "expenses/expense/<path:object_id>/": ("expenses/expense/{expense}/", (302, 302, 302)),
    "expenses/expense/<path:object_id>/change/": ("expenses/expense/{expense}/change/", ALL),
    "expenses/expense/<path:object_id>/history/": ("expenses/expense/{expense}/history/", ALL),
    "expenses/expense/<path:object_id>/delete/": ("expenses/expense/{expense}/delete/", SUPERUSER),
    "expenses/budget/": ("expenses/budget/", (403, 200, 200)),
    "expenses/budget/add/": ("expenses/budget/add/", SUPERUSER),
    "expenses/budget/<path:object_id>/": ("expenses/budget/{budget}/", (302, 302, 302)),
    "expenses/budget/<path:object_id>/change/": ("expenses/budget/{budget}/change/", (403, 200, 200)),
    "expenses/budget/<path:object_id>/history/": ("expenses/budget/{budget}/history/", (403, 200, 200)),
    "expenses/budget/<path:object_id>/delete/": ("expenses/budget/{budget}/delete/", SUPERUSER),
    "auth/group/": ("auth/group/", SUPERUSER),
    "auth/group/add/": ("auth/group/add/", SUPERUSER),
    "auth/group/<path:object_id>/": ("auth/group/{group}/", (302, 302, 302)),
    "auth/group/<path:object_id>/change/": ("auth/group/{group}/change/", SUPERUSER),
    "auth/group/<path:object_id>/history/": ("auth/group/{group}/history/", SUPERUSER),
    "auth/group/<path:object_id>/delete/": ("auth/group/{group}/delete/", SUPERUSER),
}
CONFIRMED = {"post": "yes"}
EXPENSE = {"owner": "{user}", "amount": "5.67", "category": "Food", "date": "2026-01-21"}
BUDGET = {"owner": "{user}", "amount": "5.67", "category": "Fun"}
NOBODY: tuple[str, ...] = ()
RESTORERS = ("Support", "superuser")
# What can be changed: where, by what form, and by whom.
CHANGES: list[tuple[str, dict[str, str], tuple[str, ...]]] = [
    ("accounts/user/add/", {"username": "new", "password1": PASSWORD, "password2": PASSWORD}, ("superuser",)),
    ("accounts/user/{user}/change/", {"username": "renamed", "is_active": "on"}, ("superuser",)),
    ("accounts/user/{user}/password/", {"password1": PASSWORD, "password2": PASSWORD}, ("superuser",)),
    ("accounts/user/{user}/delete/", CONFIRMED, ("superuser",)),
    ("accounts/user/", {"action": "delete_selected", "_selected_action": "{user}", **CONFIRMED}, ("superuser",)),
    ("accounts/user/", {"action": "deactivate", "_selected_action": "{user}"}, ("superuser",)),
    ("accounts/user/", {"action": "end_sessions", "_selected_action": "{user}"}, ("Support", "superuser")),
    ("accounts/session/", {"action": "revoke", "_selected_action": "{session}"}, ("Support", "superuser")),
    ("accounts/session/", {"action": "delete_selected", "_selected_action": "{session}", **CONFIRMED}, NOBODY),
    ("accounts/session/add/", {"user": "{user}"}, NOBODY),
    ("accounts/session/{session}/change/", {"name": "renamed"}, NOBODY),
    ("accounts/session/{session}/delete/", CONFIRMED, NOBODY),
    ("accounts/adminsession/", {"action": "end", "_selected_action": "{admin_session}"}, ("superuser",)),
    ("accounts/adminsession/{admin_session}/delete/", CONFIRMED, NOBODY),
    ("admin/logentry/", {"action": "delete_selected", "_selected_action": "{log_entry}", **CONFIRMED}, NOBODY),
    ("admin/logentry/add/", {"user": "{user}"}, NOBODY),
    ("admin/logentry/{log_entry}/change/", {"object_repr": "nothing"}, NOBODY),
    ("admin/logentry/{log_entry}/delete/", CONFIRMED, NOBODY),
    ("expenses/expense/add/", EXPENSE, ("superuser",)),
    ("expenses/expense/{expense}/change/", EXPENSE, ("superuser",)),
    ("expenses/expense/{expense}/delete/", CONFIRMED, ("superuser",)),
    ("expenses/expense/", {"action": "delete_selected", "_selected_action": "{expense}", **CONFIRMED}, ("superuser",)),
    ("expenses/expense/?deleted=true", {"action": "restore", "_selected_action": "{deleted}"}, RESTORERS),
    ("expenses/expense/{deleted}/change/", EXPENSE, NOBODY),
    ("expenses/expense/{deleted}/delete/", CONFIRMED, NOBODY),
    ("expenses/budget/add/", BUDGET, ("superuser",)),
    ("expenses/budget/{budget}/change/", BUDGET, ("superuser",)),
    ("expenses/budget/{budget}/delete/", CONFIRMED, ("superuser",)),
    ("expenses/budget/", {"action": "delete_selected", "_selected_action": "{budget}", **CONFIRMED}, ("superuser",)),
    ("auth/group/add/", {"name": "new"}, ("superuser",)),
    ("auth/group/{group}/change/", {"name": "renamed"}, ("superuser",)),
    ("auth/group/{group}/delete/", CONFIRMED, ("superuser",)),
    ("auth/group/", {"action": "delete_selected", "_selected_action": "{group}", **CONFIRMED}, ("superuser",)),
]


def routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


@pytest.fixture
def ids(db: None) -> dict[str, Any]:
    """One row of each table, by the names that stand for their ids above."""
    user = User.objects.create_user("alice")
    RevisionCounter.objects.create(user=user, revision=3)
    session = open_session(user=user, user_agent="")
    assert session is not None
    AdminSession.objects.create(session_key=OTHERS_KEY, user=user, expire_date=session.expires_at)
    columns = {"owner": user, "amount": 1234, "category": "Food", "date": date(2026, 1, 21)}
    deleted_at = session.created_at
    log_entries: Any = LogEntry.objects.log_actions(user.pk, [user], CHANGE, "Seen.")
    return {
        "log_entry": log_entries[0].pk,
        "user": user.pk,
        "session": session.pk,
        "admin_session": OTHERS_KEY,
        "expense": Expense.objects.create(**columns, revision=1).pk,
        "deleted": Expense.objects.create(**columns, revision=2, deleted_at=deleted_at).pk,
        "budget": Budget.objects.create(owner=user, category="Food", amount=1234, revision=3).pk,
        "group": Group.objects.create(name="Others").pk,
    }


@pytest.fixture(params=ROLES)
def role(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def staff(client: Client, ids: dict[str, Any], role: str) -> Client:
    """A client of somebody in the role."""
    if role != "anonymous":
        user = User.objects.create_user(role, is_staff=role != "plain", is_superuser=role == "superuser")
        user.groups.set(Group.objects.filter(name=role))
        client.force_login(user)
    return client


def everything() -> str:
    """All that the admin could change, but for when somebody last logged in."""
    models: tuple[Any, ...] = (User, Session, RevisionCounter, Expense, Budget, Group)
    rows = [model.objects.order_by("pk") for model in models]
    # Each change adds an entry; what must stay is the first.
    seen = LogEntry.objects.filter(change_message="Seen.")
    # That of who looks ends when they log out.
    others = AdminSession.objects.filter(pk=OTHERS_KEY)
    return "\n".join(serializers.serialize("json", each) for each in [*rows, seen, others])


def test_every_url_is_listed_here() -> None:
    assert set(routes(admin.site.get_urls())) == PAGES.keys()


@pytest.mark.parametrize("route", PAGES)
def test_every_url_requires_its_view_permission(staff: Client, ids: dict[str, Any], role: str, route: str) -> None:
    before = everything()
    path, statuses = PAGES[route]
    path = f"/admin/{path.format(**ids)}"

    response = staff.get(path)

    if role in ANYBODY and route == "login/":
        assert response.status_code == 200
    elif role in ANYBODY:
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/" if route == "logout/" else "/admin/login/?next=")
    else:
        assert response.status_code == dict(zip(ROLES[2:], statuses, strict=True))[role]
    assert everything() == before


@pytest.mark.parametrize(("path", "form", "allowed"), CHANGES, ids=[f"{path} {form}" for path, form, _ in CHANGES])
def test_every_change_requires_its_permission(
    staff: Client, ids: dict[str, Any], role: str, *, path: str, form: dict[str, str], allowed: tuple[str, ...]
) -> None:
    before = everything()

    response = staff.post(f"/admin/{path.format(**ids)}", {name: value.format(**ids) for name, value in form.items()})

    if role in allowed:
        assert response.status_code == 302
        assert everything() != before
    else:
        assert response.status_code in {200, 302, 403}
        assert everything() == before
        if role in ANYBODY:
            assert response["Location"].startswith("/admin/login/?next=")


@pytest.mark.parametrize("route", PAGES)
def test_no_empty_form_changes_anything(staff: Client, ids: dict[str, Any], route: str) -> None:
    before = everything()

    assert staff.post(f"/admin/{PAGES[route][0].format(**ids)}").status_code < 500

    assert everything() == before
