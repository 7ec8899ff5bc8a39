"""``GET /v1/evaluations``: from the plans that run and what metrics answers to an answer, or to why there is none."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar
from prometheus_client import CollectorRegistry

from services.alerts.api import evaluations
from shared.contracts.history import GroupSeries, Point, Series
from shared.contracts.metrics import MetricValue
from shared.kit.access.guard import Guard
from shared.kit.server import application, process_metrics
from tests import builders as make
from tests.integration.alerting import GOOD, TODAY
from tests.integration.alerts_workshop import Workshop, told, workshop
from tests.integration.boarding import Answering, Asked, Visitor, away, running
from tests.integration.test_own_units import GUARD

PLAN = """\
plan: plan
settle: 0s
recipients: {hr: {email: hr@kommun.example, name: HR-strateg}}
targets: [{id: leavers, metric: leaver_rate_own_request, breach: {above: 0.2}, notify: [hr]}]
measures:
  - id: mentor
    title: {sv: Mentorer, en: Mentors}
    owner: hr
    evaluate: {metric: leaver_rate_own_request, start: 2025-01-01, units: [u0, u1], before: 12m, after: 12m,
      smallest: 0.5}
  - {id: pay, owner: hr}
"""
UNITS = [f"u{n}" for n in range(24)]
ASKED = "/v1/evaluations?plan=plan&measure=mentor"


def answering(request: httpx.Request) -> httpx.Response:
    """A hundred people in each unit; ten leave a month, two of the first two units from 2025 on; the last is hidden."""
    asked = request.url.params
    assert (asked["step"], asked["window"]) == ("month", "step")
    first, last = date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])
    span = [first + timedelta(n) for n in range((last - first).days + 1)]
    days = [day for day in span if (day + timedelta(1)).day == 1]
    values = [_value(asked["unit"], day) for day in days]
    group = GroupSeries(unit=asked["unit"], unit_name="", metrics={asked["metrics"]: values})
    points = [Point(day, day.day) for day in days]
    found = Series(step="month", today=TODAY, revision=1, points=points, groups=[group], provisional=False)
    return httpx.Response(200, content=msgspec.json.encode(found))


def _value(unit: str, day: date) -> MetricValue:
    if unit == UNITS[-1] and day.month == 3:
        return MetricValue(status="suppressed", definition="d")
    left = 2.0 if unit in UNITS[:2] and day.year == 2025 else 10.0
    return MetricValue(status="final", definition="d", value=left / 100, numerator=left, denominator=100.0)


def provisional(request: httpx.Request) -> httpx.Response:
    """While a log is being taken in."""
    found = msgspec.json.decode(answering(request).content, type=Series)
    return httpx.Response(200, content=msgspec.json.encode(msgspec.structs.replace(found, provisional=True)))


@pytest.fixture
async def shop(postgres: str, tmp_path: Path) -> AsyncIterator[Workshop]:
    """Units under a department; the plan was loaded before the start."""
    async with workshop(postgres) as opened:
        await running(opened, tmp_path, PLAN)
        await opened.hear(told(name, GOOD, parent="ifo") for name in UNITS)
        await opened.hear([told("ifo", GOOD), told("other", GOOD)])
        await opened.pool.execute("update plans set loaded = '2024-12-01T08:00:00Z'")
        yield opened


def app(shop: Workshop, metrics: Asked, guard: Guard | None = None) -> Litestar:
    """The route over the shop's database."""
    handlers = evaluations.routes(lambda: shop.pool, metrics.of)
    registry = CollectorRegistry()
    return application("Alerts", handlers, shop.health, registry, process_metrics(registry), guard=guard or Guard())


