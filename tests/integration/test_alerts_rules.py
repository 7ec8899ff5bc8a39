"""Targets with a rule on a real database: months are asked of metrics, kept, judged, and told of by mail."""

import contextlib
import json
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import httpx
import msgspec
import pytest

from services.alerts.rounds.month_watch import PATIENCE, REST, MonthWatch
from shared.contracts.history import GroupSeries, Point, Series
from shared.contracts.metrics import MetricValue
from tests.conftest import Mail
from tests.integration.alerting import TODAY, group, in_states, mails, publish, started, watching
from tests.integration.alerts_workshop import Workshop, told, workshop
from tests.integration.boarding import Answering, Asked, Days, Visitor, away, looked, running
from tests.polling import until

PLAN = """\
plan: plan
settle: 0s
recipients: {hr: {email: hr@kommun.example, language: en}}
targets:
  - {id: leavers, metric: leaver_rate_own_request, breach: {rule: shift, since: 2025-07-01}, notify: [hr]}
"""
USUAL = (0.010, 0.012, 0.011, 0.013, 0.009)


class Metrics:
    """Leavers a month: as usual, and twice as many from a month on; what is asked for is written down."""

    def __init__(self, worse: str = "2025-10") -> None:
        """Everything is published."""
        self.worse = worse
        self.hidden: set[str] = set()
        self.today, self.provisional = date(2026, 6, 30), False
        self.asked: list[tuple[str, str, str]] = []

    def answer(self, asked: dict[str, str]) -> bytes:
        """The months asked for."""
        first, last = date.fromisoformat(asked["from"]), date.fromisoformat(asked["to"])
        self.asked.append((asked["unit"], asked["from"], asked["to"]))
        days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
        ends = [day for day in days if date.fromordinal(day.toordinal() + 1).day == 1]
        values = {asked["metrics"]: [self._value(f"{end:%Y-%m}") for end in ends]}
        groups = [GroupSeries(unit=asked["unit"], unit_name="", metrics=values)]
        points = [Point(end, end.day) for end in ends]
        found = Series(
            step="month", today=self.today, revision=1, points=points, groups=groups, provisional=self.provisional
        )
        return msgspec.json.encode(found)

    def _value(self, month: str) -> MetricValue:
        if month in self.hidden:
            return MetricValue(status="suppressed", definition="d")
        value = USUAL[int(month[-2:]) % len(USUAL)] * (2 if month >= self.worse else 1)
        return MetricValue(status="final", definition="d", value=value, numerator=1000 * value, denominator=1000.0)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """As httpx is answered."""
        assert (request.url.params["step"], request.url.params["window"]) == ("month", "step")
        return httpx.Response(200, content=self.answer(dict(request.url.params)))


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


def watch(shop: Workshop, metrics: Answering) -> MonthWatch:
    """Over the shop's rounds."""
    return MonthWatch(shop.rounds, shop.clock, Asked(metrics))


RAISED = {"leavers farsta": "firing", "leavers vantor": "firing"}
NOT_JUDGED = {"leavers farsta": "ok", "leavers vantor": "ok"}


async def test_months_are_asked_for_once_and_raise_an_alert(shop: Workshop):
    """From three years before the start; a second look on the same day asks for nothing."""
    metrics = Metrics()
    assert await looked(shop, watch(shop, metrics), times=3) == RAISED
    assert sorted(metrics.asked) == [("farsta", "2022-07-01", "2026-05-31"), ("vantor", "2022-07-01", "2026-05-31")]
    assert await shop.rows("select recipient, reason from outbox") == [("hr", "hold_met")] * 2
    visitor = Visitor(shop, Asked(away))
    for path in ("alerts/plan/leavers/farsta", "units/farsta"):
        page = await visitor.read(f"/board/{path}")
        assert "8 månader i rad, från oktober 2025, över medelvärdet" in plain([page.text]), path
    for path in ("/board", "/board/plans/plan"):
        page = await visitor.read(path)
        assert "larm vid en ny nivå till det sämre, räknat från den 1 juli 2025" in plain([page.text]), path


async def test_a_new_process_asks_for_nothing_that_was_asked_for(shop: Workshop):
    """Two replicas, or a restart: what was asked for is in the database."""
    metrics = Metrics()
    await looked(shop, watch(shop, metrics))
    await looked(shop, watch(shop, metrics), times=2)
    assert len(metrics.asked) == 2


@pytest.mark.parametrize("hinder", ["away", "provisional", "yesterday"])
async def test_while_metrics_cannot_say_nothing_is_kept_and_it_is_asked_again(shop: Workshop, days: Days, hinder: str):
    """It is away when the month ends, takes in more than it tells of, or its own day is still the last of the month."""
    days.today, metrics = date(2026, 7, 1), Metrics()
    metrics.today = date(2026, 6, 30) if hinder == "yesterday" else date(2026, 7, 1)
    metrics.provisional = hinder == "provisional"
    assert await looked(shop, watch(shop, away if hinder == "away" else metrics)) == NOT_JUDGED
    assert await shop.rows("select from months union all select from months_asked") == []
    metrics.today, metrics.provisional = date(2026, 7, 1), False
    assert await looked(shop, watch(shop, metrics)) == RAISED
    assert await shop.rows("select distinct last from months_asked") == [(date(2026, 6, 30),)]


