"""(m) A backtest: the plans of five municipalities over three years of 40 units, judged day by day."""

from datetime import date
from os import times
from time import perf_counter
from typing import NamedTuple
from zoneinfo import ZoneInfo

from cli.offline.backtesting.ground import ground
from cli.offline.backtesting.recorded import recorded
from cli.offline.backtesting.running import backtested
from cli.offline.rehearsal.ready_made import PLANS, READY_MADE
from cli.simulation.log import simulate
from services.alerts.domain.plan.reading import read
from services.metrics.domain.facts.entry import entry_of

PEOPLE, UNITS, YEARS = 1_200, 40, 3
BEGUN, FIRST, LAST = date(2022, 1, 1), date(2023, 1, 1), date(2025, 12, 31)
ZONE = ZoneInfo("Europe/Stockholm")


class Backtested(NamedTuple):
    """What there was to do, the processor time of each part, and the time of all by the clock, in seconds."""

    events: int
    alerts: int
    raised: int
    folding: float
    placing: float
    judging: float
    clock: float


def measure() -> Backtested:
    """Fold a log by the days on which it was recorded, go through its days, and judge the plans on them."""
    plans = [read((PLANS / f"{name}.yaml").read_text("utf-8")) for one in READY_MADE.values() for name in one.plans]
    log = [
        (event, entry_of(event))
        for event in simulate(1, PEOPLE, UNITS, first=BEGUN, last=LAST, hostility=0.1, troubled="auto")
    ]
    begun, since = _processor(), perf_counter()
    told = recorded(log, ZONE, FIRST, LAST)
    folded = _processor()
    on = ground(told)
    placed = _processor()
    found = [alert for one in backtested(plans, on) for alert in one.alerts]
    judged, clock = _processor(), perf_counter() - since
    raised = sum(len(alert.raised) for alert in found)
    return Backtested(len(log), len(found), raised, folded - begun, placed - folded, judged - placed, clock)


def _processor() -> float:
    """Seconds of this process and of those that worked beside it and have ended."""
    spent = times()
    return spent.user + spent.system + spent.children_user + spent.children_system
