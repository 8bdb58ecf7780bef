"""Errors of the admin: pages for people, in its look and with a way back."""

from http import HTTPStatus
from math import ceil

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

# Title and text, where what the API says would not help.
TEXTS = {
    400: ("This cannot be read", "Something in the address or in the form is not what this page takes."),
    403: ("You may not do this", "Your account has no permission for it. If you need it, ask a superuser."),
    404: ("Not found", "There is no such page, or what it showed is gone."),
    405: ("Not by this way", "This address cannot be opened as a page."),
    429: ("Too many attempts", "This was tried too often."),
    500: ("Something went wrong", "It is an error of the server, and is in its log. Nothing was saved."),
}


def error_page(request: HttpRequest, status_code: int, detail: str, retry_after: int | None = None) -> HttpResponse:
    """Return the page for a status code. `detail`, a sentence, is shown where the code alone says too little;
    `retry_after` are the seconds after which the same may succeed."""
    title, text = TEXTS.get(status_code, (HTTPStatus(status_code).phrase, detail))
    context = {"title": title, "text": text, "again": wait(retry_after)}
    if status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # Who asks is in the database, which may be what does not answer.
        names = {"site_title": admin.site.site_title, "site_header": admin.site.site_header}
        return HttpResponse(render_to_string("admin/error.html", names | context), status=status_code)
    context |= admin.site.each_context(request)
    context["is_nav_sidebar_enabled"] = context["has_permission"]
    return HttpResponse(render_to_string("admin/error.html", context, request), status=status_code)


def wait(seconds: int | None) -> str:
    """Return when to try again, in seconds or, from two minutes on, in minutes."""
    if seconds is None:
        return ""
    number, unit = (ceil(seconds / 60), "minute") if seconds >= 2 * 60 else (seconds, "second")
    return f"Try again in {number} {unit}{'' if number == 1 else 's'}."


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without the right token (403); only the admin has forms that need one."""
    text = "This form is out of date, as after logging in in another window. Load its page again and send it once more."
    page = {"title": "Please send this again", "text": text, **admin.site.each_context(request)}
    return HttpResponse(render_to_string("admin/error.html", page, request), status=403)
