"""deploy/prometheus: what it scrapes exists, and its rules speak of series that the services expose."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.access.token_file import parsed
from tests.promql import grouped, selected
from tests.services import SERVICES, every_series, settings

ROOT = Path(__file__).parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
CONFIG: dict[str, Any] = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text())
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((PROMETHEUS / "rules" / "stadga.yml").read_text())["groups"]
    for rule in group["rules"]
]
TESTS: dict[str, Any] = yaml.safe_load((PROMETHEUS / "rules" / "stadga_test.yml").read_text())
ALERTS = [rule for rule in RULES if "alert" in rule]
RECORDED = {rule["record"] for rule in RULES if "record" in rule}
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
TARGET = {"job", "instance", "tenant"}


def _name(rule: dict[str, Any]) -> str:
    return str(rule.get("alert") or rule["record"])


@pytest.mark.parametrize("service", SERVICES)
def test_service_is_scraped_where_it_listens(service: str) -> None:
    """Each service is a job of its own name, at the port of its settings."""
    port = getattr(settings(service)(), f"stadga_{service}_port")
    jobs = {job["job_name"]: job["static_configs"][0]["targets"] for job in CONFIG["scrape_configs"]}
    assert jobs[service] == [f"{service}:{port}"]


@pytest.mark.parametrize("service", SERVICES)
def test_service_is_scraped_with_a_token(service: str) -> None:
    """The token that ships is one that the file for trials lets scrape."""
    jobs = {job["job_name"]: job["authorization"]["credentials_file"] for job in CONFIG["scrape_configs"][:3]}
    held = parsed((PROMETHEUS.parent / "local-only-tokens.yaml").read_bytes()).held(
        (PROMETHEUS / jobs[service]).read_text()
    )
    assert "prometheus:scrape" in held[0].scopes


def test_rule_files_exist() -> None:
    """Prometheus finds the rules it is told of."""
    assert all((PROMETHEUS / file).is_file() for file in CONFIG["rule_files"])


@pytest.mark.parametrize("rule", RULES, ids=_name)
def test_rule_selects_series_that_exist(rule: dict[str, Any]) -> None:
    """A rule names series that a service exposes or another rule records, by labels they have."""
    known = every_series()
    for name, labels in selected(rule["expr"]):
        assert name in known or name in RECORDED or name == "up"
        assert name not in known or labels <= known[name].labels | TARGET


@pytest.mark.parametrize("rule", RULES, ids=_name)
def test_rule_groups_by_labels_of_what_it_selects(rule: dict[str, Any]) -> None:
    """A rule aggregates over labels that one of its series has."""
    known = every_series()
    series = [known[name] for name, _ in selected(rule["expr"]) if name in known]
    own = {label for one in series for label in one.labels}
    assert grouped(rule["expr"]) <= own | TARGET | {"le"}


@pytest.mark.parametrize("alert", ALERTS, ids=_name)
def test_alert_says_how_bad_it_is_what_and_what_to_do(alert: dict[str, Any]) -> None:
    """An alert has a severity, a sentence, an explanation, and its own heading in docs/operations.md."""
    assert alert["labels"]["severity"] in {"none", "warning", "critical"}
    assert all(re.search(r"[.!]$", alert["annotations"][part]) for part in ("summary", "description"))
    assert f"### {alert['alert']}\n" in OPERATIONS


@pytest.mark.parametrize("alert", ALERTS, ids=_name)
def test_alert_is_shown_to_fire_and_not_to_fire(alert: dict[str, Any]) -> None:
    """promtool's test file has a case in which the alert fires, and, but for the watchdog, one in which not."""
    cases = [case for test in TESTS["tests"] for case in test.get("alert_rule_test", [])]
    fires = {bool(case["exp_alerts"]) for case in cases if case["alertname"] == alert["alert"]}
    assert fires == ({True} if alert["alert"] == "StadgaWatchdog" else {True, False})


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_what_is_recorded_is_shown(name: str) -> None:
    """promtool's test file says what it comes to."""
    cases = [case for test in TESTS["tests"] for case in test.get("promql_expr_test", [])]
    assert any(case["expr"] == name and case["exp_samples"] for case in cases)


def test_alertmanager_is_told() -> None:
    """At the address of the compose file, by a configuration that speaks of alerts that exist."""
    [at] = [where for told in CONFIG["alerting"]["alertmanagers"] for where in told["static_configs"]]
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["alertmanager"]
    assert at["targets"] == [f"alertmanager:{compose['ports'][0].rpartition(':')[2]}"]
    written = (PROMETHEUS.parent / "alertmanager" / "alertmanager.yml").read_text()
    assert set(re.findall(r"Stadga[A-Z]\w+", written)) <= {alert["alert"] for alert in ALERTS}
    assert "./deploy/alertmanager:/etc/alertmanager:ro" in compose["volumes"]


@pytest.mark.parametrize("test", TESTS["tests"], ids=lambda test: test["name"])
def test_rule_test_feeds_series_that_exist(test: dict[str, Any]) -> None:
    """promtool's cases are about series that the services expose, with labels they have."""
    known = every_series()
    for given in test["input_series"]:
        ((name, labels),) = selected(given["series"])
        assert name == "up" or labels <= known[name].labels | TARGET | {"le"}
