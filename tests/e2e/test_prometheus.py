"""The queries of the dashboard and the rules, asked of a real Prometheus that watches two replicas of each service."""

import asyncio
import json
import math
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.contracts.prometheus import BUSINESS
from tests.e2e.watching import LAST, REPLICAS, Watched, alerts, filled, log, publish, watching
from tests.integration.metering import metrics, net_anomalies
from tests.polling import until
from tests.promql import selected, selectors, spelled_out, told_by
from tests.real_prometheus import RULES, SHIPPED, Found, program

ROOT = Path(__file__).parents[2]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "deploy" / "grafana" / "dashboards" / "stadga.json").read_text())
VARIABLES = {variable["name"]: variable["definition"] for variable in DASHBOARD["templating"]["list"]}
PANELS = {panel["title"]: [target["expr"] for target in panel.get("targets", [])] for panel in DASHBOARD["panels"]}
QUERIES = {
    f"{panel['title']}: {target['legendFormat']}": target["expr"]
    for panel in DASHBOARD["panels"]
    for target in panel.get("targets", [])
}
RULES_SHIPPED: list[dict[str, Any]] = [
    rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]
]
RECORDED: dict[str, str] = {rule["record"]: rule["expr"] for rule in RULES_SHIPPED if "record" in rule}
SELECTORS = sorted({selector for rule in RULES_SHIPPED for selector in selectors(rule["expr"])})
FIRES = {
    "StadgaWatchdog": "always",
    "StadgaRejectedShareHigh": "the simulated sources send what is refused",
}
"""The alerts that may be active here, and why. The expression of any other gives nothing while all is well."""

ADDED = {
    "Events per second: ingest {{outcome}}",
    "Events per second: metrics {{outcome}}",
    "Refused events by reason: {{reason}}",
    "E-mails by outcome: {{outcome}}",
}
"""What each replica counts of its own work: all of it is the sum."""
BETWEEN = {"Time per batch: 95 %", "Time per batch: mean"}
"""What is between what the replicas would tell alone."""
OF_EACH = {"Services: {{job}} {{instance}}"}
SINCE = {"Since the last evaluation: metrics", "Since the last evaluation: alerts"}
"""Told at two moments, two names of one replica differ by the seconds between them."""
FACTS = QUERIES.keys() - ADDED - BETWEEN - OF_EACH
"""What is so however many tell of it."""
WINDOW = "1h"
"""Longer than the test lasts: what was counted is in it."""

Told = dict[frozenset[tuple[str, str]], float]


@pytest.fixture(scope="module")
async def watched(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Watched]:
    """A town that was read, and a Prometheus that has seen it come."""
    async with watching(tmp_path_factory.mktemp("watched")) as found:
        yield found


def told(found: Found) -> Told:
    """Each series' latest value."""
    return {frozenset(series["metric"].items()): float(series["value"][1]) for series in found}


async def asked(watched: Watched, query: str, moment: float, instances: list[str]) -> Told:
    """What a query of the dashboard gives of a moment when these replicas are scraped, and no others."""
    expression = spelled_out(filled(QUERIES[query], watched.unit, window=WINDOW), RECORDED)
    return told(await watched.prometheus.at(moment, told_by(expression, instances)))


async def settled(watched: Watched, query: str, agree: Callable[[Told, Told, Told, Told], bool]) -> None:
    """Wait until what all replicas tell, all of them twice, the first ones and the second ones fits together."""
    firsts, seconds = zip(*REPLICAS.values(), strict=True)
    scraped = [watched.once, watched.twice, watched.instances(*firsts), watched.instances(*seconds)]

    async def fits() -> bool:
        moment = time.time()
        return agree(*[await asked(watched, query, moment, instances) for instances in scraped])

    await until(fits, f"{query} to be right with two replicas")


def numbers(*several: Told) -> bool:
    """Whether each gives values, and all of them are numbers."""
    return all(one and all(map(math.isfinite, one.values())) for one in several)


