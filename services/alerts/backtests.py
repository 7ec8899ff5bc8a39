"""What a target would have raised in the last years, by what the metrics service knew on each day."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import structs

from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.backtest import heard
from services.alerts.domain.backtest.asked import Asked, Days, Question, Series, asked, questions, tested
from services.alerts.domain.backtest.document import Backtest, backtest
from services.alerts.domain.backtest.heard import MONTHS_BEFORE
from services.alerts.domain.plan.plan import Plan, Unit
from services.alerts.metrics_service import MetricsAwayError, MetricsService
from shared.contracts.as_known import AsKnown
from shared.contracts.catalogue import BY_NAME
from shared.contracts.history import Series as Months
from shared.contracts.metrics import ALL

MOST_UNITS = 60
AT_ONCE = 3
"""Units asked about at a time."""
SECONDS = 40.0
"""How long all answers together are waited for."""
ANY = "headcount"
"""A metric that is known of every group, for whoever only asks since when it was told of."""


class Tried(NamedTuple):
    """What became of plans by name; None where there are too many units. ``loaded`` is the metrics service's first day.

    ``units`` are those that a target is judged for, and ``above`` those they lie under.
    """

    found: Backtest | None
    loaded: date
    units: Sequence[Unit]
    above: Sequence[Unit]


async def tried(
    plans: Mapping[str, Plan],
    first: date,
    last: date,
    sees: Callable[[Unit], bool],
    metrics: MetricsService,
    turn: asyncio.Semaphore,
) -> Tried:
    """Plans of one target each, over the units that somebody sees, once it is its turn; raises MetricsAwayError."""
    try:
        async with asyncio.timeout(SECONDS), turn:
            return await _tried(plans, first, last, sees, metrics)
    except TimeoutError:
        raise MetricsAwayError from None


async def _tried(
    plans: Mapping[str, Plan], first: date, last: date, sees: Callable[[Unit], bool], metrics: MetricsService
) -> Tried:
    placed = await metrics.placed(first, last)
    if placed is None:
        raise MetricsAwayError
    over = heard.days(placed)
    every = {name: _seen(asked(plan, over), over, sees) for name, plan in plans.items()}
    asks = questions(every.values())
    units = [over.units[name] for name in sorted({one.series.unit for one in asks})]
    names = {above for unit in units for above in unit.path if above != ALL}
    above = sorted((unit for name in names if (unit := over.units.get(name)) and sees(unit)), key=lambda one: one.name)
    if len(units) > MOST_UNITS:
        return Tried(None, placed.loaded, units, above)
    few = asyncio.Semaphore(AT_ONCE)

    async def told(one: Question) -> "_Answers":
        async with few:
            return await _asked(one, over, metrics)

    answers = await asyncio.gather(*map(told, asks))
    found = await asyncio.to_thread(_judged, plans, every, answers, over)
    found = structs.replace(found, described=heard.described((one.known for one in answers), placed.loaded))
    return Tried(found, placed.loaded, units, above)


def _seen(
    every: Mapping[Alert, Sequence[Asked]], over: Days, sees: Callable[[Unit], bool]
) -> Mapping[Alert, Sequence[Asked]]:
    return {alert: told for alert, told in every.items() if sees(over.units[alert.unit])}


class _Answers(NamedTuple):
    """What was answered of a series; months of one that is told by month alone."""

    series: SeriesKey
    known: AsKnown
    months: Months | None


async def _asked(one: Question, over: Days, metrics: MetricsService) -> _Answers:
    first, last = date.fromordinal(over.first), date.fromordinal(over.last)
    unit, occupation, name = one.series[:3]
    by_month = BY_NAME[name].by_month
    known = await metrics.as_known(unit, occupation, ANY if by_month else name, one.ahead, first, last)
    months = await metrics.months(unit, occupation, [name], first - MONTHS_BEFORE, last) if by_month else None
    if known is None or (by_month and months is None):
        raise MetricsAwayError
    return _Answers(one.series, known, months)


def _judged(
    plans: Mapping[str, Plan],
    every: Mapping[str, Mapping[Alert, Sequence[Asked]]],
    answers: Sequence[_Answers],
    over: Days,
) -> Backtest:
    """Without what chance explains, which takes longer than all the rest."""
    series = {one.series: found for one in answers if (found := _series(one, over))}
    results = {name: tested(plan, every[name], series, over)._replace(watched={}) for name, plan in plans.items()}
    return backtest(date.fromordinal(over.first), date.fromordinal(over.last), results)


def _series(one: _Answers, over: Days) -> Series | None:
    if one.known.since is None:
        return None
    metric = BY_NAME[one.series.metric]
    table = heard.as_known(one.known, over) if one.months is None else heard.by_month(one.months, metric, over)
    return Series(table, 0, one.known.since.toordinal())
