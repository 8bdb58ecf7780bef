"""/docs and /redoc, as developers of clients use them."""

import json
import re

from playwright.sync_api import Locator, Page, expect

from faults.client import PASSWORD


def try_out(page: Page, operation: str, body: object = None) -> Locator:
    """What the page shows of the response."""
    block = page.locator(f"#operations-{operation}")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    if body:
        block.locator("textarea").fill(json.dumps(body))
    block.get_by_role("button", name="Execute").click()
    return block.locator(".live-responses-table")


def expect_answer(response: Locator, status: int, text: str) -> None:
    expect(response.locator(".response-col_status").last).to_have_text(str(status))
    expect(response.locator("code").first).to_contain_text(text)


def test_a_newcomer_registers_logs_in_and_keeps_an_expense(page: Page) -> None:
    page.goto("/docs")
    response = try_out(page, "Accounts-register", {"username": "carol", "password": PASSWORD})
    expect_answer(response, 201, "User created successfully")

    page.get_by_role("button", name="Authorize").click()
    page.get_by_label("username:").fill("carol")
    page.get_by_label("password:", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Apply given OAuth2 credentials").click()
    expect(page.get_by_role("heading", name="Authorized", exact=True)).to_be_visible()
    # There are two ways to authorize, each with a button: this one, and a token that is pasted.
    page.get_by_role("button", name="Close").first.click()

    response = try_out(page, "Expenses-create_expense", {"amount": 2500, "category": "Food", "description": "Lunch"})
    expect_answer(response, 201, '"amount": 2500')

    response = try_out(page, "Expenses-list_expenses")
    expect_answer(response, 200, '"description": "Lunch"')


def test_redoc_shows_every_operation_and_finds_one(page: Page) -> None:
    document = page.request.get("/openapi.json").json()
    summaries = [operation["summary"] for path in document["paths"].values() for operation in path.values()]

    page.goto("/redoc")
    operations = page.locator("[id^='tag/'][id*='/operation/'] h2")
    expect(operations).to_have_count(len(summaries))
    shown = [text.removesuffix("Deprecated").rstrip() for text in operations.all_inner_texts()]
    assert sorted(shown) == sorted(summaries)

    # The worker that searches does so while somebody types.
    page.get_by_role("textbox", name="Search").press_sequentially("restore")
    page.locator("[data-role='search:results']").get_by_role("menuitem", name="Restore an expense").click()

    expect(page).to_have_url(re.compile("restore_expense$"))
    expect(page.get_by_role("heading", name="Restore an expense")).to_be_in_viewport()
