"""deploy/grafana: provisioned files that find each other, and dashboards a reader can trust."""

import json
import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.contracts import prometheus
from shared.contracts.catalogue import METRICS, Unit
from tests.promql import grouped, selected
from tests.services import business, every_series

ROOT = Path(__file__).parents[2]
GRAFANA = ROOT / "deploy" / "grafana"
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
(SOURCE,) = yaml.safe_load((GRAFANA / "provisioning" / "datasources" / "prometheus.yml").read_text())["datasources"]
(PROVIDER,) = yaml.safe_load((GRAFANA / "provisioning" / "dashboards" / "stadga.yml").read_text())["providers"]
RULES: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "prometheus" / "rules" / "stadga.yml").read_text())
RECORDED = {rule["record"] for group in RULES["groups"] for rule in group["rules"] if "record" in rule}
DASHBOARD: dict[str, Any] = json.loads((GRAFANA / "dashboards" / "stadga.json").read_text())
PANELS: list[dict[str, Any]] = DASHBOARD["panels"]
CHARTS = [panel for panel in PANELS if panel["type"] != "row"]
VARIABLES: list[dict[str, Any]] = DASHBOARD["templating"]["list"]
SCRAPED = {"job", "instance", "le"}
UNITS: dict[Unit, str] = {"ratio": "percentunit", "days": "d", "sek": "currencySEK"} | dict.fromkeys(
    ("people", "fte", "count", "per_manager", "per_100_fte", "score", "quotient"), "short"
)
"""The catalogue's units as Grafana names them."""
SERIES = {
    metric.name: {
        gauges[metric.name].name for gauges in (prometheus.BUSINESS, prometheus.AHEAD) if metric.name in gauges
    }
    for metric in METRICS
}
"""Metric → the series that show it."""


def _title(part: dict[str, Any]) -> str:
    return str(part.get("title") or part["name"])


def _expressions(panel: dict[str, Any]) -> list[str]:
    return [target["expr"] for target in panel["targets"]]


def _overlap(one: dict[str, int], other: dict[str, int]) -> bool:
    across = one["x"] < other["x"] + other["w"] and other["x"] < one["x"] + one["w"]
    return across and one["y"] < other["y"] + other["h"] and other["y"] < one["y"] + one["h"]


def test_data_source_is_the_prometheus_of_the_compose_file() -> None:
    """Grafana asks the Prometheus that runs beside it, by the scrape interval that it keeps."""
    config = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())
    assert SOURCE["url"] == "http://prometheus:9090"
    assert "prometheus" in COMPOSE["services"]
    assert SOURCE["jsonData"]["timeInterval"] == config["global"]["scrape_interval"]


