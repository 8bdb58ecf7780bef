"""The introduction of the OpenAPI document, and code samples."""

from pathlib import Path
from typing import Any

from expense_tracker.docs.codes import problem_table, value_table
from expense_tracker.docs.samples import SAMPLES, render

TEXT = Path(__file__).with_name("introduction.md")


def introduction() -> str:
    """Return it as Markdown, with the tables of the codes."""
    text = TEXT.read_text(encoding="utf-8")
    return text.replace("{{ problems }}", problem_table()).replace("{{ values }}", value_table())


def introduce(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add both to the document: a hook of drf-spectacular."""
    result["info"]["description"] += f"\n\n{introduction()}"
    for item in result["paths"].values():
        for operation in item.values():
            if sample := SAMPLES.get(operation["operationId"]):
                operation["x-codeSamples"] = render(sample)
    return result
