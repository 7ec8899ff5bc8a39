"""A backtest comes to what a book a day and a judgement a day come to, on logs with late and wrong events."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from cli.offline.backtesting.ground import ground
from cli.offline.backtesting.recorded import recorded
from cli.offline.backtesting.running import backtested
from cli.simulation.log import simulate
from services.alerts.domain.plan.reading import read
from services.metrics.domain.facts.entry import entry_of
from shared.contracts.envelope import CloudEvent
from tests.unit.cli.backtesting.books import REORGANISED, judged, summary

ZONE = ZoneInfo("Europe/Stockholm")
PLAN = """
plan: hard
recipients: {hr: {email: hr@kommun.example}, head: {email: chef@kommun.example}}
remind: 20d
targets:
  - {id: leavers, metric: leaver_rate_own_request, breach: {above: 0.12}, clear: {below: 0.10}, hold: 3d,
     clear_hold: 2d, look_ahead: [30d, 60d, 90d], notify: [hr], escalate: {after: 5d, to: [head]}}
  - {id: sick, metric: sick_rate, breach: {above: 0.06}, notify: [hr]}
  - {id: agency, metric: agency_share, breach: {above: 0.15}, clear: {below: 0.12}, hold: 14d, notify: [head]}
  - {id: vacancies, metric: vacancy_rate, breach: {above: 0.10}, look_ahead: [30d], notify: [hr, head]}
  - {id: caseload, metric: caseload, by: total, breach: {above: 15}, notify: [hr]}
  - {id: pay, metric: pay_median, by: unit, breach: {above: 38000}, hold: 5d, notify: [hr]}
  - {id: overtime, metric: overtime_share, breach: {above: 0.02}, watch_from: 2024-03-05, notify: [hr, head]}
  - {id: pulse, metric: pulse_score, breach: {below: 3.6}, notify: [hr]}
  - {id: turnover, metric: leaver_rate, breach: {above: 0.2}, require_confirmation: true, notify: [hr]}
  - {id: stable, metric: stability, occupation: socialsekreterare, breach: {below: 0.85}, clear: {above: 0.9},
     notify: [hr]}
"""


@pytest.mark.parametrize(("seed", "besides"), [(1, []), (2, []), (1, REORGANISED), (4, REORGANISED)])
def test_a_day_at_a_time_comes_to_the_same(seed: int, besides: list[CloudEvent]):
    """Every episode, the days on which it was raised and closed, and every notice; also where units move and close."""
    log = simulate(seed, 60, 3, first=date(2022, 9, 1), last=date(2024, 3, 10), hostility=0.5, troubled="auto")
    events = sorted([*log, *besides], key=lambda event: event.time)
    told = recorded(((event, entry_of(event)) for event in events), ZONE, date(2024, 1, 25), date(2024, 3, 10))
    plan = read(PLAN)
    slow = {alert: summary(history) for alert, history in judged(plan, told).items()}
    [fast] = backtested([plan], ground(told))
    found = {history.alert: summary(history) for history in fast.alerts}
    assert sum(len(one[0]) for one in slow.values()) > 10
    assert found == slow
