"""ADMIN_REQUIRE_2FA."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.second_factor import find_device

# Names of what the admin shows to staff who have entered no code.
OPEN = {"login", "logout", "jsi18n", "accounts_user_second_factor"}


class SecondFactorMiddleware:
    """Leads staff who have no second factor to the page that sets one up, whatever they ask of the admin."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.ADMIN_REQUIRE_2FA:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or "admin" not in match.app_names or match.url_name in OPEN:
            return None
        user: Any = request.user
        if not user.is_active or not user.is_staff or DEVICE_ID_SESSION_KEY in request.session:
            return None
        if find_device(user) is None:
            return redirect("admin:accounts_user_second_factor")
        logout(request)
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