def same(one: Told, other: Told, seconds: float = 0) -> bool:
    """Whether both give the same values of the same series."""
    return one.keys() == other.keys() and all(
        math.isclose(value, other[series], rel_tol=1e-9, abs_tol=seconds) for series, value in one.items()
    )


@pytest.mark.parametrize("query", sorted(QUERIES))
async def test_every_query_of_the_dashboard_gives_a_value_now(watched: Watched, query: str):
    """As it is written, of the records it is written about, and the values are numbers."""

    async def given() -> bool:
        expression = filled(QUERIES[query], watched.unit, window=WINDOW)
        return numbers(told(await watched.prometheus.now(expression)))

    await until(given, f"a value of {query}")


@pytest.mark.parametrize("query", sorted(FACTS))
async def test_a_fact_is_the_same_however_many_tell_of_it(watched: Watched, query: str):
    """With every replica scraped twice nothing is doubled: values, alerts, lag, health, sources."""
    seconds = 60 if query in SINCE else 0
    await settled(watched, query, lambda once, twice, *_: numbers(once) and same(once, twice, seconds))


@pytest.mark.parametrize("query", sorted(ADDED))
async def test_what_replicas_do_is_added_up(watched: Watched, query: str):
    """All is what the first ones and the second ones did, and that is something."""

    def agree(all_of_it: Told, _: Told, first: Told, second: Told) -> bool:
        added = {series: first.get(series, 0) + second.get(series, 0) for series in first.keys() | second.keys()}
        return numbers(all_of_it) and same(all_of_it, added) and sum(added.values()) > 0

    await settled(watched, query, agree)


@pytest.mark.parametrize("query", sorted(BETWEEN))
async def test_what_replicas_take_is_weighed(watched: Watched, query: str):
    """All of it is no less than the quicker half and no more than the slower one."""

    def agree(all_of_it: Told, _: Told, first: Told, second: Told) -> bool:
        [between], ends = all_of_it.values(), [*first.values(), *second.values()]
        return numbers(all_of_it, first, second) and min(ends) <= between <= max(ends)

    await settled(watched, query, agree)


@pytest.mark.parametrize("query", sorted(OF_EACH))
async def test_each_replica_is_shown(watched: Watched, query: str):
    """Two of each service answer."""
    await settled(watched, query, lambda once, *_: len(once) == 6 and set(once.values()) == {1})


@pytest.mark.parametrize("service", ["ingest", "metrics"])
async def test_both_replicas_had_work(watched: Watched, service: str):
    """Else a sum of them would show nothing."""
    counted = f"sum by (instance) (stadga_{service}_events_total)"
    assert all(value > 0 for value in told(await watched.prometheus.now(counted)).values())


async def test_every_unit_and_occupation_is_drawn_as_it_is_answered(watched: Watched):
    """Whatever the variables offer, a panel of a business metric has the value of the API, or neither has one."""
    names = {gauge.name: metric for metric, gauge in BUSINESS.items()}
    drawn = {query: names[selected(expr)[0].name] for query, expr in QUERIES.items() if selected(expr)[0].name in names}
    values = await metrics(watched.stack).groups(LAST.isoformat(), by="occupation")
    groups = {(g.unit, g.occupation): found for g, found in values.items() if g.gender == g.age == "*"}
    offered = [
        (unit, occupation)
        for unit in await offers(watched, "unit", "")
        for occupation in await offers(watched, "occupation", unit)
    ]
    assert len(drawn) == 14
    assert len(offered) > 10
    for unit, occupation in offered:
        for query, metric in drawn.items():
            found = told(await watched.prometheus.now(filled(QUERIES[query], unit, occupation)))
            known = groups.get((unit, occupation), {}).get(metric, {}).get("value")
            assert list(found.values()) == ([] if known is None else [pytest.approx(known)]), (unit, occupation, query)


