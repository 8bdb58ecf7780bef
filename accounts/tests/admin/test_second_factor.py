"""/admin/: the second factor of staff."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects
from rest_framework.test import APIClient

from accounts.models import User
from expense_tracker.tests.people import PASSWORD

LOGIN, INDEX, PAGE, USERS = "/admin/login/", "/admin/", "/admin/accounts/user/second-factor/", "/admin/accounts/user/"
WRONG = ["This code is not right, or was used before."]


@pytest.fixture
def sarah(db: None) -> User:
    return User.objects.create_user("sarah", PASSWORD, is_staff=True)


@pytest.fixture
def staff(sarah: User) -> Client:
    client = Client()
    client.force_login(sarah)
    return client


def code_now(steps: int = 0) -> str:
    """The code that the app shows, or one of later or earlier steps of 30 seconds."""
    key = TOTPDevice.objects.get(user__username="sarah").bin_key
    return f"{totp(key, drift=steps):06}"


def set_up(staff: Client) -> list[str]:
    """Set up sarah's second factor with the code of the step before, and return the recovery codes."""
    staff.get(PAGE)
    response = staff.post(PAGE, {"code": code_now(-1)})
    codes: list[str] = response.context["codes"]
    assert len(set(codes)) == 10
    return codes


def log_in(code: str | None = None, password: str = PASSWORD) -> tuple[Client, Any]:
    client = Client()
    form = {"username": "sarah", "password": password, "next": INDEX}
    return client, client.post(LOGIN, form if code is None else form | {"code": code})


def unthrottle() -> None:
    """Wrong codes were long ago."""
    TOTPDevice.objects.update(throttling_failure_count=0)
    StaticDevice.objects.update(throttling_failure_count=0)


def test_page_shows_the_key_as_qr_code_and_as_text(staff: Client) -> None:
    response = staff.get(PAGE)

    device = TOTPDevice.objects.get()
    assert not device.confirmed
    assert re.fullmatch(r"([A-Z2-7]{4} ){7}[A-Z2-7]{4}", response.context["key"])
    assertContains(response, '<div class="qr-code" role="img" aria-label="QR code of the key below"><svg ')
    assertContains(response, response.context["key"])
    assert "no-store" in response["Cache-Control"]
    assert staff.get(PAGE).context["key"] == response.context["key"]
    assert device.config_url.startswith("otpauth://totp/Expense%20Tracker%20API%3Asarah?secret=")


def test_a_key_that_is_not_confirmed_is_not_asked_for(staff: Client) -> None:
    staff.get(PAGE)

    response = staff.post(PAGE, {"code": "000000"})

    assert response.context["form"].errors == {"code": WRONG}
    _, response = log_in()
    assertRedirects(response, INDEX)


def test_once_it_is_confirmed_the_log_in_asks_for_a_code(staff: Client, sarah: User) -> None:
    set_up(staff)

    assertRedirects(log_in(code_now())[1], INDEX)
    _, response = log_in()
    message = "Enter the code that your authenticator app shows, or a recovery code."
    assert response.context["form"].errors == {"code": [message]}
    assert [entry.change_message for entry in LogEntry.objects.filter(object_id=sarah.pk)] == [
        "Set up a second factor."
    ]


def test_a_code_is_good_once(staff: Client) -> None:
    set_up(staff)
    code = code_now()
    log_in(code)

    _, response = log_in(code)

    assert response.context["form"].errors == {"code": WRONG}


def test_whoever_sets_it_up_stays_logged_in_and_other_browsers_do_not(staff: Client, sarah: User) -> None:
    other = Client()
    other.force_login(sarah)

    set_up(staff)

    assert staff.get(INDEX).status_code == 200
    assertRedirects(other.get(INDEX), f"{LOGIN}?next={INDEX}")


def test_a_recovery_code_logs_in_once(staff: Client) -> None:
    code = set_up(staff)[3]

    assertRedirects(log_in(f" {code.upper()} ")[1], INDEX)
    assert log_in(code)[1].context["form"].errors == {"code": WRONG}
    assertContains(staff.get(PAGE), "Recovery codes left: <strong>9</strong>")


def test_recovery_codes_are_shown_once_and_replaced_with_a_code(staff: Client) -> None:
    old = set_up(staff)
    for code in old:
        assertNotContains(staff.get(PAGE), code)

    response = staff.post(PAGE, {"code": code_now()})

    new = response.context["codes"]
    assert not set(old) & set(new)
    assert set(StaticToken.objects.values_list("token", flat=True)) == set(new)


def test_it_is_removed_with_a_code_only(staff: Client) -> None:
    recovery = set_up(staff)[0]

    response = staff.post(PAGE, {"code": "000000", "_remove": ""})
    assert response.context["form"].errors == {"code": WRONG}

    response = staff.post(PAGE, {"code": recovery, "_remove": ""})

    assertContains(response, "The second factor is removed.")
    assert not TOTPDevice.objects.filter(confirmed=True).exists()
    assert not StaticDevice.objects.exists()
    assertRedirects(log_in()[1], INDEX)


