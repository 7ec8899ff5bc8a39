"""Restatements: how the values of days that had passed changed with each batch that came in later.

A group's facts are told apart by *state*: those of state 0 were known from the start, and each later state adds one
batch. So the sums of all states on all days are running sums, and every state is valued as any group is.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from services.metrics.domain.disclosure.told import untold
from services.metrics.domain.sums.kernels import Deltas, Ints, Sums, Window, total
from services.metrics.domain.sums.linked_tables import Mask
from services.metrics.domain.sums.rows import accumulated
from services.metrics.domain.values.valuation import figures, values
from shared.contracts.catalogue import Metric
from shared.contracts.metrics import MetricValue


class ChangeAt(NamedTuple):
    """The change that a state makes to the value of a day, both by number."""

    state: int
    day: int


class ValueChange(NamedTuple):
    """A value before and after."""

    place: ChangeAt
    before: MetricValue
    after: MetricValue


def states(facts: Deltas, count: int, days: Ints, window: Window, norm: float) -> Sums:
    """The sums of each of so many states; the cells of the facts are the states that add them."""
    alone = total(facts, [[state] for state in range(count)], count, days, window, norm)
    together = {kernel: accumulated(added) for kernel, added in alone.raw.items()}
    return Sums(together, count, days, window, norm)


def changes(metric: Metric, sums: Sums, passed: Mask, known: Ints | None = None) -> list[ChangeAt]:
    """Where a value changed, state by state; ``passed`` (states × days) tells when the day had passed.

    ``known`` is since when each kind of events is known of each state; without it, always.
    """
    [found] = figures(sums, untold(sums), [metric], known)
    changed = found.rows(slice(1, None)).differ(found.rows(slice(-1)))
    state, day = np.nonzero(changed & passed[1:])
    return [ChangeAt(*place) for place in zip((state + 1).tolist(), day.tolist(), strict=True)]


def value_changes(
    metric: Metric, sums: Sums, places: Sequence[ChangeAt], known: Ints | None = None
) -> list[ValueChange]:
    """What changed, of a metric that is not told by month."""
    if not places:
        return []
    state, day = np.array(places).T
    [found] = figures(sums, untold(sums), [metric], known)
    before, after = (values(found, state - back, day) for back in (1, 0))
    return [ValueChange(*change) for change in zip(places, before, after, strict=True) if change[1] != change[2]]
