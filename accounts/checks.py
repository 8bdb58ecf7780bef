"""The deployment check of rate limits."""

from typing import Any

from django.conf import settings
from django.core import checks


def check_proxies(**kwargs: Any) -> list[checks.CheckMessage]:
    """Return a warning where a proxy ends TLS, since gunicorn does not, but no proxy is counted."""
    if settings.HTTPS and not settings.TRUSTED_PROXY_COUNT:
        return [
            checks.Warning(
                "TRUSTED_PROXY_COUNT is 0: behind a proxy all clients have one address, and share its limits.",
                hint="Set it to the number of proxies that append to X-Forwarded-For: 1 for nginx, Heroku or Vercel.",
                id="accounts.W001",
            )
        ]
    return []
