"""What was answered to whether a measure helped is kept and mailed, and told beside what late events make of it."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from email import policy
from email.parser import BytesParser
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest

from services.alerts.notifiers.email.letter import sender
from services.alerts.notifiers.email.writing import written
from services.alerts.repository import outbox
from services.alerts.rounds.answering import Answering
from services.alerts.rounds.measure_watch import MeasureWatch
from shared.contracts.history import Series
from shared.contracts.metrics import MetricValue
from shared.kit.clock import Clock
from tests.integration.alerting import GOOD
from tests.integration.alerts_workshop import Workshop, told, workshop
from tests.integration.boarding import Asked, Visitor, away, running
from tests.integration.test_alerts_evaluations import PAGE, PLAN, UNITS, answering, app, ask

KNOWN = date(2026, 1, 29)
"""A Thursday: the months after, up to the end of 2025, are known."""
IN_ENGLISH = PLAN.replace("HR-strateg}", "HR-strateg, language: en}").replace("  - {id: pay, owner: hr}\n", "")
AS_BEFORE = MetricValue(status="final", definition="d", value=0.1, numerator=10.0, denominator=100.0)


def late(request: httpx.Request) -> httpx.Response:
    """Events that came late show as many leaving as before."""
    return _changed(request, AS_BEFORE)


def hidden(request: httpx.Request) -> httpx.Response:
    """Corrections show groups that are too small."""
    return _changed(request, MetricValue(status="suppressed", definition="d"))


def _changed(request: httpx.Request, every: MetricValue) -> httpx.Response:
    found = msgspec.json.decode(answering(request).content, type=Series)
    if request.url.params["unit"] in UNITS[:2]:
        [group] = found.groups
        values = {metric: [every] * len(some) for metric, some in group.metrics.items()}
        found = msgspec.structs.replace(found, groups=[msgspec.structs.replace(group, metrics=values)])
    return httpx.Response(200, content=msgspec.json.encode(found))


def read(letter: bytes) -> str:
    """What is written in a letter, on one line."""
    body = BytesParser(policy=policy.default).parsebytes(letter).get_body(("plain",))
    assert body
    return " ".join(body.get_content().split())


class Days:
    """A service whose day moves."""

    def __init__(self, shop: Workshop, days: list[date]) -> None:
        """Today is the day in ``days``."""
        self.shop, self.days = shop, days
        self._watch = MeasureWatch(shop.rounds, shop.clock, shop.telemetry, "http://s/board")

    async def lived(self, metrics: Asked, number: int = 1) -> list[str]:
        """The letters of so many days; what metrics says is asked for three times a day."""
        asking = Answering(self.shop.pool, self.shop.rounds, self.shop.clock, metrics)
        letters: list[str] = []
        for _ in range(number):
            for _ in range(3):
                await asking.look()
                await self._watch.look()
            letters += await self._sent()
            self.days[0] += timedelta(1)
        return letters

    async def given(self) -> list[str]:
        """The verdicts that are kept, the oldest first."""
        return [row[0] for row in await self.shop.rows("select answer ->> 'verdict' from evaluations order by given")]

    async def _sent(self) -> list[str]:
        now = self.shop.clock.now()
        async with self.shop.pool.acquire() as connection, connection.transaction():
            mails = await outbox.claim(connection, now, now, 10, 60)
        made = [written([mail], None, sender("stadga@kommun.example")).letter for mail in mails]
        await self.shop.pool.execute("update outbox set state = 'sent'")
        return [read(one.body) for one in made if one]


@pytest.fixture
async def life(postgres: str, tmp_path: Path) -> AsyncIterator[Days]:
    """Units under a department, and a plan that was loaded before the start."""
    days = [KNOWN]
    clock = Clock(ZoneInfo("Europe/Stockholm"), None, lambda: datetime.combine(days[0], time(5), UTC))
    async with workshop(postgres, clock) as shop:
        await running(shop, tmp_path, IN_ENGLISH)
        await shop.hear(told(name, GOOD, parent="ifo") for name in UNITS)
        await shop.hear([told("ifo", GOOD)])
        await shop.pool.execute("update plans set loaded = '2024-12-01T08:00:00Z'")
        await shop.pool.execute("update outbox set state = 'sent'")
        yield Days(shop, days)


async def test_the_mail_when_the_months_are_over_holds_the_answer(life: Days):
    """Verdict, effect, interval and what would have been seen; once, and kept once."""
    [letter] = await life.lived(Asked(answering), 5)
    for said in ("Improved. It became better", "a fall of 80% (95% interval", "four cases of five", "0 of 21"):
        assert said in letter
    assert await life.given() == ["improved"]


async def test_another_answer_is_mailed_beside_the_earlier_one(life: Days):
    """Both are kept and shown, in mail, page and API; what stays the same is said once."""
    await life.lived(Asked(answering))
    [letter] = await life.lived(Asked(late), 4)
    assert "The answer to whether it helped is another since 30 January 2026" in letter
    assert "An earlier answer, of 29 January 2026, was: improved (a fall of 80%" in letter
    assert await life.given() == ["improved", "not_shown"]
    _, found = await ask(app(life.shop, Asked(late)))
    [earlier] = found["evaluations"][0]["earlier"]
    assert (earlier["day"], earlier["verdict"]) == ("2026-01-29", "improved")
    visitor = Visitor(life.shop, Asked(late))
    assert "Ett tidigare svar, av den 29 januari 2026, var: förbättrat" in (await visitor.read(PAGE)).text


async def test_while_metrics_is_away_the_answer_is_the_one_that_was_given(life: Days, tmp_path: Path):
    """It says so; to another question there is none."""
    await life.lived(Asked(answering))
    status, found = await ask(app(life.shop, Asked(away)))
    assert (status, found["evaluations"][0]["verdict"]) == (200, "improved")
    assert found["evaluations"][0]["given"] == "2026-01-29"
    visitor = Visitor(life.shop, Asked(away))
    assert "som det gavs den 29 januari 2026" in (await visitor.read(PAGE)).text
    await running(life.shop, tmp_path, IN_ENGLISH.replace("units: [u0, u1]", "units: [u0]"))
    assert (await ask(app(life.shop, Asked(away))))[0] == httpx.codes.SERVICE_UNAVAILABLE


async def test_nothing_earlier_is_told_of_what_is_hidden_now(life: Days):
    """A group that became too small is too small for what was said of it before."""
    await life.lived(Asked(answering))
    [letter] = await life.lived(Asked(hidden), 2)
    assert "80%" not in letter
    status, found = await ask(app(life.shop, Asked(hidden)))
    assert (status, found["evaluations"][0]["because"]) == (200, ["small_group"])
    assert found["evaluations"][0]["earlier"] == []


async def test_while_metrics_is_away_the_mail_waits_some_days(life: Days):
    """Then it says where the answer will be."""
    assert await life.lived(Asked(away), 3) == []
    assert await life.lived(Asked(away), 1) == []  # a Sunday
    [letter] = await life.lived(Asked(away), 1)
    assert "the plan's page has the answer" in letter
    assert await life.given() == []