@pytest.mark.parametrize("code", ["000000", "nonsense", "\u0663\u0661", "1" * 20, "x y"])
def test_wrong_codes_have_to_wait(staff: Client, code: str) -> None:
    set_up(staff)
    _, response = log_in(code)
    assert "code" in response.context["form"].errors

    if len(code) == 6:
        _, response = log_in(code_now())
        assert response.context["form"].errors == {"code": ["Wrong codes came shortly before. Try again in 1 s."]}
    unthrottle()
    assertRedirects(log_in(code_now())[1], INDEX)


def test_wrong_codes_count_as_wrong_passwords_do(staff: Client, settings: Any) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS = 3
    set_up(staff)
    for number in range(3):
        assert log_in(f"00000{number}")[1].status_code == 200
        unthrottle()

    assert log_in(code_now())[1].status_code == 429


def test_a_code_that_is_right_is_not_counted(staff: Client, settings: Any) -> None:
    settings.LOGINS_PER_NAME_AND_ADDRESS = 3
    for code in set_up(staff)[:5]:
        assertRedirects(log_in(code)[1], INDEX)


def test_without_the_right_password_no_code_is_looked_at(staff: Client) -> None:
    code = set_up(staff)[0]

    _, response = log_in(code, password="wrong")

    assert "code" not in response.context["form"].errors
    assert StaticToken.objects.filter(token=code).exists()


def test_a_one_time_password_is_not_used_up_by_a_wrong_code(staff: Client, sarah: User) -> None:
    recovery = set_up(staff)[0]
    password = sarah.set_one_time_password()
    sarah.save()

    assert log_in("000000", password)[1].status_code == 200
    assertRedirects(log_in(recovery, password)[1], INDEX)


def test_api_asks_for_no_code(staff: Client) -> None:
    set_up(staff)

    assert APIClient().post("/api/login", {"username": "sarah", "password": PASSWORD}).status_code == 200


def test_superuser_removes_that_of_who_has_lost_the_phone(staff: Client, sarah: User, admin_client: Client) -> None:
    set_up(staff)
    assertContains(admin_client.get(f"{USERS}{sarah.pk}/change/"), "Set up")

    response = admin_client.post(USERS, {"action": "remove_second_factor", "_selected_action": sarah.pk}, follow=True)

    assertContains(response, "The second factor of 1 user is removed.")
    assertRedirects(staff.get(INDEX), f"{LOGIN}?next={INDEX}")
    assertRedirects(log_in()[1], INDEX)
    assertContains(admin_client.get(f"{USERS}{sarah.pk}/change/"), "Not set up")


@pytest.mark.usefixtures("groups")
def test_nobody_else_removes_it(staff: Client, sarah: User) -> None:
    set_up(staff)
    clerk = User.objects.create_user("clerk", is_staff=True)
    clerk.groups.set(Group.objects.all())
    client = Client()
    client.force_login(clerk)

    client.post(USERS, {"action": "remove_second_factor", "_selected_action": sarah.pk})

    assert TOTPDevice.objects.filter(confirmed=True).exists()


def test_command_makes_a_recovery_code(staff: Client, capsys: pytest.CaptureFixture[str]) -> None:
    set_up(staff)
    capsys.readouterr()

    call_command("addstatictoken", "sarah")

    assertRedirects(log_in(capsys.readouterr().out.strip())[1], INDEX)


@pytest.mark.parametrize("path", [INDEX, "/admin/expenses/expense/", "/admin/password_change/", "/admin/nothing/"])
def test_where_it_is_required_staff_without_see_nothing_but_the_page(sarah: User, settings: Any, path: str) -> None:
    settings.ADMIN_REQUIRE_2FA = True
    client, _ = log_in()

    assertRedirects(client.get(path), PAGE)

    assertContains(client.get(PAGE), "Here all staff need one.")
    set_up(client)
    assert client.get(INDEX).status_code == 200


def test_where_it_is_required_a_session_without_a_code_has_to_log_in_again(staff: Client, settings: Any) -> None:
    set_up(staff)
    settings.ADMIN_REQUIRE_2FA = True
    client = Client()
    client.force_login(User.objects.get())

    assertRedirects(client.get(INDEX), f"{LOGIN}?next={INDEX}")

    client, _ = log_in(code_now())
    assert client.get(INDEX).status_code == 200


def test_where_it_is_required_the_api_and_other_people_are_as_ever(alice: APIClient, settings: Any) -> None:
    settings.ADMIN_REQUIRE_2FA = True

    assert alice.get("/api/me").status_code == 200
    client = Client()
    client.force_login(User.objects.get())
    assertRedirects(client.get(INDEX), f"{LOGIN}?next={INDEX}")
    assert client.get(LOGIN).status_code == 200


def test_page_is_for_staff(alice: APIClient) -> None:
    client = Client()
    assertRedirects(client.get(PAGE), f"{LOGIN}?next={PAGE}")
    client.force_login(User.objects.get())
    assertRedirects(client.get(PAGE), f"{LOGIN}?next={PAGE}")
    assert not TOTPDevice.objects.exists()
