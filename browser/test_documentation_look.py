"""/, /docs and /redoc on a phone, in the dark and by the rules of axe-core."""

import pytest
from playwright.sync_api import Page, expect

from browser.accessibility import Excuse, expect_accessible

# What of each page shows that it is there.
PAGES = {"/": "h1", "/docs": ".opblock", "/redoc": "[id^='tag/'] h2"}
OPERATION = "#operations-Import_and_export-import_expenses"
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])

# Everything of Swagger UI, which has our own dialog, introduction and folded errors in it.
SWAGGER = ".swagger-ui :not(.authorize-dialog, .authorize-dialog *, details, details *, .folded, .folded *)"
EXCUSES = {
    "/": [],
    "/docs": [
        Excuse("color-contrast", SWAGGER, "Swagger UI: its light colours of methods, links and buttons."),
        Excuse("heading-order", SWAGGER, "Swagger UI: tags are h3 below the h1 of the title."),
        Excuse("nested-interactive", SWAGGER, "Swagger UI: a path can be copied within the button that opens it."),
        Excuse("region", ".swagger-ui *", "Swagger UI: title, introduction and buttons stand outside of its main."),
        Excuse("scrollable-region-focusable", SWAGGER, "Swagger UI: examples with long lines."),
        Excuse("select-name", SWAGGER, "Swagger UI: the choice of an example has no label."),
    ],
    "/redoc": [
        Excuse("color-contrast", "#redoc td span", "Redoc: patterns have one colour, whatever the theme."),
        Excuse("heading-order", "#redoc h5", "Redoc: h5 below h2."),
    ],
}


def show(page: Page, path: str) -> None:
    page.goto(path)
    expect(page.locator(PAGES[path]).first).to_be_visible()


def expect_no_sideways_scroll(page: Page) -> None:
    assert page.evaluate("document.scrollingElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", PAGES)
def test_nothing_scrolls_sideways_on_a_phone(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})

    show(page, path)

    expect_no_sideways_scroll(page)


def test_nothing_opened_scrolls_sideways_on_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    show(page, "/docs")

    for summary in page.locator("summary").all():
        summary.click()
    expect_no_sideways_scroll(page)

    block = page.locator(OPERATION)
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    for error in block.locator(".folded button").all():
        error.click()
    expect_no_sideways_scroll(page)

    page.get_by_role("button", name="Authorize", exact=True).click()
    for button in page.get_by_role("dialog").get_by_role("button").all():
        expect(button).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_dark_where_the_system_is(page: Page, path: str) -> None:
    page.emulate_media(color_scheme="dark")

    show(page, path)

    expect(page.locator("body")).to_have_css("background-color", "rgb(28, 32, 34)")


@SCHEMES
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_accessible(page: Page, path: str, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    show(page, path)

    expect_accessible(page, EXCUSES[path])


@SCHEMES
def test_what_opens_is_accessible(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    show(page, "/docs")
    for summary in page.locator("summary").all():
        summary.click()
    block = page.locator(OPERATION)
    block.locator(".opblock-summary-control").click()
    block.locator(".folded button").first.click()

    expect_accessible(page, EXCUSES["/docs"])

    page.get_by_role("button", name="Authorize", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()

    expect_accessible(page, EXCUSES["/docs"])
