"""Limits: how often one may try to log in, to register, and to call the API at all."""

import functools
import hashlib
import ipaddress
import logging
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.models import RateCounter, fold_username
from expense_tracker.logs import log_event

logger = logging.getLogger(__name__)

# In seconds.
MINUTE = 60
LOGIN_WINDOW = 15 * MINUTE
REGISTRATION_WINDOW = 60 * MINUTE


class TooManyAttempts(Throttled):
    default_detail = "Too many attempts."

    def __init__(self, until: int) -> None:
        super().__init__(wait=max(1, until - int(time.time())))


@functools.cache  # once in a process
def warn_of_untrusted_proxy() -> None:
    logger.warning(
        "X-Forwarded-For arrives, but TRUSTED_PROXY_COUNT is 0: if a proxy sends it, all clients share its limits."
    )


def without_port(address: str) -> str:
    """Return the address of `203.0.113.9:50000` or `[2001:db8::1]:443`, as some proxies write them, and others as they
    are."""
    if address.startswith("["):
        return address[1:].partition("]")[0]
    host, _, port = address.rpartition(":")
    return host if "." in host and port.isdecimal() else address


def client_address(request: HttpRequest | Request) -> str:
    """Return where a request comes from: the peer, or what the trusted proxies in front of it say.

    Whatever a client writes into X-Forwarded-For stands to the left of what they append. IPv6 counts by network: a /64
    is one customer's. A port does not count."""
    address: str = request.META.get("REMOTE_ADDR", "")
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR")
    hops = forwarded.split(",") if forwarded else []
    if hops and not settings.TRUSTED_PROXY_COUNT:
        warn_of_untrusted_proxy()
    if 0 < settings.TRUSTED_PROXY_COUNT <= len(hops):
        address = hops[-settings.TRUSTED_PROXY_COUNT].strip()
    try:
        parsed = ipaddress.ip_address(without_port(address))
    except ValueError:
        return address
    if parsed.version == 4:  # noqa: PLR2004  # IPv4
        return str(parsed)
    return str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))


def counter_key(*parts: str) -> str:
    """User names and addresses are not kept, only counted."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class RateLimitedAttempt:
    """Counts an attempt for each key, `{key: limit}`, before the work that the limit protects is done.

    Raises TooManyAttempts where a limit is passed; the attempt is then not counted anywhere, so that nobody can use up
    a limit that others share with refused attempts."""

    def __init__(self, limits: dict[str, int], window: int) -> None:
        self.keys = list(limits)
        counted = RateCounter.objects.count_up(self.keys, window=window)
        passed = [window_ends for key, (count, window_ends) in counted.items() if count > limits[key]]
        if passed:
            self.refund()
            log_event("limit hit")
            raise TooManyAttempts(max(passed))

    def refund(self) -> None:
        RateCounter.objects.count_down(self.keys)


def count_login(request: HttpRequest, username: str) -> RateLimitedAttempt:
    name, address = fold_username(username), client_address(request)
    return RateLimitedAttempt(
        {
            counter_key("login", name, address): settings.LOGINS_PER_NAME_AND_ADDRESS,
            counter_key("login name", name): settings.LOGINS_PER_NAME,
            counter_key("login address", address): settings.LOGINS_PER_ADDRESS,
        },
        LOGIN_WINDOW,
    )


def count_registration(request: Request) -> RateLimitedAttempt:
    key = counter_key("registration", client_address(request))
    return RateLimitedAttempt({key: settings.REGISTRATIONS_PER_ADDRESS}, REGISTRATION_WINDOW)


class UserRateThrottle(BaseThrottle):
    """All requests of one user, USER_REQUESTS_PER_MINUTE in each minute of the clock: one increment in the cache, which
    is Redis for all processes where REDIS_URL is set, else each process counts for itself."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.user is None:
            return True
        key = f"requests:{request.user.pk}:{int(time.time()) // MINUTE}"
        try:
            count = self.increment(key)
        except Exception:  # the limit protects the service; it must not end it when Redis, an optional package, is away
            logger.exception("Requests cannot be counted.")
            return True
        if count == settings.USER_REQUESTS_PER_MINUTE + 1:  # once in a minute, however many follow
            log_event("limit hit", user_id=request.user.pk)
        return count <= settings.USER_REQUESTS_PER_MINUTE

    def increment(self, key: str) -> int:
        try:
            return cache.incr(key)
        except ValueError:  # the first one of this minute
            return 1 if cache.add(key, 1, timeout=MINUTE) else cache.incr(key)

    def wait(self) -> float:
        return MINUTE - time.time() % MINUTE
