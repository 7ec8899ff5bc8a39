"""Who is there in a month, cell by cell: what decides whether a group is large enough to be shown."""

from typing import NamedTuple

import numpy as np

from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.sums.kernels import Deltas, Ints
from services.metrics.domain.sums.linked_tables import Mask
from services.metrics.domain.sums.merging import merged
from services.metrics.domain.sums.periods import Month

HAPPENED = frozenset({Measure.sick_spells, Measure.months_paid_by_hour})
MEASURES = frozenset({Measure.headcount, Measure.scheduled_fte}) | HAPPENED
"""What everybody leaves behind whose health or hours a sum can tell of, also who has left or is no permanent staff."""

MOST = 10**15
"""Millionths of people that one cell can have: a billion, so that all cells together fit 64 bits."""


class Staff(NamedTuple):
    """By cell: the fewest permanent staff of any day, in millionths, and whether anybody was there to be told of.

    The fewest of several cells together are at least the sum of what each has at the fewest.
    """

    heads: Ints
    there: Mask


class LevelRange(NamedTuple):
    """By cell, the lowest and the highest level of the days of a month. Exact up to 2**53."""

    lowest: Ints
    highest: Ints


def staff_in(cells: int, facts: Deltas, month: Month) -> Staff:
    """Of so many cells, from facts in any order that carry their numbers."""
    heads = _range(cells, facts, Measure.headcount, month)
    time = _range(cells, facts, Measure.scheduled_fte, month)
    there = (heads.highest > 0) | (time.lowest != 0) | (time.highest != 0)
    there[_happened(facts, month)] = True
    return Staff(heads.lowest, there)


def _happened(facts: Deltas, month: Month) -> Ints:
    """The cells in which anything happened: what was told and taken back since leaves nobody behind."""
    ours = np.isin(facts.measures, list(HAPPENED)) & (facts.days >= month.first) & (facts.days <= month.last)
    return merged(Deltas(*(column[ours] for column in facts))).cells


def _range(cells: int, facts: Deltas, measure: Measure, month: Month) -> LevelRange:
    ours = (facts.measures == measure) & (facts.days <= month.last)
    of, days, deltas = facts.cells[ours], facts.days[ours], facts.deltas[ours]
    before = days <= month.first
    begun = np.bincount(of[before], deltas[before], cells)
    of, days, deltas = of[~before], days[~before], deltas[~before]
    order = np.lexsort((days, of))
    of, days, upto = of[order], days[order], np.cumsum(deltas[order].astype(np.float64))
    ends = (np.diff(of, append=-1) != 0) | (np.diff(days, append=-1) != 0)
    fresh = np.flatnonzero(np.diff(of, prepend=-1) != 0)
    own = upto - np.repeat(np.append(0, upto)[fresh], np.diff(fresh, append=len(of))) + begun[of]
    lowest, highest = begun.copy(), begun.copy()
    np.minimum.at(lowest, of[ends], own[ends])
    np.maximum.at(highest, of[ends], own[ends])
    return LevelRange(*(np.clip(level, -MOST, MOST).astype(np.int64) for level in (lowest, highest)))
