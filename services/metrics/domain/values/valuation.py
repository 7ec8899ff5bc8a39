"""From sums to published values: numerator, denominator, interval and status of every metric of every group."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.metrics.domain.coverage.completeness import Completeness, completeness, is_reported
from services.metrics.domain.disclosure.told import Disclosed
from services.metrics.domain.sums.catalogue import FORMULAS, Formula
from services.metrics.domain.sums.kernels import Floats, Ints, Sums
from services.metrics.domain.sums.linked_tables import Mask
from shared.contracts.catalogue import METRICS, Metric
from shared.contracts.metrics import MetricValue
from shared.statistics.intervals import Bounds, binomial_share, poisson_rate

FEW = 10
"""Below this denominator a rate is marked as of low reliability: one person more or less changes it by a tenth."""


class Figures(NamedTuple):
    """One metric of many groups on many days; every array has the shape (groups, days).

    ``bottom`` is NaN throughout for a count. ``hidden`` says where nothing may be shown, ``until`` which
    last day a value that is told by month tells of. ``covered`` is what is known since when; None: all of it, always.
    """

    metric: Metric
    top: Floats
    bottom: Floats
    scale: Floats
    hidden: Mask
    until: Ints | None
    covered: Completeness | None = None

    @property
    def ratios(self) -> Floats:
        """The values, where there are any: see ``numbered``."""
        return _ratios(self.top, self.bottom, self.scale)

    @property
    def numbered(self) -> Mask:
        """Where there is a value to be told."""
        told = ~self.hidden & ~(self.bottom <= 0)
        return told if self.covered is None else told & ~self.covered.missing

    def rows(self, some: slice) -> "Figures":
        """Those of some groups."""
        top, bottom, scale = (column[some] for column in (self.top, self.bottom, self.scale))
        covered = self.covered and self.covered.rows(some)
        return self._replace(top=top, bottom=bottom, scale=scale, hidden=self.hidden[some], covered=covered)

    def differ(self, other: "Figures") -> Mask:
        """Where a published value would differ."""
        same = (self.top == other.top) & ((self.bottom == other.bottom) | np.isnan(self.bottom))
        differs = (~same & ~(self.hidden & other.hidden)) | (self.hidden != other.hidden)
        if self.covered is None or other.covered is None:
            return np.asarray(differs, bool)
        nothing = self.covered.missing & other.covered.missing
        return np.asarray((differs & ~nothing) | self.covered.differs(other.covered), bool)


def figures(
    sums: Sums,
    told: Disclosed,
    metrics: Iterable[Metric] = METRICS,
    known: Ints | None = None,
    *,
    everything: bool = False,
) -> Iterator[Figures]:
    """Every metric; what is told by month from sums of whole months.

    ``known`` is since when each kind of events is known of each group (see coverage); without it, always.
    ``everything`` is for those who may see it: no limit is kept but those that always hold.
    """
    for metric in metrics:
        kind, formula, rule = metric.by_month, FORMULAS[metric.name], metric.disclosure
        ours = told.sums if kind else sums
        people = formula.people.of(ours) if formula.people else np.full_like(ours.none, np.nan)
        top, bottom = formula.numerator.of(ours), formula.denominator.of(ours) if formula.denominator else people
        hidden = told.hidden[..., kind.value].copy() if kind else np.zeros_like(ours.none, bool)
        if rule.always or not everything:
            hidden |= (people < rule.fewest) & ~_nothing(people, top, bottom)
        until = ours.as_of if kind else None
        covered = None if known is None else completeness(metric, known, ours)
        yield Figures(metric, top, bottom, _scale(formula, ours, bottom), hidden, until, covered)


def _nothing(people: Floats, top: Floats, bottom: Floats) -> Mask:
    """Where there is nobody, and nothing that somebody could have done: nothing to hide."""
    return np.asarray((people == 0) & (top == 0) & (bottom == 0), bool)


def _scale(formula: Formula, sums: Sums, bottom: Floats) -> Floats:
    """What the ratio is multiplied by: people published in place of a denominator divide nothing: they cancel out."""
    if formula.scale:
        return formula.scale.of(sums)
    return np.ones_like(bottom) if formula.denominator else np.fmax(bottom, 1)


def values(figures: Figures, groups: Ints, day: Ints | int = 0) -> list[MetricValue]:
    """The published values of some groups (by row), each on its day (by column) or all on one.

    Values that follow one another and are alike, as those of a group on the days of a quiet week, are made once.
    """
    days = np.broadcast_to(np.asarray(day, np.int64), groups.shape)
    fresh = _fresh(figures, groups, days)
    made = _values(figures, groups[fresh], days[fresh])
    return [made[n] for n in (np.cumsum(fresh) - 1).tolist()]


def _fresh(figures: Figures, groups: Ints, days: Ints) -> Mask:
    """Where a value is made of other figures than the one before it."""
    parts: tuple[NDArray[Any], ...] = (figures.top, figures.bottom, figures.scale, figures.hidden)
    columns = [some[groups, days] for some in parts]
    if figures.until is not None:
        columns.append(figures.until[days])
    if (covered := figures.covered) is not None:
        columns += [covered.missing[groups, days], covered.complete_from[groups, days], covered.known_from[groups]]
    fresh = np.zeros(len(groups), bool)
    fresh[:1] = True
    for column in columns:
        bits = column.view(np.int64) if column.dtype == np.float64 else column  # NaN is like NaN
        fresh[1:] |= bits[1:] != bits[:-1]
    return fresh


def _values(figures: Figures, groups: Ints, day: Ints) -> list[MetricValue]:
    metric = figures.metric
    top, bottom, scale = figures.top[groups, day], figures.bottom[groups, day], figures.scale[groups, day]
    safe = np.where(bottom > 0, bottom, 1.0)
    ratio = _ratios(top, bottom, scale)
    low, high = _bounds(metric, top, safe / scale)
    columns = (a.tolist() for a in (figures.hidden[groups, day], top, bottom, ratio, low, high))
    definition, judged = metric.definition, metric.interval != "none"
    rows = zip(_dates(figures, groups, day), *columns, strict=True)
    found = [_value(definition, judged, *row) for row in rows]
    return found if figures.covered is None else _as_covered(figures.covered, groups, day, found)


def bounds(figures: Figures, groups: Ints, days: Ints) -> Bounds:
    """The intervals of the values of some groups (by row), each on its day (by column); NaN where there is none.

    Many days have the same value, of which it is found once.
    """
    top, bottom, scale = figures.top[groups, days], figures.bottom[groups, days], figures.scale[groups, days]
    exposure = np.where(bottom > 0, bottom, 1.0) / scale
    _, first, like = np.unique(top + 1j * exposure, return_index=True, return_inverse=True)
    low, high = _bounds(figures.metric, top[first], exposure[first])
    return low[like], high[like]


def _ratios(top: Floats, bottom: Floats, scale: Floats) -> Floats:
    safe = np.where(bottom > 0, bottom, 1.0)
    return np.where(np.isnan(bottom) | (scale == safe), top, scale * top / safe)


def _as_covered(covered: Completeness, groups: Ints, day: Ints, found: list[MetricValue]) -> list[MetricValue]:
    """Where a value reaches back before what is known it has no number, but says from when on it will."""
    missing = covered.missing[groups, day]
    columns = zip(covered.known_from[groups].tolist(), covered.complete_from[groups, day].tolist(), strict=True)
    return [
        _unknown(value.definition, *at) if gone else value
        for value, gone, at in zip(found, missing.tolist(), columns, strict=True)
    ]


def _unknown(definition: str, known: int, complete: int) -> MetricValue:
    if not is_reported(known):
        return MetricValue(status="not_reported", definition=definition)
    since, until = (date.fromordinal(min(day, date.max.toordinal())) for day in (known, complete))
    return MetricValue(status="incomplete", definition=definition, known_from=since, complete_from=until)


def _dates(figures: Figures, groups: Ints, day: Ints) -> list[date | None]:
    """The last day that each value told by month tells of, where it tells of anything."""
    if figures.until is None:
        return [None] * len(groups)
    return [date.fromordinal(d) if d else None for d in np.broadcast_to(figures.until[day], groups.shape).tolist()]


def _bounds(metric: Metric, top: Floats, bottom: Floats) -> Bounds:
    """The interval of each group, NaN where none is defined; a share above one is no share of its denominator."""
    if metric.interval == "poisson":
        return poisson_rate(np.maximum(top, 0), bottom)
    none = np.full_like(top, np.nan)
    if metric.interval == "none":
        return none, none
    sound = (top >= 0) & (top <= bottom)
    low, high = binomial_share(np.where(sound, top, 0), np.where(sound, bottom, 1))
    return np.where(sound, low, none), np.where(sound, high, none)


def _value(
    definition: str,
    judged: bool,
    until: date | None,
    hidden: bool,
    top: float,
    bottom: float,
    ratio: float,
    low: float,
    high: float,
) -> MetricValue:
    if hidden:
        return MetricValue(status="suppressed", definition=definition)
    if bottom != bottom:  # noqa: PLR0124  (NaN is what differs from itself; a count has no denominator)
        return MetricValue(status="final", definition=definition, value=top, numerator=top)
    if bottom <= 0:
        return MetricValue(
            status="not_applicable", definition=definition, numerator=top, denominator=bottom, until=until
        )
    known = low == low  # noqa: PLR0124
    return MetricValue(
        status="low_reliability" if judged and bottom < FEW else "final",
        definition=definition,
        value=ratio,
        numerator=top,
        denominator=bottom,
        low=low if known else None,
        high=high if known else None,
        until=until,
    )
