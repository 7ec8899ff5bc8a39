"""Every query of the dashboard and of the rules, asked of a real Prometheus.

It watches two replicas of each service, which judge a plan of the test's own by a simulated municipality.
"""

import json
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
import yaml

from cli.connect.publishing import sender
from cli.connect.publishing.line import FilePlace, Line
from cli.local.stack import SERVICES, Stack
from cli.simulation.log import simulate
from shared.contracts.envelope import encode
from tests.integration.metering import caught_up, standing
from tests.polling import PATIENCE, until
from tests.promql import selectors
from tests.real_prometheus import RULES, SHIPPED, Prometheus, program, scraping

ROOT = Path(__file__).parents[2]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy" / "grafana" / "dashboards" / "stadga.json").read_text())
VARIABLES = {variable["name"]: variable["definition"] for variable in DASHBOARD["templating"]["list"]}
QUERIES = [
    pytest.param(target["expr"], id=f"{panel['title']}, {target['legendFormat']}")
    for panel in DASHBOARD["panels"]
    for target in panel.get("targets", [])
]
RULES_SHIPPED: list[dict[str, Any]] = [
    rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]
]
RECORDED = [rule["record"] for rule in RULES_SHIPPED if "record" in rule]
SELECTORS = sorted({selector for rule in RULES_SHIPPED for selector in selectors(rule["expr"])})
FIRES = {
    "StadgaWatchdog": "always",
    "StadgaRejectedShareHigh": "the simulated sources send what is refused",
}
"""The alerts that may be active here, and why. The expression of any other gives nothing while all is well."""

FIRST, LAST = date(2024, 11, 1), date(2025, 12, 31)
PLAN = """\
plan: egen
settle: 0s
recipients:
  hr: {email: hr@kommun.example, language: sv}
targets:
  - {id: gone, metric: leaver_rate, breach: {above: 0.9}, notify: [hr]}
  - {id: gone-by-choice, metric: leaver_rate_own_request, breach: {above: 0.9}, notify: [hr]}
  - {id: ill, metric: sick_rate, breach: {above: 0.9}, notify: [hr], severity: info}
  - {id: hired-in, metric: agency_share, breach: {above: 0.9}, notify: [hr]}
  - {id: empty-desks, metric: vacancy_rate, breach: {above: 0.9}, notify: [hr]}
  - {id: too-much-to-do, metric: caseload, breach: {above: 1}, notify: [hr], severity: critical}
"""


SOURCES = """\
sources:
  hr-system:
    kinds: {employment: monthly}
    contact: {name: HR, email: hr@kommun.example}
"""


class Watched(NamedTuple):
    """A Prometheus, the stack it watches, since when, and a unit of it."""

    prometheus: Prometheus
    stack: Stack
    since: float
    unit: str

    def filled(self, expression: str) -> str:
        """The expression as Grafana sends it."""
        return expression.replace("$unit", self.unit).replace("$occupation", "*").replace("$__rate_interval", "10s")


@pytest.fixture(scope="module")
async def watched(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watched]:
    """Two replicas of each service, fourteen months of two hundred people, and a Prometheus that has seen it come."""
    folder = tmp_path_factory.mktemp("watched")
    (folder / "plan.yaml").write_text(PLAN)
    (folder / "sources.yaml").write_text(SOURCES)
    replicas = {service: (service, f"{service}-2") for service in SERVICES}
    named = [name for pair in replicas.values() for name in pair]
    files = {"STADGA_PLANS": str(folder / "plan.yaml"), "STADGA_SOURCES": str(folder / "sources.yaml")}
    settings = {"STADGA_TODAY": LAST.isoformat(), **files}
    async with standing(folder / "stack", "mailbox", *named, **settings) as stack:
        hosts = {job: [stack.address(name).removeprefix("http://") for name in pair] for job, pair in replicas.items()}
        async with scraping(folder, hosts | {"prometheus": []}) as prometheus:
            since = time.time()
            await until(lambda: up(prometheus), "both replicas of each service are scraped")
            publish(stack)
            await caught_up(stack)
            firing = await until(lambda: fired(stack), "an alert to fire")
            yield Watched(prometheus, stack, since, firing[0]["unit"])


async def up(prometheus: Prometheus) -> bool:
    """Whether Prometheus gets answers from two of each."""
    return await prometheus.targets() == sorted((service, "up") for service in SERVICES for _ in range(2))


