"""A backtest says what the alerts service did, which heard of each evening's values and judged them in PostgreSQL."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from cli.offline.backtesting.ground import ground
from cli.offline.backtesting.recorded import Recorded, recorded
from cli.offline.backtesting.running import backtested
from cli.simulation.log import simulate
from services.alerts.domain.alert.episode import Spell
from services.alerts.domain.backtest.document import backtest
from services.alerts.domain.backtest.history import EVENING
from services.alerts.domain.plan.reading import read
from services.alerts.rounds.new_day import NewDay
from services.metrics.domain.facts.entry import entry_of
from shared.contracts.envelope import CloudEvent
from shared.contracts.metrics import GroupComputed
from shared.kit.clock import Clock
from tests import builders as make
from tests.integration.alerts_workshop import workshop, write
from tests.integration.evaluating import Day
from tests.unit.cli.backtesting.books import REORGANISED, Evening, evenings

ZONE = ZoneInfo("Europe/Stockholm")
FIRST, LAST = date(2024, 1, 25), date(2024, 3, 5)
PLAN = """
plan: live
settle: 0s
recipients: {hr: {email: hr@kommun.example}, head: {email: chef@kommun.example}}
remind: 20d
targets:
  - {id: leavers, metric: leaver_rate_own_request, breach: {above: 0.12}, clear: {below: 0.10}, hold: 3d,
     clear_hold: 2d, look_ahead: [30d, 90d], notify: [hr], escalate: {after: 5d, to: [head]}}
  - {id: sick, metric: sick_rate, breach: {above: 0.06}, notify: [hr]}
  - {id: agency, metric: agency_share, breach: {above: 0.15}, clear: {below: 0.12}, hold: 7d, notify: [head]}
  - {id: vacancies, metric: vacancy_rate, breach: {above: 0.10}, look_ahead: [30d], notify: [hr, head]}
"""
EPISODES = "select id, kind, since, began, phase, ended, outcome, since_at_least from episodes"
DECIDED = """
select body::jsonb ->> 'episode', min(decided)::date, max(decided)::date from transitions
where body::jsonb ->> 'episode' is not null and type = 'workforce.alert.changed.v1' group by 1
"""
TOLD = "select created::date, recipient, reason, episode from outbox order by 1, 2, 3, 4"


def _taken_back() -> list[CloudEvent]:
    """Four of twenty are told on 20 February to have left on the 9th; on the 25th, that they did not."""
    employed = [make.employment_started(f"x{n}", "2022-09-01", "x", time="2022-09-01T08:00:00Z") for n in range(20)]
    ended = [make.employment_ended(f"x{n}", "2024-02-09", time="2024-02-20T08:00:00Z") for n in range(4)]
    not_so = [make.retracted(one, time="2024-02-25T08:00:00Z") for one in ended]
    events = [make.unit_defined("x", name="X", time="2022-09-01T07:00:00Z"), *employed, *ended, *not_so]
    return [msgspec.json.decode(make.encoded(one), type=CloudEvent) for one in events]


async def test_a_warning_that_was_over_when_it_became_known_is_written_down_by_both(postgres: str, tmp_path: Path):
    """The service has the episode and mails nobody; a backtest counts it as none, as nobody was told."""
    told = recorded(((event, entry_of(event)) for event in _taken_back()), ZONE, FIRST, LAST)
    plan = read(PLAN)
    [found] = backtested([plan], ground(told))
    raised, closed, mails = await _live(postgres, tmp_path, told)
    taken_back = date(2024, 2, 25)
    [warned] = [name for name, (spell, _) in raised.items() if spell.kind == "expected"]
    assert (raised[warned][1], closed[warned]) == (taken_back, taken_back)
    ours = {one.episode.id: one for history in found.alerts for one in history.raised.values()}
    assert {name: (one.episode.spell, one.raised) for name, one in ours.items()} == raised
    assert [(reason, f"{day}") for day, _, reason, _ in mails] == [
        ("hold_met", "2024-02-20"),
        ("data_corrected", "2024-02-25"),
    ]
    [leavers, *_] = backtest(FIRST, LAST, {"live": found}).plans[0].targets
    assert (leavers.target, leavers.alerts, leavers.warnings) == ("leavers", 1, 0)


@pytest.mark.parametrize("besides", [[], REORGANISED])
async def test_the_same_alerts_on_the_same_days(postgres: str, tmp_path: Path, besides: list[CloudEvent]):
    """Every episode with the days on which it was raised and closed, and every mail with its day and its reader."""
    log = simulate(1, 60, 3, first=date(2022, 9, 1), last=LAST, hostility=0.5, troubled="auto")
    events = sorted([*log, *besides], key=lambda event: event.time)
    told = recorded(((event, entry_of(event)) for event in events), ZONE, FIRST, LAST)
    [found] = backtested([read(PLAN)], ground(told))
    raised, closed, mails = await _live(postgres, tmp_path, told)
    ours = {one.episode.id: one for history in found.alerts for one in history.raised.values()}
    assert len(ours) > 10
    assert {name: (one.episode.spell, one.raised) for name, one in ours.items()} == raised
    assert {name: one.closed for name, one in ours.items() if one.closed} == closed
    assert sorted(tuple(one) for history in found.alerts for one in history.notices) == mails


async def _live(database: str, folder: Path, told: Recorded) -> tuple[dict[str, Any], dict[str, date], list[Any]]:
    """By episode what it is and when it was raised, by episode when it was closed, and all mails."""
    day = Day()
    async with workshop(database, Clock(ZONE, read=day.read)) as service:
        write(folder, "live.yaml", PLAN, datetime(2024, 1, 1, tzinfo=UTC))
        watch, new_day = service.watch(folder), NewDay(service.rounds, service.clock)
        for number, evening in enumerate(evenings(told), 1):
            day.now = datetime.combine(date.fromordinal(evening.today), EVENING)
            await service.rounds.observe(list(_messages(evening, number)), [])
            await new_day.look()
            await service.look(watch)
        episodes = await service.rows(EPISODES)
        decided = {name: (first, last) for name, first, last in await service.rows(DECIDED)}
        raised = {name: (Spell(*spell), decided[name][0]) for name, *spell in episodes}
        closed = {name: decided[name][1] for name, (spell, _) in raised.items() if spell.ended}
        return raised, closed, await service.rows(TOLD)


def _messages(evening: Evening, revision: int) -> Iterator[GroupComputed]:
    for group, days in groupby(evening.published, lambda one: one.group):
        unit = evening.units[group.unit]
        for one in days:
            yield GroupComputed(
                unit=group.unit,
                unit_name=unit.name,
                unit_path=unit.path,
                closed=unit.closed,
                occupation=group.occupation,
                as_of=date.fromordinal(one.as_of),
                today=date.fromordinal(evening.today),
                window_days=365,
                revision=revision,
                metrics=one.metrics,
            )
