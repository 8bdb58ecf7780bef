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


def authorize(page: Page) -> Locator:
    """The dialog behind the button."""
    page.get_by_role("button", name="Authorize", exact=True).click()
    return page.get_by_role("dialog", name="Authorize")


def test_a_newcomer_registers_logs_in_and_keeps_an_expense(page: Page) -> None:
    page.goto("/docs")
    response = try_out(page, "Accounts-register", {"username": "carol", "password": PASSWORD})
    expect_answer(response, 201, "User created successfully")

    dialog = authorize(page)
    expect(dialog.get_by_role("textbox")).to_have_count(3)
    dialog.get_by_label("User name").fill("carol")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_label("Password").press("Enter")
    expect(dialog).to_have_count(0)

    response = try_out(page, "Expenses-create_expense", {"amount": 2500, "category": "Food", "description": "Lunch"})
    expect_answer(response, 201, '"amount": 2500')

    response = try_out(page, "Expenses-list_expenses")
    expect_answer(response, 200, '"description": "Lunch"')


def test_the_log_in_survives_a_reload_and_ends_with_log_out(page: Page) -> None:
    page.goto("/docs")
    dialog = authorize(page)
    dialog.get_by_label("User name").fill("bob")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Log in").click()
    expect(dialog).to_have_count(0)

    page.reload()

    expect_answer(try_out(page, "Accounts-read_me"), 200, '"username": "bob"')
    kept = json.loads(page.evaluate("localStorage.authorized"))
    assert PASSWORD not in json.dumps(kept)
    token = kept["bearer"]["value"]

    dialog = authorize(page)
    expect(dialog).to_contain_text("You are logged in as bob.")
    dialog.get_by_role("button", name="Log out").click()
    expect(dialog).to_have_count(0)

    response = page.request.get("/api/me", headers={"Authorization": f"Bearer {token}"})
    assert (response.status, response.json()["code"]) == (401, "session_ended")
    page.goto("/docs")
    expect(authorize(page).get_by_label("User name")).to_be_visible()


def test_a_token_is_pasted(page: Page) -> None:
    login = {"username": "bob", "password": PASSWORD}
    token = page.request.post("/api/login", data=login).json()["access_token"]
    page.goto("/docs")

    dialog = authorize(page)
    dialog.get_by_label("token that you have").fill(f"Bearer {token}")
    dialog.get_by_role("button", name="Use token").click()
    expect(dialog).to_have_count(0)

    expect_answer(try_out(page, "Accounts-read_me"), 200, '"username": "bob"')


def test_errors_are_folded(page: Page) -> None:
    page.goto("/docs")
    block = page.locator("#operations-Expenses-create_expense")
    block.locator(".opblock-summary-control").click()
    not_yours = block.get_by_text("not_authenticated")
    expect(block.get_by_text("The access token is missing")).to_be_visible()
    expect(not_yours).to_have_count(0)

    block.get_by_role("button", name="401").click()
    expect(not_yours).to_be_visible()

    block.get_by_role("button", name="401").click()
    expect(not_yours).to_have_count(0)


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


def test_redoc_shows_samples_and_no_broken_picture(page: Page) -> None:
    page.goto("/redoc")
    operation = page.locator("[id='tag/Accounts/operation/register']")

    for language, text in {"curl": "curl -X POST", "Python": "import requests", "JavaScript": "await fetch"}.items():
        operation.get_by_role("tab", name=language, exact=True).click()
        expect(operation).to_contain_text(text)

    expect(page.locator("img[alt*=logo]")).to_be_hidden()