def publish(stack: Stack) -> None:
    """The log of a municipality whose systems are late, wrong and contradictory, and a row that is no event."""
    with sender.client(stack.address("ingest"), "local") as http:
        for batch in sender.batches(log()):
            sender.send(http, batch, 60, lambda _: None)


def log() -> Iterator[Line]:
    """Its lines."""
    events = simulate(11, 200, 4, first=FIRST, last=LAST, hostility=1, troubled="auto")
    for number, event in enumerate(events):
        yield Line(FilePlace("log", number), encode(event))
    yield Line(FilePlace("log", 0), b'{"specversion": "1.0"}')


async def alerts(stack: Stack) -> list[dict[str, Any]]:
    """Every alert as the API tells it."""
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        answer = await client.get(f"{stack.address('alerts')}/v1/alerts")
    return list(answer.json()["alerts"]) if answer.is_success else []


async def fired(stack: Stack) -> list[dict[str, Any]]:
    """Those that fire."""
    return [alert for alert in await alerts(stack) if alert["state"] == "firing"]


@pytest.mark.parametrize("expression", QUERIES)
async def test_every_query_of_the_dashboard_returns_data(watched: Watched, expression: str):
    """With its variables filled in, and under a plan whose targets have names of their own."""

    async def data() -> bool:
        return bool(await watched.prometheus.over(watched.filled(expression), watched.since, time.time()))

    await until(data, f"data of {watched.filled(expression)}")


@pytest.mark.parametrize("name", VARIABLES)
async def test_every_variable_offers_values(watched: Watched, name: str):
    """The unit and the occupation of the other queries are among them."""
    asked, _, label = watched.filled(VARIABLES[name]).removeprefix("label_values(").removesuffix(")").rpartition(", ")
    assert {"unit": watched.unit, "occupation": "*"}[name] in await watched.prometheus.values_of(label, asked)


@pytest.mark.parametrize("name", RECORDED)
async def test_every_recorded_series_has_data(watched: Watched, name: str):
    """What the dashboard and the alerts read of the rules is there."""

    async def data() -> bool:
        return bool(await watched.prometheus.now(name))

    await until(data, f"data of {name}")


@pytest.mark.parametrize("selector", SELECTORS)
async def test_every_series_of_a_rule_is_there(watched: Watched, selector: str):
    """No alert stays silent because what it asks for does not exist under that name and those labels."""

    async def data() -> bool:
        return bool(await watched.prometheus.now(selector))

    await until(data, f"a series of {selector}")


async def test_rules_can_be_judged_and_nothing_is_wrong(watched: Watched):
    """Prometheus finds no fault in a rule, and no alert is on its way but those that have a reason here."""

    async def calm() -> bool:
        rules = await watched.prometheus.rules()
        assert {rule["lastError"] for rule in rules if "lastError" in rule} == set()
        active = {rule["name"] for rule in rules if rule["type"] == "alerting" and rule["state"] != "inactive"}
        return active <= FIRES.keys() and {rule["health"] for rule in rules} == {"ok"}

    await until(calm, f"no alert but {', '.join(FIRES)}")


async def test_an_alert_counts_once(watched: Watched):
    """With two replicas Prometheus counts as many alerts in each state as the API tells."""
    (panel,) = (panel for panel in DASHBOARD["panels"] if panel["title"] == "Alerts by state")

    async def counted() -> dict[str, int]:
        found = {target["legendFormat"]: await watched.prometheus.now(target["expr"]) for target in panel["targets"]}
        return {state: int(series[0]["value"][1]) for state, series in found.items() if series}

    async def agree() -> bool:
        states = [alert["state"] for alert in await alerts(watched.stack)]
        return await counted() == {state: states.count(state) for state in ("firing", "pending", "recovering", "ok")}

    await until(agree, "the dashboard counts what the API tells")


async def test_a_value_is_drawn_once(watched: Watched):
    """A panel of two replicas has one line for each value, and one for the limit of each target on it."""
    (panel,) = (panel for panel in DASHBOARD["panels"] if panel["title"] == "Leavers in a year")
    now = [await watched.prometheus.now(watched.filled(target["expr"])) for target in panel["targets"]]
    assert [len(series) for series in now] == [1, 1, 2]
    assert {series["metric"]["target"] for series in now[2]} == {"gone", "gone-by-choice"}


@pytest.mark.parametrize(
    "check", [["check", "rules", str(RULES)], ["test", "rules", str(SHIPPED / "rules" / "stadga_test.yml")]]
)
def test_promtool(check: list[str]):
    """The rules are well formed, and each alert fires and does not fire as its cases say."""
    done = subprocess.run([program("promtool"), *check], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
