"""Samples of the main calls in curl, Python and JavaScript, all made from one table."""

import json
from dataclasses import dataclass, field
from typing import Any

from expense_tracker.api.openapi.security import ORIGIN


@dataclass(frozen=True)
class Sample:
    """A call: its path with a query, and what is sent. `is_public`: without a token."""

    method: str
    path: str
    body: dict[str, Any] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    is_public: bool = False


ALICE = {"username": "alice", "password": "SecurePassword123!"}
# By operation. The samples of the documentation's test run in this order.
SAMPLES = {
    "register": Sample("POST", "/api/register", ALICE, is_public=True),
    "login": Sample("POST", "/api/login", ALICE, is_public=True),
    "create_expense": Sample(
        "POST",
        "/api/expenses",
        {
            "amount": 2500,
            "category": "Food",
            "description": "Lunch",
            "external_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7",
        },
    ),
    "list_expenses": Sample("GET", "/api/expenses?category=Food&date_from=2026-01-01&limit=100"),
    "read_expense": Sample("GET", "/api/expenses/1"),
    "change_expense": Sample("PATCH", "/api/expenses/1", {"amount": 2600}),
    "list_changes": Sample("GET", "/api/expenses/changes?since=0"),
    "change_many_expenses": Sample(
        "POST",
        "/api/expenses/bulk",
        {"create": [{"amount": 900, "category": "Coffee"}], "update": [{"id": 1, "description": None}]},
        {"Idempotency-Key": "0a1b2c3d-4e5f-6789-abcd-ef0123456789"},
    ),
    "summarize_expenses": Sample("GET", "/api/expenses/summary?group_by=category,month"),
    "set_budget": Sample("PUT", "/api/budgets", {"category": "Food", "amount": 40000}),
    "export_expenses": Sample("GET", "/api/expenses/export?format=csv"),
    "create_personal_access_token": Sample(
        "POST", "/api/sessions", {"name": "My script", "expires_in_days": 90, "scope": "write"}
    ),
    "delete_expense": Sample("DELETE", "/api/expenses/1"),
}


def all_headers(sample: Sample, token: str) -> dict[str, str]:
    return {
        **({} if sample.is_public else {"Authorization": f"Bearer {token}"}),
        **({"Content-Type": "application/json"} if sample.body is not None else {}),
        **sample.headers,
    }


def curl(sample: Sample) -> str:
    lines = [f'curl -X {sample.method} "{ORIGIN}{sample.path}"']
    lines += [f'-H "{name}: {value}"' for name, value in all_headers(sample, "$TOKEN").items()]
    if sample.body is not None:
        lines.append(f"-d '{json.dumps(sample.body)}'")
    return " \\\n  ".join(lines)


def python(sample: Sample) -> str:
    lines = ["import requests", "", "response = requests.request(", f'    "{sample.method}",']
    lines.append(f'    "{ORIGIN}{sample.path}",')
    headers = {name: value for name, value in all_headers(sample, "{token}").items() if name != "Content-Type"}
    if headers:
        shown = ", ".join(f'"{name}": {"f" if "{" in value else ""}"{value}"' for name, value in headers.items())
        lines.append(f"    headers={{{shown}}},")
    if sample.body is not None:
        lines.append(f"    json={sample.body!r},")
    lines += ["    timeout=10,", ")", "response.raise_for_status()"]
    is_json = "format=csv" not in sample.path
    return "\n".join([*lines, f"print(response.{'json()' if is_json else 'text'})"])


def javascript(sample: Sample) -> str:
    lines = [f'const response = await fetch("{ORIGIN}{sample.path}", {{', f'  method: "{sample.method}",']
    headers = all_headers(sample, "${token}")
    if headers:
        shown = ", ".join(
            f'"{name}": `{value}`' if "$" in value else f'"{name}": "{value}"' for name, value in headers.items()
        )
        lines.append(f"  headers: {{ {shown} }},")
    if sample.body is not None:
        lines.append(f"  body: JSON.stringify({json.dumps(sample.body)}),")
    is_json = "format=csv" not in sample.path
    lines += ["});", "if (!response.ok) throw new Error((await response.json()).code);"]
    return "\n".join([*lines, f"console.log(await response.{'json' if is_json else 'text'}());"])


def render(sample: Sample) -> list[dict[str, str]]:
    """Return the sample as `x-codeSamples` has it."""
    return [
        {"lang": "Shell", "label": "curl", "source": curl(sample)},
        {"lang": "Python", "label": "Python", "source": python(sample)},
        {"lang": "JavaScript", "label": "JavaScript", "source": javascript(sample)},
    ]
