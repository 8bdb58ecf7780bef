"""Errors, sent to Sentry where SENTRY_DSN is set: what the log has at the level ERROR, without what people send."""

from typing import Any

import sentry_sdk
from django.conf import settings

from expense_tracker.logs import request_id


def strip(event: Any, hint: dict[str, Any]) -> Any:
    """Return the event with the route of the request and the `request_id` of the log, and nothing else of the request.

    Of an exception the first line is kept: in those that follow PostgreSQL quotes values."""
    for name in ("request", "extra", "user", "breadcrumbs"):
        event.pop(name, None)
    if "logentry" in event:
        event["logentry"] = {"message": event["logentry"].get("message")}
    for exception in event.get("exception", {}).get("values", []):
        exception["value"] = (exception.get("value") or "").partition("\n")[0]
    event["tags"] = {"request_id": request_id.get()}
    request = getattr(hint.get("log_record"), "request", None)
    match = getattr(request, "resolver_match", None)
    if request is not None and match is not None:
        event["transaction"] = f"{request.method} /{match.route}"
    return event


def start() -> None:
    sentry_sdk.init(
        dsn=settings.SENTRY_DSN,
        release=settings.API_VERSION,
        before_send=strip,
        auto_enabling_integrations=False,
        auto_session_tracking=False,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
    )
