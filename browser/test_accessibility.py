"""Pages of /admin/ by the rules of axe-core."""

from playwright.sync_api import Page

from browser.accessibility import Excuse, expect_accessible

# What Django's own templates break.
DJANGO = [
    Excuse("page-has-heading-one", "html", "The log-in shows the site's name alone, which is no heading."),
]


def test_the_log_in_is_accessible(page: Page) -> None:
    page.goto("/admin/login/")

    expect_accessible(page, DJANGO)
