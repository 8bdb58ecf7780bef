"""Every kind of page of /admin/ by the rules of axe-core, wide and light, and narrow and dark."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.accessibility import Excuse, expect_accessible
from faults.client import PASSWORD

# What Django's own templates and scripts break.
DJANGO = [
    Excuse("page-has-heading-one", "html", "The log-in shows the site's name alone, which is no heading."),
    Excuse(
        "aria-input-field-name",
        ".select2-selection, .select2-selection__rendered",
        "Select2, which stands for a choice of many, does not take over the name of the field.",
    ),
    Excuse(
        "aria-prohibited-attr",
        ".help-tooltip",
        "The two lists to choose groups and permissions from explain their search by an icon with a label.",
    ),
]
# Lists of which a row leads to a page, its history and its deletion.
LISTS = {
    "/admin/accounts/user/": ("change/", "history/", "delete/", "password/"),
    "/admin/accounts/session/": ("change/", "history/"),
    "/admin/admin/logentry/": ("change/",),
    "/admin/auth/group/": ("change/", "history/", "delete/"),
    "/admin/expenses/budget/": (),
    "/admin/expenses/expense/": ("change/", "history/", "delete/"),
}
OTHERS = [
    "/admin/",
    "/admin/expenses/",
    "/admin/password_change/",
    "/admin/accounts/user/add/",
    "/admin/auth/group/add/",
    "/admin/expenses/budget/add/",
    "/admin/expenses/expense/add/",
    "/admin/expenses/expense/import/",
    "/admin/expenses/expense/?amount_min=x&deleted=true",
]
LOOKS: dict[str, tuple[int, Literal["light", "dark"]]] = {"wide": (1200, "light"), "narrow": (390, "dark")}


def log_in(page: Page) -> None:
    page.goto("/admin/login/")
    page.get_by_label("Username").fill("sarah")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()


def addresses(page: Page) -> Iterator[str]:
    yield from OTHERS
    for path, of_a_row in LISTS.items():
        yield path
        page.goto(path)
        if of_a_row:
            link = page.locator("#result_list tbody tr a").first.get_attribute("href") or ""
            yield from (link.split("/change/")[0] + "/" + name for name in of_a_row)


def look(page: Page, name: str) -> None:
    width, colours = LOOKS[name]
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=colours)


@pytest.mark.parametrize("name", LOOKS)
def test_every_kind_of_page_is_accessible_and_none_is_wider_than_the_window(page: Page, name: str) -> None:
    look(page, name)
    page.goto("/admin/login/")
    expect_accessible(page, DJANGO)
    log_in(page)
    # The first action, so that there is one to look at.
    page.goto("/admin/auth/group/add/")
    page.get_by_label("Name:").fill(f"Looked at {name}")
    page.get_by_role("button", name="Save", exact=True).click()

    for path in addresses(page):
        page.goto(path)
        expect_accessible(page, DJANGO)
        assert page.evaluate("document.documentElement.scrollWidth") <= LOOKS[name][0], path


@pytest.mark.parametrize("name", LOOKS)
def test_error_pages_are_accessible(browser: Browser, base: str, name: str) -> None:
    # In a window of its own: the others take an answer of 404 for a mistake of the page.
    with browser.new_context(base_url=base) as context:
        page = context.new_page()
        look(page, name)
        log_in(page)
        for path, heading in (
            ("/admin/nothing/", "Not found"),
            ("/admin/accounts/session/add/", "You may not do this"),
            ("/admin/accounts/user/?date_joined__year=9999", "This cannot be read"),
        ):
            page.goto(path)
            expect(page.get_by_role("heading", name=heading)).to_be_visible()
            expect_accessible(page, DJANGO)