async def ask(of: Litestar, path: str = ASKED, units: str = "*") -> tuple[int, dict[str, Any]]:
    """The status and the answer."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(of), base_url="http://alerts") as http:
        answer = await http.get(path, headers={"units": units})
    return answer.status_code, answer.json()


async def test_an_answer_from_what_runs(shop: Workshop):
    """Siblings are those of the tree; a hidden one is left out; counts are those of the months."""
    status, found = await ask(app(shop, Asked(answering)))
    assert status == httpx.codes.OK
    [answer] = found["evaluations"]
    assert (answer["verdict"], answer["because"]) == ("improved", [])
    assert answer["acted"]["count_before"] == 240
    assert answer["acted"]["count_after"] == 48
    assert answer["likewise"] == {"as_much": 0, "units": 21}
    assert len(answer["left_out"]) == 1
    assert len(answer["lines"]) == 23
    assert "version_unknown" not in answer["caveats"]


async def test_what_was_written_afterwards_has_no_answer(shop: Workshop, tmp_path: Path):
    """Loaded after the start, or changed since: both are said."""
    await shop.pool.execute("update plans set loaded = '2025-01-02T08:00:00Z'")
    _, found = await ask(app(shop, Asked(answering)))
    assert found["evaluations"][0]["because"] == ["chosen_afterwards"]
    await shop.pool.execute("update plans set loaded = '2024-12-01T08:00:00Z'")
    await running(shop, tmp_path, PLAN.replace("after: 12m", "after: 6m"))
    await shop.pool.execute("update plans set loaded = '2025-06-01T08:00:00Z' where version = 2")
    _, found = await ask(app(shop, Asked(answering)))
    assert [found["evaluations"][0][name] for name in ("verdict", "because")] == [
        "cannot_be_told",
        ["chosen_afterwards"],
    ]


async def test_what_was_reported_to_have_begun_beside_it_takes_the_answer_away(shop: Workshop, tmp_path: Path):
    """An action of one of the units that the plan gives no day."""
    await running(shop, tmp_path, PLAN + "local: {u0: {measures: [{id: walks, owner: hr}]}}\n")
    read = await shop.rounds.reading_measures()
    begun = make.measure_updated("plan", "walks", "2025-03-01")
    update = read(begun["subject"].encode(), make.encoded(begun))
    assert update
    await shop.rounds.hear([update], [])
    _, found = await ask(app(shop, Asked(answering)))
    assert (found["evaluations"][0]["because"], found["evaluations"][0]["others"]) == (["another_action"], ["walks"])


async def test_before_its_months_are_over_nothing_is_asked(shop: Workshop, tmp_path: Path):
    """Not even of metrics, which is away here."""
    await running(shop, tmp_path, PLAN.replace("start: 2025-01-01", "start: 2026-01-01"))
    status, found = await ask(app(shop, Asked(away)))
    assert status == httpx.codes.OK
    assert found["evaluations"][0]["because"] == ["not_over"]


@pytest.mark.parametrize("metrics", [away, provisional])
async def test_while_metrics_is_away_or_loading_there_is_none(shop: Workshop, metrics: Answering):
    """503, as problem details."""
    status, found = await ask(app(shop, Asked(metrics)))
    assert (status, found["status"]) == (503, 503)


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("plan=plam&measure=mentor", "did you mean plan"),
        ("plan=plan&measure=mento", "did you mean mentor"),
        ("plan=plan&measure=pay", 'does not say how to evaluate "pay"'),
    ],
)
async def test_unknown_names_are_refused(shop: Workshop, path: str, says: str):
    """With the nearest."""
    status, found = await ask(app(shop, Asked(answering)), f"/v1/evaluations?{path}")
    assert status == httpx.codes.NOT_FOUND
    assert says in found["detail"]
    assert (await ask(app(shop, Asked(answering)), "/v1/evaluations"))[0] == httpx.codes.BAD_REQUEST


async def test_whoever_is_bound_to_other_units_is_refused(shop: Workshop):
    """All units that carry the measure out must be one's own; those beside need not."""
    guarded = app(shop, Asked(answering), GUARD)
    statuses = [(await ask(guarded, units=units))[0] for units in ("ifo", "u0,u1", "u0", "other")]
    assert statuses == [200, 200, 403, 403]


PAGE = "/board/plans/plan/evaluations/mentor"


async def test_a_page_of_the_board_shows_the_answer(shop: Workshop):
    """Verdict, sentences, a picture with a line for each unit and both sides, and a table; in both languages."""
    visitor = Visitor(shop, Asked(answering))
    assert PAGE in {link["href"] for link in (await visitor.read("/board/plans/plan")).of("a")}
    for language, verdict in (("sv", "Förbättrat."), ("en", "Improved.")):
        visitor.http.headers["accept-language"] = language
        shown = await visitor.read(PAGE)
        assert verdict in shown.text
        assert [one["class"] for one in shown.of("polyline")].count("line unit") == 21
        assert {"line own", "line beside"} <= {one["class"] for one in shown.of("polyline")}
        assert shown.unlabelled() == []
        assert len(shown.of("table")) == len(shown.of("caption")) == 1
    assert "a fall of 80%" in shown.text


async def test_the_page_without_an_answer(shop: Workshop):
    """While metrics is away, and of a measure that nothing is said of."""
    visitor = Visitor(shop, Asked(away))
    assert (await visitor.read(PAGE)).of("polyline") == []
    assert "inte hur ”pay” ska utvärderas" in (await visitor.read("/board/plans/plan/evaluations/pay", 404)).text
    await visitor.read("/board/plans/nobody/evaluations/pay", 404)


async def test_a_hidden_group_has_no_picture(shop: Workshop, tmp_path: Path):
    """Nor any number, on the page or in its source."""
    await running(shop, tmp_path, PLAN.replace("units: [u0, u1]", f"units: [{UNITS[-1]}]"))
    shown = await Visitor(shop, Asked(answering)).read(PAGE)
    assert "för liten" in shown.text
    assert shown.of("polyline", "table") == []
