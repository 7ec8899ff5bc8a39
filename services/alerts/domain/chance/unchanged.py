"""Courses of verdicts such as chance alone would make of a group in which nothing changes."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from services.alerts.domain.alert.evaluate import Verdict, compared
from services.alerts.domain.alert.observation import number
from services.alerts.domain.chance.course import Stretch, stretches
from services.alerts.domain.plan.plan import Target
from shared.contracts.metrics import MetricValue
from shared.statistics.bootstrap import block_bootstrap
from shared.statistics.intervals import poisson_rate

WEEK = 7
"""Days."""
YEAR = 52
"""Weeks; a window of the usual length is a day longer."""
YEARS = 3
"""Simulated of each group: the first fills the window, in the second alerts come to where they usually stand."""
RUNS = 200
"""Courses of each group."""
BLOCK = 26
"""Weeks of a group's own history that are drawn in a row: what lasts for months goes on lasting."""
HALF = 0.5
"""Events added to those of the history: a group in which nothing happened yet is no group in which nothing can."""

Course = Sequence[Stretch]
Judge = Callable[[Target], Iterator[Course]]


class Level(NamedTuple):
    """What a group usually stands at, and how courses around it are judged by a target."""

    value: float
    courses: Judge


def of_counts(history: Sequence[MetricValue], chance: np.random.Generator) -> Level | None:
    """Events come at the rate of the whole years of the history, in a group of its last size; None without any."""
    years = [value for value in history[::-YEAR] if number(value) is not None and value.denominator]
    if not years:
        return None
    last, events = years[0], sum(value.numerator or 0.0 for value in years)
    size = last.denominator or 0.0
    rate = (events + HALF) / sum(value.denominator or 0.0 for value in years)
    times = _per(years)
    sums = _sums(chance.poisson(rate * size / (YEAR * WEEK), (RUNS, YEARS * YEAR * WEEK)))
    values = [_counted(last, count, size, times) for count in range(int(sums.max()) + 1)]
    return Level(rate * times, lambda target: _judged(target, values, sums, 1))


def of_history(history: Sequence[MetricValue], chance: np.random.Generator) -> Level | None:
    """Weeks of the group's own history come again, half a year in a row; None without a year of it."""
    known = [(value, found) for value in history if (found := number(value)) is not None]
    if len(known) < YEAR:
        return None
    drawn = block_bootstrap(range(len(known)), (YEARS - 1) * YEAR, BLOCK, RUNS, chance).astype(int)
    values = [value for value, _ in known]
    level = float(np.mean([found for _, found in known]))
    return Level(level, lambda target: _judged(target, values, drawn, WEEK))


def _judged(target: Target, values: Sequence[MetricValue], drawn: NDArray[Any], step: int) -> Iterator[Course]:
    """Each course of values, given by their numbers, as verdicts; those that never breach are left out."""
    verdicts: list[Verdict] = [compared(target, value) for value in values]
    breaches = np.array([verdict == "breach" for verdict in verdicts])
    for row in drawn[breaches[drawn].any(axis=1)]:
        yield stretches([verdicts[each] for each in row.tolist()], step)


def _sums(daily: NDArray[Any]) -> NDArray[Any]:
    """How many events the window of each day holds, once the first is full."""
    window = YEAR * WEEK
    sums: NDArray[Any] = np.cumsum(daily, axis=1)
    rolling: NDArray[Any] = sums[:, window:] - sums[:, :-window]
    return rolling


def _counted(like: MetricValue, count: int, size: float, times: float) -> MetricValue:
    low, high = (float(bound) * times for bound in poisson_rate(count, size))
    return replace(like, value=times * count / size, numerator=float(count), low=low, high=high, fresh_until=None)


def _per(years: Sequence[MetricValue]) -> float:
    """What the rate of the metric is multiplied by: 100 of one per hundred."""
    found = (
        value.value * value.denominator / value.numerator
        for value in years
        if value.value and value.denominator and value.numerator
    )
    return next(found, 1.0)