def test_dashboards_are_mounted_where_grafana_looks_for_them() -> None:
    """The provider's folder and the home dashboard are inside what the compose file mounts."""
    mounts = dict(mount.split(":")[:2] for mount in COMPOSE["services"]["grafana"]["volumes"])
    home = Path(COMPOSE["services"]["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert mounts["./deploy/grafana/dashboards"] == PROVIDER["options"]["path"] == str(home.parent)
    assert (GRAFANA / "dashboards" / home.name).is_file()


@pytest.mark.parametrize("part", [*CHARTS, *VARIABLES], ids=_title)
def test_part_asks_the_provisioned_data_source(part: dict[str, Any]) -> None:
    """Every panel, query and variable names the data source by the identity that provisioning gives it."""
    sources = [part["datasource"], *(target["datasource"] for target in part.get("targets", []))]
    assert all(source == {"type": "prometheus", "uid": SOURCE["uid"]} for source in sources)


@pytest.mark.parametrize("panel", CHARTS, ids=_title)
def test_panel_explains_itself(panel: dict[str, Any]) -> None:
    """A panel has a title, a sentence that says what it shows, a unit, and a legend for each query."""
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert all(target["legendFormat"] for target in panel["targets"])


@pytest.mark.parametrize("panel", CHARTS, ids=_title)
def test_panel_has_the_unit_of_its_metrics(panel: dict[str, Any]) -> None:
    """A panel is in the unit that the catalogue gives its metrics, one and the same; no other is in per cent."""
    shown = {name for expr in _expressions(panel) for name, _ in selected(expr)}
    units = {UNITS[metric.unit] for metric in METRICS if shown & SERIES[metric.name]}
    given = panel["fieldConfig"]["defaults"]["unit"]
    assert units == {given} if units else given != UNITS["ratio"]


def test_panels_are_distinct_and_do_not_overlap() -> None:
    """No two panels share an id, a title or a place, and all lie within the grid's 24 columns."""
    for key in ("id", "title"):
        assert len({panel[key] for panel in PANELS}) == len(PANELS)
    places = [panel["gridPos"] for panel in PANELS]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    assert not any(_overlap(one, other) for one, other in combinations(places, 2))


@pytest.mark.parametrize("panel", CHARTS, ids=_title)
def test_panel_selects_series_that_exist(panel: dict[str, Any]) -> None:
    """A query names series that a service exposes or a rule records, by labels they have."""
    known = every_series()
    for expression in _expressions(panel):
        for name, labels in selected(expression):
            assert name in known or name in RECORDED or name == "up"
            assert name not in known or labels <= known[name].labels | SCRAPED
        own = {label for name, _ in selected(expression) if name in known for label in known[name].labels}
        assert grouped(expression) <= own | SCRAPED


@pytest.mark.parametrize("variable", VARIABLES, ids=_title)
def test_variable_lists_values_of_a_label_that_exists(variable: dict[str, Any]) -> None:
    """A variable offers the values of a label of a business metric, and begins with everything."""
    (found,) = re.findall(r"label_values\((.*), (\w+)\)", variable["definition"])
    ((name, _),) = selected(found[0])
    assert found[1] in business()[name].labels
    assert variable["current"]["value"] == "*"


@pytest.mark.parametrize("panel", CHARTS, ids=_title)
def test_panel_uses_only_variables_that_are_defined(panel: dict[str, Any]) -> None:
    """A query refers to the dashboard's own variables or to Grafana's."""
    defined = {variable["name"] for variable in VARIABLES} | {"__rate_interval"}
    assert set(re.findall(r"\$(\w+)", " ".join(_expressions(panel)))) <= defined


LIMITS = re.compile(r"stadga_alert_threshold\{([^}]*)\}")
OF_ONE_REPLICA = re.compile(r"stadga_alert_(state|value|threshold)|^stadga_(?!ingest|metrics|alert|consumer)")
"""Series that one of several replicas shows, and for a moment two while one takes over from another."""


def test_limits_follow_the_metric() -> None:
    """A limit drawn beside a metric is that of any target of any plan on it, found by the metric's name."""
    limited = [
        panel for panel in CHARTS if "{{plan}}" in panel["targets"][-1]["legendFormat"] and len(panel["targets"]) > 1
    ]
    assert len(limited) == 5
    for panel in limited:
        ((matchers,),) = [LIMITS.findall(expr) for expr in _expressions(panel) if LIMITS.search(expr)]
        asked = dict(re.findall(r'(\w+)=~?"([^"]*)"', matchers))
        assert asked.keys() == {"unit", "occupation", "metric"}
        shown = {name for expr in _expressions(panel) for name, _ in selected(expr)}
        assert shown >= {prometheus.BUSINESS[metric].name for metric in asked["metric"].split("|")}


@pytest.mark.parametrize("panel", CHARTS, ids=_title)
def test_a_second_replica_changes_no_figure(panel: dict[str, Any]) -> None:
    """What one replica shows is asked for so that it counts once while another takes over."""
    for expression in _expressions(panel):
        shown = [name for name, _ in selected(expression) if OF_ONE_REPLICA.search(name)]
        assert expression.count("max(") + expression.count("max by (") >= len(shown)
