"""How the admin's list of sessions names what a session was opened with."""

import pytest
from django.test import Client

from accounts.actions import open_session
from accounts.admin.user_agents import shorten
from accounts.models import User

APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0"


@pytest.mark.parametrize(
    ("user_agent", "short"),
    [
        (f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Safari/537.36", "Chrome on Linux"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/131.0.0.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {APPLE} Version/17.5 Safari/605.1.15", "Safari on macOS"),
        (
            f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {APPLE} Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {CHROME} Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0", "Firefox on Android"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME} Safari/537.36 OPR/116.0.0.0", "Opera on ChromeOS"),
        ("curl/7.88.1", "curl"),
        ("okhttp/4.12.0", "okhttp"),
        ("python-requests/2.32.3 (by cron)", "python-requests"),
        ("Dart/3.5 (dart:io)", "Dart"),
        ("My phone", "My"),
        ("(nothing)", "(nothing)"),
        ("", ""),
    ],
)
def test_a_user_agent_is_shortened(user_agent: str, short: str) -> None:
    assert shorten(user_agent) == short


def test_the_list_shows_first_whether_a_session_is_live(admin_client: Client, admin_user: User) -> None:
    open_session(user=admin_user, user_agent=f"Mozilla/5.0 (X11; Linux x86_64) {CHROME} Safari/537.36")

    response = admin_client.get("/admin/accounts/session/")

    changelist = response.context["cl"]
    assert changelist.list_display[1:5] == ["live", "user", "name", "client"]
    assert "Select session to view" in response.content.decode()
    assert '<td class="field-client">Chrome on Linux</td>' in response.content.decode()
