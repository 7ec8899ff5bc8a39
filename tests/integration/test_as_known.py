"""Values as they were known on each day are those that were published in its evening."""

from collections.abc import Mapping
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest

from cli.offline.backtesting.recorded import Recorded, recorded
from cli.simulation.log import simulate
from services.metrics.domain.facts.entry import entry_of
from shared.contracts.as_known import AsKnown, PlacedUnits
from shared.contracts.metrics import MetricValue
from shared.kit.clock import Clock
from tests import builders as make
from tests.integration.asking import TODAY, Asking, asking
from tests.integration.taken_in import take_in
from tests.unit.cli.backtesting.books import evenings

ZONE = ZoneInfo("Europe/Stockholm")
FIRST, LAST = date(2024, 4, 20), date(2024, 6, 20)
METRICS = ("headcount", "leaver_rate_own_request", "agency_share", "vacancy_rate", "median_salary")
Evenings = Mapping[tuple[date, date], MetricValue]
Told = Mapping[tuple[str, str, str], Evenings]
LATER = "update batches set at = '2024-05-12T12:00:00Z' where id = (select max(id) from batches)"


@pytest.fixture(scope="module")
def log() -> Recorded:
    """A small municipality whose events come late, are corrected and retracted."""
    events = simulate(1, 60, 3, first=date(2022, 9, 1), last=LAST, hostility=0.5, troubled="auto")
    return recorded(((event, entry_of(event)) for event in events), ZONE, FIRST, LAST)


def _published(log: Recorded) -> Told:
    """By unit, occupation and metric, when the value of a day was told, and what it was."""
    found: dict[tuple[str, str, str], dict[tuple[date, date], MetricValue]] = {}
    for evening in evenings(log):
        for one in evening.published:
            for name in METRICS:
                if name in one.metrics:
                    key = one.group.unit, one.group.occupation, name
                    at = date.fromordinal(evening.today), date.fromordinal(one.as_of)
                    found.setdefault(key, {})[at] = one.metrics[name]
    return found


async def test_what_was_known_is_what_was_published(postgres: str, log: Recorded):
    """Of every unit and occupation on every day: today's value, those restated, those ahead, and where it lay."""
    async with asking(postgres, known_since_ever=False) as asked:
        await take_in(asked.pool, log, Clock(ZONE))
        for (unit, occupation, metric), told in _published(log).items():
            found = await _as_known(asked, metric=metric, unit=unit, occupation=occupation, ahead="30,90")
            assert found.since == min(known for known, _ in told), unit
            assert _each_evening(found) == _each_evening(found, told), (unit, occupation, metric)
        await _placed(asked, log)


def _each_evening(found: AsKnown, told: Evenings | None = None) -> Evenings:
    """By evening and day, the value that stood: of what was answered, or of what was published."""
    said = {(one.known, one.as_of): one.value for one in found.values} if told is None else told
    standing, every = dict[tuple[date, int], MetricValue](), {}
    day = found.since
    while day and day <= found.last:
        for back in range(29):
            as_of = day - timedelta(back)
            if (day, as_of) in said:
                standing[as_of, 0] = said[day, as_of]
            every[day, as_of] = standing[as_of, 0]
        for ahead in (30, 90):
            as_of = day + timedelta(ahead)
            if (day, as_of) in said:
                standing[as_of, ahead] = said[day, as_of]
            every[day, as_of] = standing[as_of, ahead]
        day += timedelta(1)
    return every


async def _as_known(asked: Asking, **question: str) -> AsKnown:
    answer = await asked.ask("/v1/as-known", **{"from": str(FIRST), "to": str(LAST)} | question)
    assert answer.is_success, answer.text
    return msgspec.json.decode(answer.content, type=AsKnown)


async def _placed(asked: Asking, log: Recorded) -> None:
    """Units as the values of each evening said."""
    answer = await asked.ask("/v1/units", **{"from": str(FIRST), "to": str(LAST)})
    found = msgspec.json.decode(answer.content, type=PlacedUnits)
    standing = dict[str, tuple]()
    for evening in evenings(log):
        today = date.fromordinal(evening.today)
        standing |= {one.unit: (one.name, one.path, one.closed) for one in found.units if one.known == today}
        for unit in evening.units.values():
            assert standing[unit.id] == (unit.name, unit.path, unit.closed), (unit, today)


async def test_what_was_loaded_counts_as_known_on_its_own_day(postgres: str):
    """Who came and went before the ledger's first day was known of then, not ahead of it; what came later was not."""
    events = [
        make.employment_started("a", "2024-02-01", "u"),
        make.employment_started("b", "2024-03-01", "u"),
        make.employment_ended("b", "2024-03-31"),
    ]
    async with asking(postgres, events) as asked:
        await asked.pool.execute("update batches set at = '2024-05-10T12:00:00Z'")
        await asked.ledger.take(make.employment_ended("a", "2024-04-09"))
        await asked.pool.execute(
            "update batches set at = '2024-05-12T12:00:00Z' where id = (select max(id) from batches)"
        )
        found = await _as_known(
            asked, metric="headcount", unit="u", ahead="30", **{"from": "2024-02-20", "to": "2024-05-14"}
        )
        assert (found.loaded, found.since) == (date(2024, 5, 10), date(2024, 2, 20))
        told = {(one.known, one.as_of): one.value.value for one in found.values}
        assert told[date(2024, 2, 25), date(2024, 2, 25)] == 1
        assert told[date(2024, 2, 25), date(2024, 3, 26)] == 1  # nobody knew of b yet
        assert told[date(2024, 3, 5), date(2024, 3, 5)] == 2
        assert told[date(2024, 3, 5), date(2024, 4, 4)] == 2  # nor that b would leave
        assert told[date(2024, 4, 20), date(2024, 4, 20)] == told[date(2024, 5, 11), date(2024, 5, 11)] == 1
        assert told[date(2024, 5, 12), date(2024, 5, 12)] == told[date(2024, 5, 12), date(2024, 4, 20)] == 0


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({"metric": "sick_rate"}, "sick_rate tells of absence"),
        ({"from": "2020-01-01"}, "more than 1461 days"),
        ({"to": "2024-07-01"}, "ahead: nothing is known yet"),
        ({"ahead": "31"}, "expected one or more of 30, 60, 90"),
    ],
)
async def test_what_is_refused(postgres: str, question: dict[str, str], says: str):
    """Health, too many days, and days that have not come."""
    async with asking(postgres) as asked:
        answer = await asked.ask("/v1/as-known", **{"metric": "headcount", "to": str(TODAY)} | question)
        assert (answer.status_code, says in answer.text) == (400, True), answer.text
