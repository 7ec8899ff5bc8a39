"""Targets by gender on a real database: parts are asked of metrics, kept, judged apart, and told of."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest

from services.alerts.rounds.month_watch import MonthWatch
from services.alerts.rounds.part_watch import PATIENCE, PAUSE, PartWatch
from shared.contracts.groups import GroupValues, Values
from shared.contracts.history import GroupSeries, Point, Series
from shared.contracts.metrics import ALL, RESTATED_DAYS, MetricValue
from tests.integration.alerting import TODAY
from tests.integration.alerts_workshop import Workshop, told, workshop
from tests.integration.boarding import Answering, Asked, Days, Visitor, away, looked, running
from tests.integration.test_alerts_rules import USUAL, plain

PLAN = """\
plan: plan
settle: 0s
language: en
recipients: {hr: {email: hr@kommun.example}}
targets:
  - {id: leavers, metric: leaver_rate_own_request, by: gender, breach: {above: 0.2}, notify: [hr]}
"""
ASKED = "fte,headcount,leaver_rate,leaver_rate_own_request,sick_rate"
WOMEN, MEN = "leavers.f farsta", "leavers.m farsta"

STAFFED = ("headcount", "fte", "leaver_rate")


class Metrics:
    """Leavers of the women and men of two units; what is asked for is written down."""

    def __init__(self) -> None:
        """Women of Farsta leave since today; there are no men in Vantör."""
        self.shares: dict[tuple[str, str], float | None] = {
            ("farsta", "f"): 0.3,
            ("farsta", "m"): 0.1,
            ("vantor", "f"): 0.1,
        }
        self.begins, self.hidden_from, self.provisional = TODAY, date.max, False
        self.staff: dict[tuple[str, str], float] = {}
        self.private = set[tuple[str, str]]()
        self.asked: list[tuple[str | None, str, str, str]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """As httpx is answered."""
        asked = request.url.params
        self.asked.append((asked.get("unit"), asked["by"], asked["metrics"], asked["as_of"]))
        usual: dict[tuple[str, str], float | None] = dict(self.shares)
        if date.fromisoformat(asked["as_of"]) < self.begins:
            usual = dict.fromkeys(self.shares, 0.1)
        if date.fromisoformat(asked["as_of"]) >= self.hidden_from:
            usual = dict.fromkeys(self.shares)
        groups = [self._group(*of, share, asked["metrics"].split(",")) for of, share in usual.items()]
        groups += [self._group(unit, ALL, 0.2, asked["metrics"].split(",")) for unit in ("farsta", "vantor")]
        found = Values(date.fromisoformat(asked["as_of"]), 365, 1, groups, self.provisional)
        return httpx.Response(200, content=msgspec.json.encode(found))

    def _group(self, unit: str, gender: str, share: float | None, metrics: list[str]) -> GroupValues:
        status = "suppressed" if share is None else "final"
        numbers = {} if share is None else {"value": share, "numerator": 100 * share, "denominator": 100.0}
        value = MetricValue(status=status, definition="d", **numbers)
        staff = MetricValue(status="final", definition="d", value=self.staff.get((unit, gender), 50.0), denominator=1.0)
        private = (unit, gender) in self.private
        return GroupValues(
            unit, unit.title(), ALL, gender, ALL, dict.fromkeys(metrics, value) | dict.fromkeys(STAFFED, staff), private
        )


@pytest.fixture
async def days() -> Days:
    """A clock of the test's own."""
    return Days(TODAY)


@pytest.fixture
async def shop(postgres: str, tmp_path: Path, days: Days) -> AsyncIterator[Workshop]:
    """Two units; the plan runs."""
    async with workshop(postgres, days.clock) as opened:
        await running(opened, tmp_path, PLAN)
        await opened.hear([told("farsta", 0.1), told("vantor", 0.1)])
        yield opened


def watch(shop: Workshop, metrics: Answering) -> PartWatch:
    """Over the shop's rounds."""
    return PartWatch(shop.rounds, shop.clock, Asked(metrics))


RAISED = {WOMEN: "firing", MEN: "ok", "leavers.f vantor": "ok"}


async def test_women_and_men_of_a_unit_are_judged_apart(shop: Workshop):
    """One question a day of all units, 29 of them; a second look asks for nothing. Of whom there is none, no alert."""
    metrics = Metrics()
    assert await shop.states() == {}
    assert await looked(shop, watch(shop, metrics), times=3) == RAISED
    asked = [(None, "gender", ASKED, f"{TODAY - timedelta(n)}") for n in range(RESTATED_DAYS + 1)]
    assert metrics.asked == asked
    assert await shop.rows("select occasion ->> 'target', occasion ->> 'gender' from outbox") == [("leavers.f", "f")]
    events = await shop.rows("select body ->> 'target', body ->> 'gender', body ->> 'age' from transitions")
    assert events == [("leavers.f", "f", None)]