async def offers(watched: Watched, name: str, unit: str) -> set[str]:
    """The values of a variable, as Grafana lists them."""
    series, _, label = filled(VARIABLES[name], unit).removeprefix("label_values(").removesuffix(")").rpartition(", ")
    return await watched.prometheus.values_of(label, series)


async def test_every_alert_is_drawn_as_it_is_answered(watched: Watched):
    """Of each unit: state, value as a multiple of the limit, and the limit beside the metric."""
    number = {"ok": 0, "pending": 1, "recovering": 2, "firing": 3}
    found = await alerts(watched.stack)
    for unit in {alert["unit"] for alert in found}:
        own = [alert for alert in found if alert["unit"] == unit]
        [states], [shares] = PANELS["Alerts of the selected unit"], PANELS["Values against their limits"]
        drawn = {labels(series)["target"]: value for series, value in (await drawn_now(watched, states, unit)).items()}
        assert {t: v for t, v in drawn.items() if math.isfinite(v)} == {
            alert["target"]: number[alert["state"]] for alert in own if alert["state"] != "not_judged"
        }
        drawn = {labels(series)["target"]: value for series, value in (await drawn_now(watched, shares, unit)).items()}
        assert {t: v for t, v in drawn.items() if math.isfinite(v)} == {
            alert["target"]: pytest.approx(alert["value"] / alert["threshold"])
            for alert in own
            if alert["value"] is not None
        }


async def drawn_now(watched: Watched, expression: str, unit: str) -> Told:
    """What a panel shows of a unit."""
    return told(await watched.prometheus.now(filled(expression, unit)))


def labels(series: frozenset[tuple[str, str]]) -> dict[str, str]:
    """What a series is called by."""
    return dict(series)


async def test_contradictions_are_those_on_record(watched: Watched):
    """By kind, as PostgreSQL has them."""
    [expression] = PANELS["Records that contradict themselves"]
    drawn = {labels(s)["kind"]: value for s, value in (await drawn_now(watched, expression, "*")).items()}
    assert drawn == await net_anomalies(watched.stack.database_url)


@pytest.mark.parametrize("name", VARIABLES)
async def test_every_variable_offers_values(watched: Watched, name: str):
    """The unit and the occupation of the other queries are among them."""
    assert {"unit": watched.unit, "occupation": "*"}[name] in await offers(watched, name, watched.unit)


@pytest.mark.parametrize("name", RECORDED)
async def test_every_recorded_series_has_a_value_of_its_words(watched: Watched, name: str):
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
    now = [await watched.prometheus.now(filled(expression, watched.unit)) for expression in PANELS["Leavers in a year"]]
    assert [len(series) for series in now] == [1, 1, 2]
    assert {series["metric"]["target"] for series in now[2]} == {"gone", "gone-by-choice"}


async def test_what_waits_and_what_fails_counts_once(watched: Watched):
    """The database goes: all that is sent then waits, in partitions that two replicas share, and parts do not work.

    Comes last, since nothing is told of any unit from here on.
    """
    lag, broken = "Messages still to read: {{job}}", "What does not work as it should: {{job}} {{part}}"
    watched.stack.kill("postgres")
    accepted = await asyncio.to_thread(publish, watched.stack, log(12, 20))

    def waits(once: Told, twice: Told, *_: Told) -> bool:
        by_job = {labels(series)["job"]: value for series, value in once.items()}
        return same(once, twice) and by_job["metrics"] == accepted

    def fails(once: Told, twice: Told, first: Told, second: Told) -> bool:
        database = frozenset({"job": "metrics", "part": "database"}.items())
        return same(once, twice) and once[database] == first[database] == second[database] == 1

    await settled(watched, lag, waits)
    await settled(watched, broken, fails)


@pytest.mark.parametrize(
    "check", [["check", "rules", str(RULES)], ["test", "rules", str(SHIPPED / "rules" / "stadga_test.yml")]]
)
def test_promtool(check: list[str]):
    """The rules are well formed, and each alert fires and does not fire as its cases say."""
    done = subprocess.run([program("promtool"), *check], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
