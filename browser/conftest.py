"""A server with some people and their expenses, and a browser whose windows let nothing go wrong unseen."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, FloatRect, Page, Request, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from faults.client import PASSWORD
from faults.server import environment, manage, serving

MISSING = "THE BROWSER TEST DID NOT RUN: there is no {}. To install one: apt-get install chromium"
# How long a step may take, on a machine that is busy.
MILLISECONDS = 20_000
PICTURE: FloatRect = {"x": 0, "y": 0, "width": 1200, "height": 640}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--screenshots", type=Path, metavar="FOLDER", help="write the pictures of the README there")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Debian's, or the browser that CHROMIUM names, which must be there."""
    required = os.environ.get("CHROMIUM")
    path = shutil.which(required or "chromium")
    if path:
        return path
    message = MISSING.format(required or "chromium")
    return pytest.fail(message, pytrace=False) if required else pytest.skip(message)


@pytest.fixture(scope="session")
def base(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server as in production: sarah is staff, alice has two years of expenses, bob has none."""
    folder = tmp_path_factory.mktemp("server")
    env = environment(f"sqlite:///{folder}/db.sqlite3", DJANGO_SUPERUSER_PASSWORD=PASSWORD)
    manage("migrate", "--verbosity=0", env=env)
    manage("createsuperuser", "--no-input", "--username=sarah", env=env)
    with serving(env, folder) as server:
        for name in ("alice", "bob"):
            server.person(name).close()
        manage("demo_data", "--user=alice", env=env)
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="session")
def browser(chromium: str, base: str) -> Iterator[Browser]:
    expect.set_options(timeout=MILLISECONDS)
    options = ["--disable-gpu", "--disable-quic"]
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium, args=options) as browser:
        yield browser


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """A window of its own. The test fails where the page logs an error or has one, where a request fails, and where one
    leaves for another host."""
    context = browser.new_context(base_url=base, viewport={"width": 1200, "height": 800}, locale="en-GB")
    context.set_default_timeout(MILLISECONDS)
    wrong: list[str] = []

    def check_host(request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme not in {"data", "blob"} and f"{url.scheme}://{url.netloc}" != base:
            wrong.append(f"request to elsewhere: {request.url}")

    def check_failure(request: Request) -> None:
        # What the browser itself gives up has not failed: a link that leads to a file, what the next page does not use.
        if request.failure != "net::ERR_ABORTED":
            wrong.append(f"request failed: {request.url} {request.failure}")

    def check_message(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning", "assert"}:
            wrong.append(f"console {message.type}: {message.text}")

    context.on("request", check_host)
    context.on("requestfailed", check_failure)
    context.on("console", check_message)
    context.on("weberror", lambda error: wrong.append(f"page error: {error.error}"))
    page = context.new_page()
    yield page
    # What the last step began counts too.
    try:
        page.wait_for_load_state("networkidle")
    except PlaywrightTimeoutError:
        wrong.append("a request has no end")
    context.close()
    assert wrong == []


@pytest.fixture
def photograph(page: Page, pytestconfig: pytest.Config) -> Callable[[str], None]:
    """Takes a picture of the window for the README, where pictures are asked for."""
    folder: Path | None = pytestconfig.getoption("--screenshots")

    def take(name: str) -> None:
        if folder:
            page.screenshot(path=folder / f"{name}.png", full_page=True, clip=PICTURE)

    return take
