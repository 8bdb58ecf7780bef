"""Rate limits for logins, registrations and API requests."""

import functools
import hashlib
import ipaddress
import logging
import time
from math import ceil
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts.exceptions import TooManyAttempts
from accounts.models import RateCounter, User, fold_username
from accounts.request_counts import request_counts
from expense_tracker.logs import log_event

logger = logging.getLogger(__name__)

# In seconds.
MINUTE = 60
LOGIN_WINDOW = 15 * MINUTE
REGISTRATION_WINDOW = 60 * MINUTE
KNOWN_ADDRESS_WINDOW = 30 * 24 * 60 * MINUTE


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
    """Return the address that a request comes from: the peer's, or the one that the trusted proxies appended.

    What a client itself writes into X-Forwarded-For stands to the left of that. An IPv6 address counts as its /64
    network, which belongs to one customer. A port does not count."""
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
    """Return a hash: user names and addresses are not stored."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


class RateLimitedAttempt:
    """Count one attempt for each key, `{key: limit}`, before the protected work is done.

    If any limit is exceeded, undo the counts and raise TooManyAttempts, so that refused attempts never use up a limit
    that others share. `window` is in seconds."""

    def __init__(self, limits: dict[str, int], window: int) -> None:
        self.keys = list(limits)
        counted = RateCounter.objects.count_up(self.keys, window=window)
        exceeded = [window_ends for key, (count, window_ends) in counted.items() if count > limits[key]]
        if exceeded:
            self.refund()
            log_event("limit hit")
            raise TooManyAttempts(seconds=max(1, max(exceeded) - int(time.time())))

    def refund(self) -> None:
        """Take the counts back: the attempt succeeded, or was not made."""
        RateCounter.objects.count_down(self.keys)


class LoginAttempt(RateLimitedAttempt):
    """An attempt to log in to a name from an address.

    Strangers can use up the limit of a name, but not for an address that lately logged in to it."""

    def __init__(self, request: HttpRequest, username: str) -> None:
        name, address = fold_username(username), client_address(request)
        self.known_address = counter_key("known address", name, address)
        limits = {
            counter_key("login", name, address): settings.LOGINS_PER_NAME_AND_ADDRESS,
            counter_key("login address", address): settings.LOGINS_PER_ADDRESS,
        }
        try:
            super().__init__(limits | {counter_key("login name", name): settings.LOGINS_PER_NAME}, LOGIN_WINDOW)
        except TooManyAttempts:
            if not RateCounter.objects.is_running(self.known_address):
                raise
            super().__init__(limits, LOGIN_WINDOW)

    def succeed(self) -> None:
        """Take the counts back, and remember the address."""
        RateCounter.objects.count_down(self.keys, begin={self.known_address: KNOWN_ADDRESS_WINDOW})


def count_password_check(user: User) -> RateLimitedAttempt:
    """Count the check of a logged-in user's password, apart from logins: those may be a stranger's."""
    return RateLimitedAttempt(
        {counter_key("password check", str(user.pk)): settings.LOGINS_PER_NAME_AND_ADDRESS}, LOGIN_WINDOW
    )


def count_registration(request: Request) -> RateLimitedAttempt:
    key = counter_key("registration", client_address(request))
    return RateLimitedAttempt({key: settings.REGISTRATIONS_PER_ADDRESS}, REGISTRATION_WINDOW)


class UserRateThrottle(BaseThrottle):
    """Allow each user USER_REQUESTS_PER_MINUTE requests in each minute of the clock, and say in every answer how many
    are left (draft-ietf-httpapi-ratelimit-headers-11)."""

    def allow_request(self, request: Request, view: Any) -> bool:
        user: Any = request.user
        if user is None:
            return True
        limit = settings.USER_REQUESTS_PER_MINUTE
        count = request_counts().add(user.pk, int(time.time()) // MINUTE)
        view.headers["RateLimit-Policy"] = f'"user";q={limit};w={MINUTE}'
        view.headers["RateLimit"] = f'"user";r={max(0, limit - count)};t={ceil(self.wait())}'
        if count == limit + 1:  # once a minute, however many follow
            log_event("limit hit", user_id=user.pk)
        return count <= limit

    def wait(self) -> float:
        return MINUTE - time.time() % MINUTE
