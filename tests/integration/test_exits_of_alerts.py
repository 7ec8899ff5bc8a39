"""Alerts, mails and the alerts API walked as every other exit is: none tells of the health or the answers of few."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from shared.contracts.catalogue import BY_NAME, METRICS
from shared.contracts.catalogue.disclosure import ByMonth
from tests.conftest import Mail
from tests.integration.alerting import Watcher, alerts_topic, mails, started, watching
from tests.integration.asking import TODAY
from tests.integration.exits import NUMBERS, Left, left
from tests.integration.metering import fetch
from tests.integration.small_groups import Months, is_few
from tests.polling import until

BY_MONTH = [metric.name for metric in METRICS if metric.by_month is ByMonth.HEALTH] + ["pulse_negative_share"]
YEAR = Months(TODAY.replace(month=5, day=31), 12)
PLAN = """\
plan: all_health
settle: 0s
recipients:
  health: {email: health@kommun.example, language: en}
  pulses: {email: pulses@kommun.example, language: en}
targets:
"""
TARGET = """\
  - {{id: {metric}, metric: {metric}, breach: {breach}, clear: {clear}, hold: 0d, notify: [{who}]}}
"""


def plan() -> str:
    """Each metric of health, and one of pulses, has breached in every unit it is told of, as small as it may be."""
    limits = {True: ("{below: 0.999}", "{above: 1.0}"), False: ("{above: 1.0e-9}", "{below: 1.0e-10}")}
    return PLAN + "".join(
        TARGET.format(metric=name, breach=breach, clear=clear, who="pulses" if "pulse" in name else "health")
        for name in BY_MONTH
        for breach, clear in [limits[BY_NAME[name].direction == "higher_is_better"]]
    )


def is_small(unit: str, metric: str) -> bool:
    """Whether a unit was of too few on some day, or in some month, that the metric would be told of."""
    return is_few(metric, (unit, "*", "*", "*"), YEAR, TODAY)


def told(gone: Left) -> set[tuple[str, str]]:
    """The units and metrics that the service was told of; a plan judges the whole only where it names it."""
    return {
        (one.unit, name)
        for one in gone.messages
        if one.unit != "*" and (one.occupation, one.as_of) == ("*", TODAY)
        for name in BY_MONTH
        if name in one.metrics and one.metrics[name].value
    }


def figures(found: object) -> Iterator[tuple[str, str]]:
    """The units and metrics that any amount is told of, wherever it is within an answer."""
    if isinstance(found, list):
        yield from (one for some in found for one in figures(some))
    if isinstance(found, dict):
        if {"unit", "metric"} <= found.keys() and any(found.get(name) is not None for name in NUMBERS):
            yield found["unit"], found["metric"]
        yield from (one for some in found.values() for one in figures(some))


@pytest.fixture
async def watcher(kafka_with_topics: str, postgres: str, smtp: Mail, tmp_path: Path) -> AsyncIterator[Watcher]:
    """The alerts service on the town's day, not started."""
    where = {"KAFKA_BOOTSTRAP_SERVERS": kafka_with_topics, "DATABASE_URL": postgres, "SMTP_URL": smtp.url}
    async with watching(tmp_path, STADGA_TODAY=TODAY.isoformat(), **where) as watcher:
        yield watcher


async def test_every_exit_of_alerts(kafka_with_topics: str, postgres: str, watcher: Watcher, smtp: Mail):
    """What has breached is told of all units whose health may be told, by every way out; of small ones nothing is."""
    gone = await left(kafka_with_topics, postgres)
    await started(watcher, plan())

    async def said() -> list[dict[str, Any]]:
        return (await watcher.get("/v1/alerts", history="true") or {}).get("alerts", [])

    async def all_fire() -> bool:
        return {(one["unit"], one["target"]) for one in await said() if one["state"] == "firing"} == told(gone)

    await until(all_fire, f"{len(told(gone))} alerts")

    async def all_sent() -> bool:
        rows = await fetch(postgres, "select state from alerts.outbox")
        return [row["state"] for row in rows] == ["sent"] * len(told(gone))

    await until(all_sent, "a mail about each")
    answers = [await watcher.get("/v1/alerts", history="true"), await watcher.get("/v1/plans")]
    events = [one["data"] for one in await alerts_topic(kafka_with_topics, "all_health")]
    found = set(figures([*answers, *events]))
    assert found >= told(gone)
    assert {one for one in found if is_small(*one)} == set()
    for who, units in (("health", {"small", "grown", "moved", "d"}), ("pulses", {"small", "moved"})):
        some = [mail for mail in mails(smtp.messages()) if who in str(mail["To"])]
        assert some
        written = " ".join(str(mail["Subject"]) + mail.as_string() for mail in some)
        assert {unit for unit in units if unit.capitalize() in written.split()} == set()
