"""The page on which a limit is moved: what a target would have raised, by what metrics knew on each day."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import httpx
import pytest

from cli.offline.backtesting.ground import ground
from cli.offline.backtesting.recorded import Told, recorded
from cli.offline.backtesting.running import backtested
from services.alerts import backtests
from services.alerts.domain.backtest.document import backtest
from services.alerts.domain.backtest.trying import alone
from services.alerts.domain.plan.reading import read
from services.alerts.metrics_service import MetricsService
from services.metrics.domain.facts.entry import entry_of
from shared.contracts import envelope
from shared.kit.clock import Clock
from tests import builders as make
from tests.integration.alerting import GOOD, TODAY
from tests.integration.alerts_workshop import Workshop, told, workshop
from tests.integration.asking import Asking, asking
from tests.integration.boarding import Asked, Hanging, Visitor, away, running
from tests.integration.taken_in import take_in

ZONE = ZoneInfo("Europe/Stockholm")
LAST = TODAY - timedelta(1)
FIRST = LAST - timedelta(3 * 365)
PLAN = """\
plan: plan
title: {sv: Stabil personal, en: Stable staff}
settle: 0s
recipients: {hr: {email: hr@kommun.example, name: HR-strateg}}
targets:
  - {id: few, metric: headcount, breach: {below: 3}, notify: [hr]}
  - {id: rate, metric: leaver_rate, breach: {above: 0.125}, clear: {below: 0.1}, require_confirmation: true,
     notify: [hr]}
  - {id: sick, metric: sick_rate, breach: {above: 0.1}, notify: [hr]}
"""
PAGE = "/board/plans/plan/backtests"


def _events() -> list[make.Event]:
    """Three units under a department; one was too small for a while, which was told ten days late, and is again."""
    people = {"u1": 3, "u2": 4, "u3": 12}
    return [
        *(make.unit_defined(unit, name=unit.upper(), parent="ifo", time="2023-01-02T08:00:00Z") for unit in people),
        make.unit_defined("ifo", name="IFO", time="2023-01-02T08:00:00Z"),
        *(
            make.employment_started(f"{unit}-{n}", "2023-01-02", unit, time="2023-01-02T08:00:00Z")
            for unit, count in people.items()
            for n in range(count)
        ),
        make.employment_ended("u1-0", "2024-01-09", time="2024-01-20T08:00:00Z"),
        make.employment_started("u1-0", "2024-02-01", "u1", time="2024-02-01T08:00:00Z"),
        make.employment_ended("u2-0", "2025-05-09", time="2025-05-09T08:00:00Z"),
        make.employment_ended("u1-0", "2026-05-09", time="2026-05-09T08:00:00Z"),
    ]


def _told(event: make.Event) -> Told:
    decoded = envelope.decode(make.encoded(event))
    return decoded, entry_of(decoded)


class Served(MetricsService):
    """A metrics service in this process."""

    def __init__(self, asked: Asking) -> None:
        """Its application answers."""
        super().__init__("http://metrics")
        self._http = httpx.AsyncClient(base_url="http://metrics", transport=httpx.ASGITransport(asked.app))


class Town(NamedTuple):
    """A board on which the plan runs, and metrics that took in each day's events in its evening."""

    shop: Workshop
    metrics: MetricsService

    @property
    def visitor(self) -> Visitor:
        """Somebody who reads."""
        return Visitor(self.shop, self.metrics)


@pytest.fixture
async def town(postgres: str, tmp_path: Path) -> AsyncIterator[Town]:
    """Both, over one log."""
    log = recorded(map(_told, _events()), ZONE, None, None)
    async with asking(postgres, known_since_ever=False, today=TODAY) as asked, workshop(postgres) as shop:
        await take_in(asked.pool, log, Clock(ZONE))
        await asked.ledger.tell(TODAY)
        await running(shop, tmp_path, PLAN)
        await shop.hear([told("u1", GOOD, parent="ifo")])
        yield Town(shop, Served(asked))


async def test_a_limit_is_moved(town: Town):
    """Below three, unit 1 would have alerted twice; below four, unit 2 as well, and unit 1 throughout."""
    own = await town.visitor.read(f"{PAGE}/few")
    assert [one.get("value") for one in own.of("input") if one.get("name") == "limit"] == ["3"]
    assert _labels(own.html) == ["U1: 2 larm med planens gräns, 0 med den prövade."]
    shown = await town.visitor.read(f"{PAGE}/few?limit=4&hold=0")
    assert _labels(shown.html) == [
        "U1: 2 larm med planens gräns, 1 med den prövade.",
        "U2: 0 larm med planens gräns, 1 med den prövade.",
    ]
    assert "20 januari 2024 till 1 februari 2024" in shown.text
    assert "HR-strateg" in shown.text
    assert "3 mejl: i snitt <0,1 i veckan, som mest 1" in own.text
    assert await town.shop.rows("select count(*) from plans") == [(1,)]


