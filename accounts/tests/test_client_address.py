"""The address that a limit counts for, behind proxies and without."""

from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import RequestFactory

from accounts.tests.api import WRONG, log_in
from accounts.throttling import client_address, warn_of_untrusted_proxy


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        (0, "192.0.2.1", None, "192.0.2.1"),
        (0, "192.0.2.1", "203.0.113.7", "192.0.2.1"),
        (1, "192.0.2.1", "203.0.113.7", "203.0.113.7"),
        (1, "192.0.2.1", "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (1, "192.0.2.1", "198.51.100.1,203.0.113.7 ", "203.0.113.7"),
        (1, "192.0.2.1", None, "192.0.2.1"),
        (2, "192.0.2.1", "198.51.100.1, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "192.0.2.1", "203.0.113.7", "192.0.2.1"),
        (0, "2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        (0, "2001:db8:1:2::", None, "2001:db8:1:2::/64"),
        (0, "2001:db8:1:3::", None, "2001:db8:1:3::/64"),
        (1, "::1", "2001:DB8:1:2::99", "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.1", None, "192.0.2.1"),
        (0, "", None, ""),
        (1, "::1", "203.0.113.9:50000", "203.0.113.9"),
        (1, "::1", "[2001:db8:1:2::99]:443", "2001:db8:1:2::/64"),
        (1, "::1", "[2001:db8:1:2::99]", "2001:db8:1:2::/64"),
        (1, "::1", "::ffff:192.0.2.1", "192.0.2.1"),
        (1, "::1", "unknown", "unknown"),
    ],
)
def test_client_address_is_the_one_that_the_trusted_proxies_saw(
    settings: Any, proxies: int, peer: str, forwarded: str | None, address: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    headers: dict[str, Any] = {"REMOTE_ADDR": peer} | (
        {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
    )

    assert client_address(RequestFactory().get("/", **headers)) == address


@pytest.mark.parametrize("proxies", [0, 1, 2])
def test_forged_x_forwarded_for_does_not_bypass_the_limit(db: None, settings: Any, proxies: int) -> None:
    settings.TRUSTED_PROXY_COUNT, settings.LOGINS_PER_NAME_AND_ADDRESS = proxies, 2
    appended = ["203.0.113.7", "10.0.0.1"][:proxies]

    statuses = [
        log_in(password=WRONG, HTTP_X_FORWARDED_FOR=", ".join([f"198.51.100.{number}", *appended])).status_code
        for number in range(4)
    ]

    assert statuses == [401, 401, 429, 429]


@pytest.mark.parametrize("forwarded", ["203.0.113.9:{}", "[2001:db8::1]:{}"])
def test_another_port_does_not_bypass_the_limit(db: None, settings: Any, forwarded: str) -> None:
    settings.TRUSTED_PROXY_COUNT, settings.LOGINS_PER_ADDRESS = 1, 2

    statuses = [
        log_in(username=f"nobody-{port}", HTTP_X_FORWARDED_FOR=forwarded.format(port)).status_code
        for port in range(50000, 50004)
    ]

    assert statuses == [401, 401, 429, 429]


def test_untrusted_proxy_is_warned_about_once(db: None, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    warn_of_untrusted_proxy.cache_clear()
    log_in(password=WRONG)
    settings.TRUSTED_PROXY_COUNT = 1
    log_in(password=WRONG, HTTP_X_FORWARDED_FOR="203.0.113.7")
    assert "TRUSTED_PROXY_COUNT" not in caplog.text

    settings.TRUSTED_PROXY_COUNT = 0
    for _ in range(2):
        log_in(password=WRONG, HTTP_X_FORWARDED_FOR="203.0.113.7")

    [warning] = [record for record in caplog.records if "TRUSTED_PROXY_COUNT" in record.getMessage()]
    assert warning.levelname == "WARNING"


@pytest.mark.parametrize(("https", "proxies", "warned"), [(True, 0, True), (True, 1, False), (False, 0, False)])
def test_deployment_check_asks_for_the_number_of_proxies(
    settings: Any, https: bool, proxies: int, warned: bool
) -> None:
    settings.HTTPS, settings.TRUSTED_PROXY_COUNT = https, proxies

    found = [message for message in run_checks(include_deployment_checks=True) if message.id == "accounts.W001"]

    assert ["TRUSTED_PROXY_COUNT is 0" in message.msg for message in found] == [True] * warned
