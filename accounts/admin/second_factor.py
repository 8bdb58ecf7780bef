"""The page on which staff set up their second factor, and remove it."""

from base64 import b32encode
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString, mark_safe
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor
from accounts.admin.login import WRONG_CODE, CodeField
from accounts.models import User
from accounts.second_factor import TooManyCodes
from expense_tracker.admin import note_change


class CodeForm(forms.Form):
    """A code of a device that is to be confirmed, or, with none, a code of what the user has set up."""

    code = CodeField()

    def __init__(self, *args: Any, user: User, device: TOTPDevice | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        self.user, self.device = user, device

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        try:
            if self.device:
                is_right = second_factor.check_code(self.device, code.replace(" ", ""))
            else:
                is_right = second_factor.use_code(self.user, code) is not None
        except TooManyCodes as error:
            raise ValidationError(error.sentence) from None
        if not is_right:
            raise ValidationError(WRONG_CODE)
        return code


def second_factor_page(request: HttpRequest, model_admin: admin.ModelAdmin) -> HttpResponse:
    """Show what there is; with a code that is right, confirm it, remove it (`_remove`) or make new recovery codes."""
    user: Any = request.user
    confirmed = second_factor.find_device(user)
    device = None if confirmed else second_factor.begin_setup(user)
    form = CodeForm(request.POST if request.method == "POST" else None, user=user, device=device)
    codes: list[str] = []
    if form.is_valid():
        if device:
            codes = second_factor.confirm(device)
            log_in_again(request, user, device)
            note_change(request, [user], "Set up a second factor.")
        elif "_remove" in request.POST:
            second_factor.remove([user])
            log_in_again(request, user, None)
            note_change(request, [user], "Removed the second factor.")
            model_admin.message_user(request, "The second factor is removed.")
            confirmed, device = None, second_factor.begin_setup(user)
            form = CodeForm(user=user, device=device)
        else:
            codes = second_factor.make_recovery_codes(user)
            note_change(request, [user], "Made new recovery codes.")
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Second factor",
        "is_nav_sidebar_enabled": False,
        "form": form,
        "codes": codes,
        "confirmed": confirmed,
        "codes_left": second_factor.count_recovery_codes(user) if confirmed else 0,
        "is_required": settings.ADMIN_REQUIRE_2FA,
        **(describe(device) if device else {}),
    }
    return TemplateResponse(request, "admin/accounts/second_factor.html", context)


def log_in_again(request: HttpRequest, user: Any, device: TOTPDevice | None) -> None:
    """Begin a session anew: all others of the user have ended. It remembers that a code of the device was entered."""
    user.otp_device = device
    request.session.flush()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])


def describe(device: TOTPDevice) -> dict[str, Any]:
    """Return the key as text in groups of four, and with its account and issuer as a QR code."""
    key = b32encode(device.bin_key).decode()
    return {
        "key": " ".join(key[start : start + 4] for start in range(0, len(key), 4)),
        "qr_code": draw(device.config_url),
    }


def draw(text: str) -> SafeString:
    """Return a QR code as SVG, dark on light in dark mode too: not all apps read it otherwise."""
    drawing = segno.make(text, micro=False).svg_inline(scale=4, dark="#000", light="#fff", omitsize=True)
    return mark_safe(drawing)  # noqa: S308  # nosec B308 B703  # drawn here
