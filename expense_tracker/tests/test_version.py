"""The version is said once, in the package."""

import re

from django.conf import settings

from expense_tracker import __version__
from expense_tracker.tests.contract import DOCUMENT


def test_newest_release_of_the_changelog_is_the_version() -> None:
    releases = re.findall(
        r"^## (\d+\.\d+\.\d+) - \d{4}-\d\d-\d\d$", (settings.BASE_DIR / "CHANGELOG.md").read_text(), re.M
    )

    assert releases[0] == __version__


def test_document_has_the_version() -> None:
    assert DOCUMENT["info"]["version"] == __version__
