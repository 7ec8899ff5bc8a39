"""What is told by month, as health is: sums of whole months, and of whom they may not be told."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.kernels import WITHIN, Deltas, GroupSums, Ints, Kernel, Raw, Sums, accumulate
from services.metrics.domain.sums.linked_tables import Mask
from services.metrics.domain.sums.periods import Month, Months
from services.metrics.domain.sums.rows import accumulated
from shared.contracts.catalogue import METRICS
from shared.contracts.catalogue.disclosure import ByMonth

REPORTED = {(Measure.first59_fte_days, WITHIN), (Measure.first59_fte_days_year_before, WITHIN)}
"""What the yearly disclosure reads besides."""


def _kernels(kind: ByMonth) -> tuple[Kernel, ...]:
    besides = REPORTED if kind is ByMonth.HEALTH else set[Kernel]()
    return tuple(sorted(besides.union(*(FORMULAS[m.name].reads for m in METRICS if m.by_month is kind))))


KERNELS_OF: Mapping[ByMonth, tuple[Kernel, ...]] = MappingProxyType({kind: _kernels(kind) for kind in ByMonth})
"""What is told of each kind: sums of several months are those of each, added. What stays told is kept in this order."""
KERNELS = tuple(kernel for kernels in KERNELS_OF.values() for kernel in kernels)
MEASURES = frozenset(measure for measure, _ in KERNELS)


class Disclosed(NamedTuple):
    """Sums of groups over periods of whole months, and where (groups × periods × kinds) nothing may be told."""

    sums: Sums
    hidden: Mask


def ends(months: Sequence[Month]) -> Ints:
    """The last day of each month."""
    return np.array([month.last for month in months], np.int64)


def lengths(months: Sequence[Month]) -> Ints:
    """The days of each month."""
    return np.array([month.last - month.first + 1 for month in months], np.int64)


def untold(sums: Sums) -> Disclosed:
    """Everything hidden."""
    return Disclosed(sums, np.ones((*sums.none.shape, len(ByMonth)), bool))


def everything(sums: Sums) -> Disclosed:
    """Nothing hidden."""
    return Disclosed(sums, np.zeros((*sums.none.shape, len(ByMonth)), bool))


def of_kinds(masks: Iterable[Mask]) -> Mask:
    """One mask of all kinds, from one of each."""
    return np.stack(list(masks), axis=-1)


def disclosed(raw: Raw, periods: Sequence[Months], hidden: Mask) -> Disclosed:
    """From sums by period; where a period has no months, nothing is told."""
    last = np.array([some[-1].last if some else 0 for some in periods], np.int64)
    days = np.array([some[-1].last - some[0].first + 1 if some else 1 for some in periods], np.int64)
    return Disclosed(Sums(raw, len(hidden), last, days), hidden | (last == 0)[:, np.newaxis])


def over(months: Sequence[Month], raw: Raw, periods: Sequence[Months]) -> Raw:
    """Sums by period from those by month."""
    at = {month: n for n, month in enumerate(months)}
    spans = [(at[some[0]], at[some[-1]] + 1) if some else (0, 0) for some in periods]
    before, then = np.array(spans, np.int64).reshape(-1, 2).T
    found = {}
    for kernel in raw.keys() & set(KERNELS):
        sums = raw[kernel]
        upto = accumulated(np.concatenate((np.zeros((1, len(sums)), sums.dtype), sums.T)))
        found[kernel] = (upto[then] - upto[before]).T
    return found


def put_back(raw: dict[Kernel, Ints], row: int, column: int, kept: Sequence[int], kind: ByMonth) -> None:
    """Let a group's month be as it was told: ``kept`` by kernel of a kind."""
    for kernel, amount in zip(KERNELS_OF[kind], kept, strict=True):
        raw[kernel][row, column] = amount


def by_month(
    facts: Deltas, belongs: Sequence[Sequence[int]], groups: int, months: Sequence[Month]
) -> dict[Kernel, Ints]:
    """The sums of groups in each month, by every kernel."""
    held = GroupSums(len(months), frozenset(KERNELS))
    if months:
        for part in accumulate(facts, belongs, ends(months), lengths(months)):
            held.add(part)
    return {kernel: held.of_kernel(kernel, np.arange(groups)) for kernel in KERNELS}


def told_of_all(facts: Deltas, belongs: Sequence[Sequence[int]], periods: Sequence[Months], hidden: Mask) -> Disclosed:
    """Sums by period, straight from facts."""
    months = sorted(set[Month]().union(*periods))
    return disclosed(over(months, by_month(facts, belongs, len(hidden), months), periods), periods, hidden)
