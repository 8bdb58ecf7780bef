"""The alerts and the dashboard in deploy/: they ask for what there is, and go off when they should."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from prometheus_client.parser import text_string_to_metric_families

from expense_tracker.monitoring.metrics import exposition, record_prune, request_metrics

RULES = settings.BASE_DIR / "deploy" / "expense-tracker.rules.yml"
DASHBOARD = json.loads((settings.BASE_DIR / "deploy" / "grafana-dashboard.json").read_text())
ALERTS = {rule["alert"]: rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]}
EXPRESSIONS = {
    **{name: rule["expr"] for name, rule in ALERTS.items()},
    **{
        f"{panel['title']}, {target['legendFormat']}": target["expr"]
        for panel in DASHBOARD["panels"]
        for target in panel["targets"]
    },
    "instances": DASHBOARD["templating"]["list"][1]["query"],
}
SELECTOR = re.compile(r"(expense_tracker_\w+)(?:\{([^}]*)\})?")
needs_promtool = pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Return the labels of every metric, by the names of its samples."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(settings, "DATA_DIR", tmp_path_factory.mktemp("data"))
        record_prune({"expired sessions": 1})
        request_metrics("GET", "", 200)
        text = exposition().decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {sample.name: set(sample.labels) for sample in samples if not sample.name.endswith("_created")} | {
        # They have no samples yet.
        "expense_tracker_limits_hit_total": {"limit"},
        "expense_tracker_import_rows_total": {"status"},
        "expense_tracker_import_refusals_total": {"code"},
    }


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_asks_for_metrics_and_labels_that_exist(name: str, known: dict[str, set[str]]) -> None:
    selectors = SELECTOR.findall(EXPRESSIONS[name])

    assert selectors or EXPRESSIONS[name].startswith("up")
    for metric, matchers in selectors:
        assert metric in known
        assert set(re.findall(r"(\w+)[=!]~?\"", matchers)) <= known[metric] | {"instance"}


def test_every_metric_is_documented_and_shown(known: dict[str, set[str]]) -> None:
    page = (settings.BASE_DIR / "docs" / "monitoring.md").read_text()
    shown = " ".join(EXPRESSIONS.values())
    families = {re.sub(r"_(bucket|sum|count)$", "", name) for name in known}

    assert len(families) >= 18
    for name in families:
        assert f"`{name.removeprefix('expense_tracker_')}`" in page
        assert name in shown or name == "expense_tracker_prune_last_rows"


@pytest.mark.parametrize("alert", ALERTS)
def test_an_alert_says_in_a_sentence_what_is_wrong(alert: str) -> None:
    assert ALERTS[alert]["annotations"]["summary"].endswith(".")
    assert ALERTS[alert]["labels"]["severity"] in {"critical", "warning"}
    assert f"`{alert}`" in (settings.BASE_DIR / "docs" / "monitoring.md").read_text()


def promtool(*arguments: str) -> None:
    process = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False, timeout=60)  # noqa: S607  # of the PATH
    assert process.returncode == 0, process.stdout + process.stderr


@needs_promtool
def test_promtool_takes_the_rules() -> None:
    promtool("check", "rules", str(RULES))


REQUEST = 'expense_tracker_http_requests_total{method="GET", route="/api/expenses", status="%s"}'
SLOW = 'expense_tracker_http_request_duration_seconds_bucket{method="GET", route="/api/expenses", le="%s"}'


@needs_promtool
@pytest.mark.parametrize(
    ("alert", "good", "bad"),
    [
        ("ExpenseTrackerDown", {'up{job="expense-tracker"}': "1x200"}, {'up{job="expense-tracker"}': "0x200"}),
        (
            "ExpenseTrackerErrors",
            {REQUEST % 200: "0+1000x200", REQUEST % 500: "0+1x200"},
            {REQUEST % 200: "0+1000x200", REQUEST % 503: "0+20x200"},
        ),
        (
            "ExpenseTrackerSlow",
            {SLOW % "0.5": "0+100x200", SLOW % "5": "0+100x200", SLOW % "+Inf": "0+100x200"},
            {SLOW % "0.5": "0+90x200", SLOW % "5": "0+100x200", SLOW % "+Inf": "0+100x200"},
        ),
        (
            "ExpenseTrackerThreadsBusy",
            {"expense_tracker_requests_waiting": "0 5 0 0 0x200"},
            {"expense_tracker_requests_waiting": "2+0x200"},
        ),
        (
            "ExpenseTrackerDatabaseSlow",
            {
                "expense_tracker_database_statements_total": "0+1000x200",
                "expense_tracker_database_statement_seconds_total": "0+1x200",
            },
            {
                "expense_tracker_database_statements_total": "0+1000x200",
                "expense_tracker_database_statement_seconds_total": "0+100x200",
            },
        ),
        (
            "ExpenseTrackerFailedLogins",
            {"expense_tracker_failed_logins_total": "0+10x200"},
            {"expense_tracker_failed_logins_total": "0+50x200"},
        ),
        (
            "ExpenseTrackerServerLimit",
            {'expense_tracker_limits_hit_total{limit="requests"}': "0+10x200"},
            {'expense_tracker_limits_hit_total{limit="imports"}': "0+10x200"},
        ),
        (
            "ExpenseTrackerPruneLate",
            {"expense_tracker_prune_last_success_timestamp_seconds": "0+1800x200"},
            {"expense_tracker_prune_last_success_timestamp_seconds": "0+0x200"},
        ),
        (
            "ExpenseTrackerPruneNever",
            {"expense_tracker_prune_last_success_timestamp_seconds": "0+0x200"},
            {"up": "1x200"},
        ),
    ],
)
def test_an_alert_goes_off_when_it_should(
    alert: str, good: dict[str, str], bad: dict[str, str], tmp_path: Path
) -> None:
    """The series have a value for each step, of some minutes."""

    # `prune` is waited for for days.
    step = 30 if "Prune" in alert else 1

    def case(series: dict[str, str], *, fires: bool) -> dict[str, Any]:
        return {
            "interval": f"{step}m",
            "input_series": [{"series": name, "values": values} for name, values in series.items()],
            "promql_expr_test": [
                {
                    "expr": f'count(ALERTS{{alertname="{alert}", alertstate="firing"}})',
                    "eval_time": f"{step * 120}m",
                    "exp_samples": [{"labels": "{}", "value": 1}] if fires else [],
                }
            ],
        }

    file = tmp_path / "tests.json"
    cases = [case(good, fires=False), case(bad, fires=True)]
    tests = {"rule_files": [str(RULES)], "evaluation_interval": f"{step}m", "tests": cases}
    file.write_text(json.dumps(tests))

    promtool("test", "rules", str(file))
