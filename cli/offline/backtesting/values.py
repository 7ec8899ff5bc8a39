"""The values of a metric of some groups as they were known on each day: of that day, of four weeks back, and ahead."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from cli.offline.backtesting.ground import Ground, Stretch
from cli.offline.backtesting.monthly import NOTHING, Told, ToldOn
from services.alerts.domain.backtest.known import OFFSETS, PLACE, Known
from services.metrics.domain.coverage.completeness import Completeness, completeness
from services.metrics.domain.coverage.coverage import NEVER
from services.metrics.domain.disclosure.told import Disclosed, disclosed, untold
from services.metrics.domain.facts.measures import family
from services.metrics.domain.sums.catalogue import FORMULAS
from services.metrics.domain.sums.diagonals import Diagonals, KnownFacts, alike, sums
from services.metrics.domain.sums.groups import Group
from services.metrics.domain.sums.kernels import DAYS, Ints, Raw, Sums
from services.metrics.domain.sums.linked_tables import Mask
from services.metrics.domain.sums.periods import Months
from services.metrics.domain.values.valuation import Figures, bounds, figures, values
from shared.contracts.catalogue import Metric
from shared.contracts.catalogue.disclosure import ByMonth
from shared.contracts.metrics import MetricValue
from shared.statistics.intervals import Bounds

WINDOW = 365
NONE = np.zeros((0, 5), np.int64)
AT_ONCE = 25_000_000
"""Sums that are in memory at once: bins of pay make many."""


class Part(NamedTuple):
    """Days on which all units lie alike; ``since`` says of some days after one another since when a row is known."""

    on: Diagonals
    figures: Figures
    since: Sequence[tuple[int, int, Ints]]

    def values(self, asked: Sequence[Known]) -> Iterator[tuple[Known, MetricValue]]:
        """Those that lie in it, as the metrics service publishes them."""
        covered = self.figures.covered
        for first, last, since in self.since if covered else ():
            ours = [one for one in asked if first <= one.day <= last]
            rows = np.array([one.row for one in ours], np.int64)
            columns = np.array([self._column(one) for one in ours], np.int64)
            shown = self.figures._replace(covered=covered and covered._replace(known_from=since))
            yield from zip(ours, values(shown, rows, columns) if ours else (), strict=True)

    def _column(self, one: Known) -> int:
        return PLACE[one.offset] * self.on.length + one.day - self.on.first


class Table:
    """One metric of some groups, by row; ``ratios`` by row, published day and day, ``numbered`` where there are any."""

    def __init__(self, metric: Metric, parts: Sequence[Part]) -> None:
        """``parts`` follow one another."""
        self.metric, self._parts = metric, parts
        self.ratios = _joined(parts, lambda figures: figures.ratios)
        self.numbered = _joined(parts, lambda figures: figures.numbered)
        self.until = _joined(parts, _until)

    def values(self, asked: Sequence[Known]) -> list[MetricValue]:
        """The values, as the metrics service publishes them."""
        found = dict(pair for part in self._parts for pair in part.values(asked))
        return [found[one] for one in asked]

    def bounds(self, row: int, places: Ints, days: Ints) -> Bounds:
        """The intervals of the values of a row, each by its place among the published days and its day by number."""
        low, high = np.full((2, len(days)), np.nan)
        for part in self._parts:
            ours = (days >= part.on.first) & (days <= part.on.last)
            columns = places[ours] * part.on.length + days[ours] - part.on.first
            low[ours], high[ours] = bounds(part.figures, np.full(len(columns), row), columns)
        return low, high


def _until(figures: Figures) -> Ints:
    """The last day that a value tells of, where it is told by month."""
    return np.zeros((1, figures.top.shape[1]), np.int64) if figures.until is None else figures.until[np.newaxis]


def _joined(parts: Sequence[Part], what: Callable[[Figures], np.ndarray]) -> np.ndarray:
    cubes = [what(part.figures).reshape(-1, len(OFFSETS), part.on.length) for part in parts]
    return np.concatenate(cubes, axis=2)


def table(ground: Ground, metric: Metric, groups: Sequence[Group], told: Told, norm: float) -> Table:
    """A metric of groups, by row; ``told`` is what is told by month of these, if the metric is."""
    facts = _facts(ground, {measure for measure, _ in FORMULAS[metric.name].reads})
    parts = [_part(ground, stretch, metric, groups, facts, told, norm) for stretch in ground.stretches]
    return Table(metric, parts)


def _facts(ground: Ground, measures: set[int]) -> KnownFacts:
    """All facts of some measures (bins as the first of their kind); the cell stands for the row."""
    ours = [facts for measure, facts in ground.facts.items() if family(measure) in measures]
    known, cells, kinds, days, deltas = np.concatenate([NONE, *ours]).T
    return KnownFacts(cells, kinds, known, days, deltas)


def _part(
    ground: Ground,
    stretch: Stretch,
    metric: Metric,
    groups: Sequence[Group],
    facts: KnownFacts,
    told: Told,
    norm: float,
) -> Part:
    on, numbers = Diagonals(stretch.first, stretch.last, OFFSETS, len(groups)), [ground.groups[one] for one in groups]
    if metric.by_month is None:
        found = _figures(metric, _placed(facts, stretch, numbers), on, norm)
        of = Sums({}, len(groups), on.as_of, np.full(len(on.as_of), WINDOW, np.int64))
    else:
        shown = _told(told.of(groups), on, metric)
        [found], of = figures(shown.sums, shown, [metric]), shown.sums
    return _covered(ground, Part(on, found, ()), numbers, of)


def _placed(facts: KnownFacts, stretch: Stretch, groups: Sequence[int]) -> KnownFacts:
    """Facts known by the last day in the rows that their cells count in: each as often as there are of these."""
    rows = {group: row for row, group in enumerate(groups)}
    of = {cell: [rows[group] for group in some if group in rows] for cell, some in stretch.belongs.items()}
    some = KnownFacts(*(column[facts.known <= stretch.last] for column in facts))
    cells, where = np.unique(some.rows, return_inverse=True)
    counts = np.array([len(of[cell]) for cell in cells.tolist()], np.int64)[where]
    every = np.array([row for cell in cells.tolist() for row in of[cell]], np.int64)
    first = np.cumsum([0, *(len(of[cell]) for cell in cells.tolist())])[:-1].astype(np.int64)[where]
    again = np.repeat(np.arange(len(where)), counts)
    within = np.arange(len(again)) - np.repeat(np.cumsum(counts) - counts, counts)
    return KnownFacts(every[first[again] + within], *(column[again] for column in some[1:]))


def _figures(metric: Metric, facts: KnownFacts, on: Diagonals, norm: float) -> Figures:
    """Some rows at once, for space."""
    kernels, columns = FORMULAS[metric.name].reads, len(on.as_of)
    count = max(1, AT_ONCE // (columns * max(1, 2 * len(np.unique(facts.measures)))))
    found = list[Figures]()
    for first in range(0, max(1, on.rows), count):
        rows = min(count, on.rows - first)
        ours = (facts.rows >= first) & (facts.rows < first + rows)
        some = KnownFacts(facts.rows[ours] - first, *(column[ours] for column in facts[1:]))
        raw = sums(some, on._replace(rows=rows), kernels, WINDOW)
        if len(raw) > len(kernels) and all(kind != DAYS for _, kind in kernels):
            found += _by_row(metric, some, raw, on._replace(rows=rows), norm)
        else:
            of = Sums(raw, rows, on.as_of, WINDOW, norm)
            found += figures(of, untold(of), [metric])
    return _together(found)


def _by_row(metric: Metric, facts: KnownFacts, raw: Raw, on: Diagonals, norm: float) -> Iterator[Figures]:
    """Of a metric with many bins, made of each row once for all columns in which the same facts count."""
    for row in range(on.rows):
        ours = facts.rows == row
        columns = alike(KnownFacts(*(column[ours] for column in facts)), on, WINDOW)
        some = {kernel: amounts[row : row + 1, columns.first] for kernel, amounts in raw.items()}
        of = Sums(some, 1, on.as_of[columns.first], WINDOW, norm)
        for one in figures(of, untold(of), [metric]):
            top, bottom, scale = (one_of[:, columns.like] for one_of in (one.top, one.bottom, one.scale))
            yield one._replace(top=top, bottom=bottom, scale=scale, hidden=one.hidden[:, columns.like])


def _together(found: Sequence[Figures]) -> Figures:
    """Those of all rows, from some rows each."""
    top, bottom, scale = (
        np.concatenate(some) for some in zip(*((one.top, one.bottom, one.scale) for one in found), strict=True)
    )
    hidden = np.concatenate([one.hidden for one in found])
    return found[0]._replace(top=top, bottom=bottom, scale=scale, hidden=hidden)


def _told(told: Mapping[int, ToldOn], on: Diagonals, metric: Metric) -> Disclosed:
    """What is told by month, by column."""
    days = [told[day] for day in range(on.first, on.last + 1)]
    periods: list[Months] = [
        one.periods[at] if (at := int(one.places[place])) != NOTHING else ()
        for place in range(len(OFFSETS))
        for one in days
    ]
    raw = {
        kernel: np.stack([_placed_in(one.raw.get(kernel), one, on.rows) for one in days], axis=2).reshape(on.rows, -1)
        for kernel in FORMULAS[metric.name].reads
    }
    hidden = np.stack([_hidden_in(one, on.rows) for one in days], axis=2)
    return disclosed(raw, periods, hidden.reshape(on.rows, -1, len(ByMonth)))


def _placed_in(sums: Ints | None, one: ToldOn, rows: int) -> Ints:
    """Sums by published day, from those by period."""
    if sums is None or not len(one.periods):
        return np.zeros((rows, len(OFFSETS)), np.int64)
    return np.where(one.places == NOTHING, 0, sums[:, one.places])


def _hidden_in(one: ToldOn, rows: int) -> Mask:
    if not len(one.periods):
        return np.ones((rows, len(OFFSETS), len(ByMonth)), bool)
    return np.asarray(one.hidden[:, one.places] | (one.places == NOTHING)[:, np.newaxis])


def _covered(ground: Ground, part: Part, groups: Sequence[int], of: Sums) -> Part:
    """The part with what is known since when; ``of`` says which days columns tell of, and how many."""
    on, shape = part.on, part.figures.top.shape
    day = np.tile(np.arange(on.first, on.last + 1), len(OFFSETS))
    missing, complete, since = np.zeros(shape, bool), np.zeros(shape, np.int64), []
    for knowing in ground.knowing:
        some = (day >= knowing.first) & (day <= knowing.last)
        if some.any():
            days = Sums({}, len(groups), of.as_of[some], np.asarray(of.window)[some])
            found = completeness(part.figures.metric, _known(knowing.known, groups), days)
            missing[:, some], complete[:, some] = found.missing, found.complete_from
            since.append((max(on.first, knowing.first), min(on.last, knowing.last), found.known_from))
    covered = Completeness(missing, complete, since[-1][2])
    return part._replace(figures=part.figures._replace(covered=covered), since=since)


def _known(known: Ints, groups: Sequence[int]) -> Ints:
    """By row; of a group that was not met yet nothing is asked."""
    nothing = np.full(known.shape[1], NEVER, np.int64)
    return np.array([known[group] if group < len(known) else nothing for group in groups], np.int64)
