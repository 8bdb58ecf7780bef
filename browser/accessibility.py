"""Whether people who see, hear or point differently can use a page, as far as axe-core can tell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Style sheets are not loaded once more: axe-core looks for those that others import beside the page.
OPTIONS = {"resultTypes": ["violations"], "preload": False}


@dataclass(frozen=True)
class Excuse:
    """A rule of axe-core that elements may break which are not ours: `selector` is a CSS selector of them, and `reason`
    says whose they are and why they stay."""

    rule: str
    selector: str
    reason: str


def expect_accessible(page: Page, excuses: Iterable[Excuse] = ()) -> None:
    """Raise AssertionError with a report of all that axe-core finds on the page and nobody excuses."""
    excuses = list(excuses)
    report = "\n".join(violations(page, excuses))
    assert report == "", f"{page.url} is not accessible:\n{report}"


def violations(page: Page, excuses: list[Excuse]) -> Iterator[str]:
    for violation in Axe().run(page, options=OPTIONS).response["violations"]:
        for node in violation["nodes"]:
            if not any(excuse.rule == violation["id"] and is_one(page, node, excuse) for excuse in excuses):
                target = " ".join(map(str, node["target"]))
                yield f"{violation['id']} ({violation['impact']}), {violation['help']}: {target}\n  {node['html']}"


def is_one(page: Page, node: dict[str, Any], excuse: Excuse) -> bool:
    """Whether the element that was found is one of those that the excuse is for."""
    found = page.locator(node["target"][-1]).first
    return bool(found.evaluate("(element, selector) => element.matches(selector)", excuse.selector))
