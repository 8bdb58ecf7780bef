"""/admin/, as staff use it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from faults.client import PASSWORD

EXPENSES = "/admin/expenses/expense/"
# Long ago, and so not among what the overview shows.
DAY = "2021-03-05"


@pytest.fixture(autouse=True)
def staff(page: Page) -> None:
    """sarah has logged in."""
    page.goto("/admin/")
    page.get_by_label("Username").fill("sarah")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Site administration")).to_be_visible()


def add_expense(page: Page, description: str, amount: str = "12.34") -> None:
    page.goto(EXPENSES)
    page.get_by_role("link", name="Add expense").click()
    page.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill("ali")
    names = page.locator(".select2-results__option")
    expect(names).to_have_text(["alice"])
    names.click()
    # Key by key: `fill` would not show what a field does with a comma.
    page.get_by_label("Amount").press_sequentially(amount)
    page.get_by_label("Category").fill("Leisure")
    page.get_by_label("Description").fill(description)
    page.get_by_label("Date").fill(DAY)
    page.get_by_role("button", name="Save", exact=True).click()
    expect_message(page, "was added successfully")


def search(page: Page, text: str) -> Locator:
    """The rows that the list shows for the text."""
    page.get_by_role("searchbox", name="Search").fill(text)
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url(re.compile(r"[?&]q="))
    return rows(page)


def rows(page: Page) -> Locator:
    return page.locator("#result_list tbody tr")


def expect_message(page: Page, text: str) -> None:
    expect(page.locator(".messagelist")).to_contain_text(text)


def run_action(page: Page, row: Locator, action: str) -> None:
    row.get_by_role("checkbox").check()
    page.get_by_label("Action:").select_option(action)
    page.get_by_role("button", name="Go").click()


def test_overview_shows_figures_charts_and_tables(page: Page, photograph: Callable[[str], None]) -> None:
    overview = page.get_by_role("region", name="Overview")

    names = ["Users", "Active this week", "Spent this month", "Against last month"]
    expect(overview.get_by_role("term")).to_have_text(names)
    expect(overview.get_by_role("img")).to_have_count(2)
    for chart in overview.get_by_role("img").all():
        expect(chart).to_be_visible()
    photograph("overview")

    overview.get_by_text("Show as a table").first.click()

    expect(overview.get_by_role("table").locator("tbody tr")).to_have_count(12)


def test_staff_add_an_expense_find_it_and_change_it(page: Page, photograph: Callable[[str], None]) -> None:
    page.goto(EXPENSES)
    expect(rows(page)).to_have_count(100)
    page.get_by_role("button", name="Toggle navigation").click()
    photograph("expenses")

    add_expense(page, "Tandem for two")

    found = search(page, "TANDEM")
    expect(found).to_have_count(1)
    expect(found).to_contain_text("alice")
    expect(found).to_contain_text("12.34")
    expect(page.locator("#sums")).to_have_text("1 expense, total 12.34, average 12.34")

    found.get_by_role("link", name="12.34").click()
    expect(page.get_by_label("Amount")).to_have_value("12.34")
    page.get_by_label("Amount").fill("56.78")
    page.get_by_role("button", name="Save", exact=True).click()

    expect_message(page, "was changed successfully")
    expect(rows(page)).to_contain_text("56.78")


def test_an_amount_typed_with_a_comma_is_no_other_amount(page: Page) -> None:
    add_expense(page, "Kayak", amount="12,34")
    expect_message(page, "Leisure 12.34")

    page.goto(f"{EXPENSES}?q=kayak")
    page.locator("#filter_amount_min").press_sequentially("12,34")
    page.locator("#filter_amount_max").press_sequentially("12,34")
    page.locator("#filter_amount_max").press("Enter")
    page.wait_for_url(re.compile("amount_min=12%2C34"))

    expect(rows(page)).to_have_count(1)
    expect(rows(page)).to_contain_text("12.34")


def test_staff_delete_an_expense_and_restore_it_from_the_bin(page: Page) -> None:
    add_expense(page, "Unicycle by mistake")

    run_action(page, search(page, "unicycle"), "Delete selected expenses")
    page.get_by_role("button", name="Yes, I’m sure").click()  # noqa: RUF001  # Django's own apostrophe
    expect_message(page, "Successfully deleted 1 expense")
    expect(rows(page)).to_have_count(0)

    page.get_by_label("Show").select_option("In the trash")
    page.get_by_role("button", name="Apply").click()
    run_action(page, rows(page), "Restore the selected expenses")
    expect_message(page, "1 expense was restored")
    expect(rows(page)).to_have_count(0)

    page.get_by_label("Show").select_option("Not deleted")
    page.get_by_role("button", name="Apply").click()
    expect(rows(page)).to_contain_text("Unicycle by mistake")


def test_search_and_filters_are_applied_together_and_by_the_keyboard(page: Page) -> None:
    add_expense(page, "Sledge", amount="70")
    page.goto(EXPENSES)

    page.get_by_role("searchbox", name="Search").fill("sledge")
    for text in ("Leisure", "alice"):
        page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.get_by_label("Amount from").fill("69,99")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=sledge&category=Leisure&owner=alice"))

    expect(rows(page)).to_have_count(1)
    expect(page.get_by_label("Amount from")).to_have_value("69,99")
    page.get_by_role("link", name="Clear").click()
    expect(rows(page)).to_have_count(100)


def test_staff_export_the_filtered_list(page: Page) -> None:
    add_expense(page, "Canoe, with paddles")
    expect(search(page, "canoe")).to_have_count(1)

    with page.expect_download() as download:
        page.get_by_role("link", name="Export CSV").click()

    assert re.fullmatch(r"expenses-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)
    assert download.value.path().read_text() == (
        f'username,date,amount,category,description\nalice,{DAY},12.34,Leisure,"Canoe, with paddles"\n'
    )


def test_a_file_is_imported_after_its_preview(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "bank.csv"
    file.write_text("Datum;Betrag;Verwendungszweck\n05.03.2021;-12,34;Brötchen\n15.03.2021;2.950,00;Gehalt\n")
    page.goto(EXPENSES)
    page.get_by_role("link", name="Import").click()
    page.get_by_label("Owner").fill("bob")

    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".errorlist")).to_contain_text("which are spending?")
    page.get_by_label("Spending").select_option("negative")
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#rows tbody tr")).to_contain_text(["12.34", "2950.00"])
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Import").click()

    expect_message(page, "Imported 1 expense from bank.csv.")
    expect(rows(page)).to_contain_text(["Brötchen"])