async def test_the_board_and_prometheus_tell_them_apart(shop: Workshop):
    """In lists, on the pages of unit, alert and plan, and by a label."""
    await looked(shop, watch(shop, Metrics()))
    visitor = Visitor(shop, Asked(away))
    for path in ("", "/units/farsta", "/alerts/plan/leavers.f/farsta", "/plans/plan"):
        page = await visitor.read(f"/board{path}")
        assert "Avgångar på egen begäran (kvinnor)" in plain([page.text]), path
    assert "Avgångar på egen begäran (män)" in plain([(await visitor.read("/board/units/farsta")).text])
    await visitor.read("/board/plans/plan/backtests/leavers.f", status=404)  # what was known of parts is not kept
    await shop.display.refresh()
    lines = b"".join(shop.exposition.scraped()).decode().splitlines()
    states = [line for line in lines if line.startswith("stadga_alert_state{") and 'unit="farsta"' in line]
    assert [line[line.index("severity") :] for line in sorted(states)] == [
        'severity="warning",gender="f"} 3',
        'severity="warning",gender="m"} 0',
    ]


@pytest.mark.parametrize("hinder", ["away", "provisional"])
async def test_while_metrics_cannot_say_nothing_is_kept_and_it_is_asked_again(shop: Workshop, hinder: str):
    """It is away, or takes in more than it tells of."""
    metrics = Metrics()
    metrics.provisional = hinder == "provisional"
    one = watch(shop, away if hinder == "away" else metrics)
    assert await looked(shop, one) == {}
    assert await shop.rows("select from part_values union all select from parts_asked where on_day is not null") == []
    metrics.provisional = False
    assert await looked(shop, watch(shop, metrics)) == RAISED


async def test_a_new_process_asks_for_nothing_that_was_asked_for(shop: Workshop):
    """Two replicas, or a restart: what was asked for is in the database."""
    metrics = Metrics()
    await looked(shop, watch(shop, metrics))
    count = len(metrics.asked)
    assert await looked(shop, watch(shop, metrics), times=2) == RAISED
    assert len(metrics.asked) == count


async def test_a_day_whose_values_move_is_asked_for_again_and_no_other(shop: Workshop):
    """What is published of a unit has changed: so may its women's. Every minute at the most."""
    metrics = Metrics()
    one = watch(shop, metrics)
    await looked(shop, one)
    metrics.asked.clear()
    metrics.shares["farsta", "f"] = 0.1
    await shop.hear([told("farsta", 0.15, revision=2)])
    assert await looked(shop, one) == {**RAISED, WOMEN: "ok"}
    assert [as_of for *_, as_of in metrics.asked] == [f"{TODAY}"]
    await shop.hear([told("farsta", 0.16, revision=3)])
    await looked(shop, one, times=PAUSE - 1)
    assert len(metrics.asked) == 1
    await looked(shop, one)
    assert len(metrics.asked) == 2


async def test_what_moves_while_it_is_asked_is_asked_for_again(shop: Workshop):
    """The answer may be from before."""
    metrics = Metrics()
    await looked(shop, watch(shop, metrics))
    await shop.hear([told("farsta", 0.15, revision=2)])
    count = len(metrics.asked)

    class Meanwhile(Asked):
        """Something is published before it answers."""

        async def groups(
            self, unit: str | None, occupation: str, by: str, metrics: Sequence[str], day: date
        ) -> Values | None:
            """The answer is of before."""
            found = await super().groups(unit, occupation, by, metrics, day)
            await shop.rounds.observe([told("farsta", 0.16, revision=3)], [])
            return found

    await PartWatch(shop.rounds, shop.clock, Meanwhile(metrics)).look()
    assert len(metrics.asked) == count + 1
    await looked(shop, watch(shop, metrics))
    assert len(metrics.asked) == count + 2


async def test_each_day_all_are_asked_for_anew(shop: Workshop, days: Days):
    """Late data that moved no unit's whole is heard of the next day, and the alert is withdrawn for it."""
    metrics = Metrics()
    one = watch(shop, metrics)
    await looked(shop, one)
    metrics.asked.clear()
    metrics.shares["farsta", "f"], days.today = 0.1, TODAY + timedelta(1)
    assert (await looked(shop, one))[WOMEN] == "ok"
    assert len(metrics.asked) == RESTATED_DAYS + 1
    reasons = await shop.rows("select reason, occasion ->> 'gender' from outbox order by created, id")
    assert reasons == [("hold_met", "f"), ("data_corrected", "f")]