@pytest.mark.parametrize(
    ("language", "well", "unjudged"),
    [
        ("sv", "3 enheter hade inte larmat alls", "4 enheter gick inte att bedöma"),
        ("en", "3 units would not have alerted", "4 units could not be judged"),
    ],
)
async def test_units_of_which_nothing_is_told_are_not_said_to_be_well(
    town: Town, language: str, well: str, unjudged: str
):
    """Nobody's absence is known: that no unit would have alerted cannot be said."""
    visitor = town.visitor
    visitor.http.headers["accept-language"] = language
    judged, unknown = [(await visitor.read(f"{PAGE}/{target}")).text for target in ("few", "sick")]
    assert (well in judged, unjudged in unknown) == (True, True)
    assert not any(word in said for said, word in ((judged, unjudged[2:]), (unknown, well[2:])))


def _labels(html: str) -> list[str]:
    return [line.split('aria-label="')[1].split('"')[0] for line in html.split("\n") if 'class="strip"' in line]


async def test_the_page_says_what_the_log_says(town: Town):
    """The same document as the backtest of the log."""
    plan = read(PLAN)
    plans, turn = {"own": alone(plan, plan.targets["few"])}, asyncio.Semaphore()
    log = recorded(map(_told, _events()), ZONE, FIRST, LAST)
    [tested] = backtested([plans["own"]], ground(log))
    found = await backtests.tried(plans, FIRST, LAST, lambda _: True, town.metrics, turn)
    assert found.found == backtest(FIRST, LAST, {"own": tested._replace(watched={})})
    assert [unit.id for unit in found.units] == ["ifo", "u1", "u2", "u3"]
    mine = await backtests.tried(plans, FIRST, LAST, lambda unit: unit.id == "u2", town.metrics, turn)
    assert [unit.id for unit in mine.units] == ["u2"]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize(
    "question", ["few?limit=2,5&hold=3", "rate?limit=12,5%&hold=0&sure=true", "sick?unit=ifo", "few?unit=u9"]
)
async def test_each_kind_of_target(town: Town, language: str, question: str):
    """Numbers, shares in per cent, health, and a unit that nobody knows."""
    visitor = town.visitor
    visitor.http.headers["accept-language"] = language
    shown = await visitor.read(f"{PAGE}/{question}")
    assert ("Ingenting i planen" if language == "sv" else "Nothing in the plan") in shown.text or "u9" in question
    assert "{" not in shown.text


@pytest.mark.parametrize("question", ["limit=x&hold=0", "limit=nan&hold=0", "limit=3&hold=29", "limit=3&hold=-1"])
async def test_what_cannot_be_tried_is_said(town: Town, question: str):
    """With what was written still there."""
    shown = await town.visitor.read(f"{PAGE}/few?{question}", 422)
    assert "Det går inte att pröva" in shown.text


@pytest.mark.parametrize("question", ["rate?limit=-5&hold=0", "rate?limit=1e308&hold=0", "sick?limit=100&hold=0"])
async def test_a_limit_that_says_nothing_is_not_tried(town: Town, question: str):
    """It is said why, with what was written still there."""
    shown = await town.visitor.read(f"{PAGE}/{question}", 422)
    assert "varje värde skulle ligga förbi den gränsen, eller inget" in shown.text


async def test_too_much_and_nobody_there(town: Town, monkeypatch: pytest.MonkeyPatch):
    """More units than are tried at a time, a metrics service that is away or hangs, and no such target."""
    monkeypatch.setattr(backtests, "MOST_UNITS", 2)
    many = await town.visitor.read(f"{PAGE}/few")
    assert "Målet bedöms för 4 enheter" in many.text
    assert [one["value"] for one in many.of("option")] == ["", "ifo", "u1", "u2", "u3"]
    assert _labels((await town.visitor.read(f"{PAGE}/few?unit=u1")).html)
    gone = await Visitor(town.shop, Asked(away)).read(f"{PAGE}/few")
    assert "svarar inte" in gone.text
    monkeypatch.setattr(backtests, "SECONDS", 0.1)
    async with Hanging.opened() as hanging:
        assert "svarar inte" in (await Visitor(town.shop, hanging).read(f"{PAGE}/few")).text
    assert "inget mål med en gräns som heter fw" in (await town.visitor.read(f"{PAGE}/fw", 404)).text
