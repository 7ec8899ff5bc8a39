"""Amounts over days of careers, of many people at once: where each was on those days is found for all together."""

from array import array
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from services.metrics.domain.facts.career import Career, Stretch
from services.metrics.domain.facts.cell import FOREVER, Cell
from services.metrics.domain.facts.entry import day
from services.metrics.domain.facts.hours import DAY_HOURS
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import MOST, ONE
from shared.contracts.events import TimeReported

Ints = NDArray[np.int64]
FAR = FOREVER + 2
"""Days between two careers that lie behind each other on one line: none reaches into the next."""

OF_HOURS = (Measure.worked_hours, Measure.overtime_hours, Measure.documentation_hours, Measure.client_hours)
LEVEL, HOURS = 7, 4
"""Numbers that an amount is kept as, and hours of a report."""


class _Levels(NamedTuple):
    """Amounts of a measure from a first day to a last, by the number of the career they are to be laid over.

    ``permanent`` is 1 where they count on days of permanent employment alone.
    """

    known: Ints
    career: Ints
    first: Ints
    last: Ints
    permanent: Ints
    measure: Ints
    amount: Ints


class OverCareers:
    """Collects amounts, each with the number of the day on which it became known; ``facts`` says what they come to."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._careers: list[Career] = []
        self._levels, self._reports, self._hours = array("q"), array("q"), array("d")

    def level(self, known: int, career: Career, days: tuple[int, int], measure: int, amount: int) -> None:
        """So much of a measure on all days that a person works here, from the first to the last of some days."""
        self._levels.extend((known, self._number(career), *days, 0, measure, amount))

    def level_while_permanent(self, known: int, career: Career, days: tuple[int, int], measure: int) -> None:
        """One of a measure, on the days of permanent employment."""
        self._levels.extend((known, self._number(career), *days, 1, measure, ONE))

    def hours(self, known: int, career: Career, report: TimeReported) -> None:
        """The hours of a report, spread over the days that the person works here."""
        self._reports.extend((known, self._number(career), day(report.first), day(report.last)))
        told = report.worked_hours, report.overtime_hours, report.documentation_hours, report.client_hours
        self._hours.extend([hours or 0.0 for hours in told])

    def _number(self, career: Career) -> int:
        """The place of a career; those of one person come one after the other."""
        if not self._careers or self._careers[-1] is not career:
            self._careers.append(career)
        return len(self._careers) - 1

    def facts(self, number: Callable[[Cell], int]) -> Ints:
        """Facts as rows (known, number of the cell, measure, day, delta), in no order; some may meet or cancel."""
        line = _Line([career.stretches for career in self._careers], number)
        return np.concatenate(
            [line.facts(_Levels(*_table(self._levels, LEVEL).T)), *map(line.facts, self._spread(line))]
        )

    def anomalies(self) -> dict[str, int]:
        """What of the reports contradicts the careers, by kind."""
        line = _Line([career.stretches for career in self._careers], lambda _: 0)
        _, career, first, last = _table(self._reports, 4).T
        worked = np.frombuffer(self._hours)[::HOURS]
        return {
            "hours_above_24_a_day": int((worked > DAY_HOURS * (last - first + 1)).sum()),
            "hours_outside_employment": int((line.days(career, first, last) == 0).sum()),
        }

    def _spread(self, line: "_Line") -> list[_Levels]:
        """Hours a day, by measure."""
        known, career, first, last = _table(self._reports, 4).T
        days = line.days(career, first, last)
        here = days > 0
        found = []
        for measure, hours in zip(OF_HOURS, np.frombuffer(self._hours).reshape(-1, HOURS).T, strict=True):
            ours = here & (hours > 0)
            amount = np.rint(hours[ours] / days[ours] * ONE).astype(np.int64)
            always, what = np.zeros_like(amount), np.full_like(amount, measure)
            found.append(_Levels(known[ours], career[ours], first[ours], last[ours], always, what, amount))
        return found


def _table(numbers: "array[int]", columns: int) -> Ints:
    return np.frombuffer(numbers, np.int64).reshape(-1, columns)


class _Line:
    """Careers on one line, one behind the other: a day of one of them is a place on it."""

    def __init__(self, careers: Sequence[Sequence[Stretch]], number: Callable[[Cell], int]) -> None:
        rows = [
            (place * FAR, s.first, s.last, number(s.home), s.form == "permanent")
            for place, stretches in enumerate(careers)
            for s in stretches
        ]
        start, self._first, self._last, self._home, permanent = np.array(rows, np.int64).reshape(-1, 5).T
        self._permanent = permanent > 0
        self._begin, self._end = start + self._first, start + self._last
        self._upto = np.array([0, *accumulate((self._last - self._first + 1).tolist())], np.int64)

    def days(self, career: Ints, first: Ints, last: Ints) -> Ints:
        """On how many days from a first to a last somebody works here (hours.WorkDays)."""
        return self._until(career * FAR + last) - self._until(career * FAR + first - 1)

    def _until(self, place: Ints) -> Ints:
        begun = np.searchsorted(self._begin, place, "right")
        end = np.concatenate([[-1], self._end])[begun]
        return np.asarray(self._upto[begun] - np.maximum(0, end - place))

    def facts(self, levels: _Levels) -> Ints:
        """From where and until where each amount counts, on every stretch that it lies over."""
        low = np.searchsorted(self._end, levels.career * FAR + levels.first)
        high = np.searchsorted(self._begin, levels.career * FAR + levels.last, "right")
        counts = np.maximum(0, high - low)
        of = np.repeat(np.arange(len(counts)), counts)
        stretch = low[of] + np.arange(len(of)) - (np.cumsum(counts) - counts)[of]
        ours = (levels.permanent[of] == 0) | self._permanent[stretch]
        of, stretch = of[ours], stretch[ours]
        first = np.maximum(levels.first[of], self._first[stretch])
        after = np.minimum(levels.last[of], self._last[stretch]) + 1
        amount, what = levels.amount[of], (levels.known[of], self._home[stretch], levels.measure[of])
        ends = np.stack((*what, after, -amount), axis=1)
        return np.concatenate([np.stack((*what, first, amount), axis=1), ends[after <= FOREVER]])


def netted(facts: Ints) -> Ints:
    """The same facts in order, one for each day known, cell, measure and day; what cancels is none."""
    facts = facts[np.lexsort(facts[:, 3::-1].T)]
    if np.abs(facts[:, 4].astype(np.float64)).sum() >= MOST:
        return facts
    fresh = np.flatnonzero(np.append(True, (np.diff(facts[:, :4], axis=0) != 0).any(axis=1))[: len(facts)])
    sums = np.add.reduceat(facts[:, 4], fresh) if len(fresh) else np.zeros(0, np.int64)
    left = fresh[sums != 0]
    return np.column_stack((facts[left, :4], sums[sums != 0]))