async def test_what_metrics_does_not_know_waits_for_an_hour(shop: Workshop):
    """A unit that only alerts knows is not asked for again and again; the other is judged meanwhile."""
    metrics = Metrics()

    def forgetful(request: httpx.Request) -> httpx.Response:
        found = metrics(request)
        return httpx.Response(404, json={}) if request.url.params["unit"] == "vantor" else found

    watching_months = watch(shop, forgetful)
    assert await looked(shop, watching_months, times=PATIENCE) == {**NOT_JUDGED, "leavers farsta": "firing"}
    assert len(metrics.asked) == 2
    await looked(shop, watching_months)
    assert len(metrics.asked) == 3


async def test_what_metrics_does_not_answer_holds_up_no_other(shop: Workshop):
    """A question that it breaks on is put off for a minute; the next look asks for the other."""
    metrics = Metrics()

    def breaking(request: httpx.Request) -> httpx.Response:
        found = metrics(request)
        return httpx.Response(503, json={}) if request.url.params["unit"] == "farsta" else found

    one = watch(shop, breaking)
    assert await looked(shop, one) == NOT_JUDGED
    assert await looked(shop, one) == {**NOT_JUDGED, "leavers vantor": "firing"}
    assert await looked(shop, one, times=REST - 2) == {**NOT_JUDGED, "leavers vantor": "firing"}
    assert [unit for unit, *_ in metrics.asked] == ["farsta", "vantor"]
    await looked(shop, one)
    assert [unit for unit, *_ in metrics.asked] == ["farsta", "vantor", "farsta"]


async def test_late_data_takes_an_alert_back_the_next_day(shop: Workshop, days: Days):
    """Only the latest months are asked for, only what changed is judged, and the mail says why."""
    metrics = Metrics()
    await looked(shop, watch(shop, metrics))
    metrics.worse, days.today = "2099-01", date(2026, 7, 1)
    metrics.today = days.today
    states = await looked(shop, watch(shop, metrics))
    assert states == NOT_JUDGED
    assert {asked[1] for asked in metrics.asked[2:]} == {"2022-07-01"}  # a month has ended: all of them
    said = await shop.rows("select distinct reason from outbox where recipient = 'hr'")
    assert sorted(said) == [("data_corrected",), ("hold_met",)]
    days.today = metrics.today = date(2026, 7, 2)
    await watch(shop, metrics).look()
    assert metrics.asked[-1][1:] == ("2026-01-01", "2026-06-30")
    assert await shop.rows("select count(*) from due") == [(0,)]


async def test_hidden_months_are_gaps(shop: Workshop):
    """Every third month hidden: no run of seven, and no alert."""
    metrics = Metrics()
    metrics.hidden = {"2025-12", "2026-03"}
    assert await looked(shop, watch(shop, metrics)) == NOT_JUDGED
    [(ruled,)] = await shop.rows("select view -> 'ruled' from standings where unit = 'farsta'")
    assert json.loads(ruled)["hidden"] == 2


async def test_a_rule_that_nobody_has_any_more_is_forgotten(shop: Workshop, tmp_path: Path):
    """A limit in its place: the alert ends with the plan, and daily values judge again."""
    months = watch(shop, Metrics())
    await looked(shop, months)
    await running(shop, tmp_path, PLAN.replace("{rule: shift, since: 2025-07-01}", "{above: 0.2}"))
    await shop.hear([told("farsta", 0.3, revision=2)])
    assert await looked(shop, months) == {"leavers farsta": "firing", "leavers vantor": "ok"}
    assert await shop.rows("select from months union all select from months_asked") == []
    reasons = await shop.rows("select body ->> 'reason' from transitions where unit = 'farsta' order by seq")
    assert [reason for (reason,) in reasons] == ["hold_met", "plan_changed", "hold_met"]


@contextlib.contextmanager
def served(metrics: Metrics) -> Iterator[str]:
    """A metrics service that answers over HTTP; its address."""

    class Handler(BaseHTTPRequestHandler):
        """Answers one question."""

        def do_GET(self) -> None:
            """Months."""
            asked = {name: values[0] for name, values in parse_qs(urlparse(self.path).query).items()}
            content = metrics.answer(asked)
            self.send_response(200)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


async def test_from_a_plan_to_a_mail(kafka_with_topics: str, postgres: str, smtp: Mail, tmp_path: Path):
    """The service itself, on Kafka, PostgreSQL and SMTP: the mail names rule, months, mean, limits and the start."""
    metrics = Metrics()
    with served(metrics) as address:
        settings = {"KAFKA_BOOTSTRAP_SERVERS": kafka_with_topics, "DATABASE_URL": postgres, "SMTP_URL": smtp.url}
        async with watching(tmp_path, STADGA_METRICS_URL=address, **settings) as watcher:
            await started(watcher, PLAN)
            await publish(kafka_with_topics, [group("farsta", 0.1, TODAY)])
            await in_states(watcher, {"farsta": "firing"})
            await until(lambda: len(smtp.messages()) == 1, "a mail")
            [view] = (await watcher.get("/v1/alerts", unit="farsta"))["alerts"]
    assert (view["threshold"], view["ruled"]["run"], view["ruled"]["first"]) == (None, 8, "2025-10-31")
    [mail] = mails(smtp.messages())
    said = plain(mail.get_body(("plain",)).get_content().splitlines())  # type: ignore[union-attr]
    assert "8 months in a row, from October 2025, above the mean before 1 July 2025" in said
    assert "Normal variation before 1 July 2025 is between" in said
    assert "a new level for the worse" in mail["Subject"]


def plain(lines: Sequence[str]) -> str:
    """The text without its line breaks."""
    return " ".join(" ".join(lines).replace("\N{NO-BREAK SPACE}", " ").split())
