"""Who answered in a month, cell by cell: what decides whether a pulse may be told of."""

import numpy as np

from services.metrics.domain.disclosure.staff import MOST, Staff
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.sums.kernels import Deltas, Floats
from services.metrics.domain.sums.periods import Month

MEASURES = frozenset({Measure.pulse_answers, Measure.pulses})
"""What every report of a pulse leaves behind, also one that nobody answered."""

LONGEST = 31
"""Days of a month."""


def answers_in(cells: int, facts: Deltas, month: Month, known: Deltas) -> Staff:
    """Of so many cells, from facts in any order that carry their numbers; ``known`` are all facts, these among them.

    One person may answer several surveys, so people are counted at the fewest: a day's answers divided by its reports,
    on the day with most. Exact up to 2**53.
    """
    answers, reports = (_by_day(cells, facts, month, measure) for measure in (Measure.pulse_answers, Measure.pulses))
    of_report = answers / np.maximum(_by_day(cells, known, month, Measure.pulses) / ONE, 1)
    fewest = np.minimum(of_report.max(axis=1, initial=0), answers.sum(axis=1))
    there = ((answers != 0) | (reports != 0)).any(axis=1)
    return Staff(np.clip(np.floor(fewest), -MOST, MOST).astype(np.int64), there)


def _by_day(cells: int, facts: Deltas, month: Month, measure: Measure) -> Floats:
    """Amounts by cell and day of the month."""
    ours = (facts.measures == measure) & (facts.days >= month.first) & (facts.days <= month.last)
    places = facts.cells[ours] * LONGEST + facts.days[ours] - month.first
    amounts = np.bincount(places, facts.deltas[ours].astype(np.float64), cells * LONGEST)
    return np.asarray(amounts.reshape(cells, LONGEST), np.float64)