async def test_what_is_hidden_neither_raises_nor_ends(shop: Workshop, days: Days):
    """The alert of women stands when their number may not be shown any more; no page has it, nor that of the men."""
    metrics = Metrics()
    one = watch(shop, metrics)
    metrics.shares["vantor", "f"] = None
    assert await looked(shop, one) == RAISED
    days.today = metrics.hidden_from = TODAY + timedelta(1)
    assert await looked(shop, one) == RAISED
    visitor = Visitor(shop, Asked(away))
    for path in ("", "/units/farsta", "/alerts/plan/leavers.f/farsta", "/alerts/plan/leavers.m/farsta"):
        page = await visitor.read(f"/board{path}")
        assert "30 %" not in plain([page.text]), path


@pytest.mark.parametrize("private", [("farsta", "f"), ("farsta", ALL)])
async def test_of_too_few_no_metric_is_told(shop: Workshop, private: tuple[str, str]):
    """Health may not be told of the women, or of all beside whom they are told: then nothing is."""
    metrics = Metrics()
    metrics.private = {private}
    assert await looked(shop, watch(shop, metrics)) == {**RAISED, WOMEN: "ok"}
    kept = (
        "select distinct value ->> 'status', value ->> 'value' from part_values where (unit, gender) = ('farsta', 'f')"
    )
    assert await shop.rows(kept) == [("suppressed", None)]


async def test_who_has_just_come_is_not_left_over(shop: Workshop):
    """Ten men joined this month, whom no month that is over knows: neither they nor the women beside them are told."""
    metrics = Metrics()
    metrics.staff["farsta", "m"] = 10.0
    await looked(shop, watch(shop, metrics))
    assert await shop.states() == {**RAISED, WOMEN: "ok"}


async def test_a_question_that_metrics_refuses_waits_for_an_hour(shop: Workshop):
    """It is not asked again and again."""
    count = 0

    def refusing(_: httpx.Request) -> httpx.Response:
        nonlocal count
        count += 1
        return httpx.Response(422, json={})

    one = watch(shop, refusing)
    await looked(shop, one, times=PATIENCE)
    assert count == RESTATED_DAYS + 1
    await looked(shop, one)
    assert count == 2 * (RESTATED_DAYS + 1)


async def test_a_part_that_is_told_of_no_more_is_not_remembered(shop: Workshop, tmp_path: Path):
    """Nor what no target judges."""
    one = watch(shop, Metrics())
    await looked(shop, one)
    await running(shop, tmp_path, PLAN.replace("by: gender", "by: unit"))
    states = await looked(shop, one)
    assert states == {"leavers farsta": "ok", "leavers vantor": "ok"}
    assert await shop.rows("select from part_values") == []
    ended = await shop.rows("select body ->> 'reason', body ->> 'gender' from transitions order by seq")
    assert ended == [("hold_met", "f"), ("plan_changed", "f")]


class Months:
    """Leavers of women and men a month: twice as many women from October on; of men health may not be told in May."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """As httpx is answered."""
        asked = request.url.params
        assert (asked["by"], asked["metrics"]) == ("gender", ASKED)
        first, last = date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])
        days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
        ends = [day for day in days if (day + timedelta(1)).day == 1]
        groups = [self._group(asked["unit"], gender, ends) for gender in (ALL, "f", "m")]
        points = [Point(end, end.day) for end in ends]
        found = Series(step="month", today=TODAY, revision=1, points=points, groups=groups)
        return httpx.Response(200, content=msgspec.json.encode(found))

    def _group(self, unit: str, gender: str, ends: list[date]) -> GroupSeries:
        shares = [USUAL[end.month % 5] * (2 if gender == "f" and f"{end:%Y-%m}" >= "2025-10" else 1) for end in ends]
        values = [MetricValue(status="final", definition="d", value=share, numerator=1.0) for share in shares]
        private = [gender == "m" and f"{end:%Y-%m}" == "2026-05" for end in ends]
        metrics = {"leaver_rate_own_request": values}
        return GroupSeries(unit=unit, unit_name="", gender=gender, metrics=metrics, private=private)


async def test_a_rule_by_gender(shop: Workshop, tmp_path: Path):
    """The women's months raise an alert; the men's do not, and the month of which too few are told is a gap."""
    await running(shop, tmp_path, PLAN.replace("{above: 0.2}", "{rule: shift, since: 2025-07-01}"))
    await MonthWatch(shop.rounds, shop.clock, Asked(Months())).look()
    await shop.judge()
    states = {f"leavers.{gender} {unit}": "ok" for gender in "fm" for unit in ("farsta", "vantor")}
    assert await shop.states() == states | {WOMEN: "firing", "leavers.f vantor": "firing"}
    hidden = "select gender, unit, month from months where value ->> 'status' = 'suppressed' order by unit"
    assert await shop.rows(hidden) == [("m", unit, date(2026, 5, 31)) for unit in ("farsta", "vantor")]
