"""What an evaluation of counts could show, said before it begins, from how many people there are and the usual rate."""

from collections.abc import Sequence
from typing import NamedTuple

from services.alerts.domain.alert.observation import number
from services.alerts.domain.plan.evaluate import better
from services.alerts.domain.plan.plan import Evaluate
from shared.contracts.catalogue import Metric
from shared.contracts.metrics import MetricValue
from shared.statistics.power import ENOUGH, power, smallest_fall, smallest_rise

WEEKS = 52
"""A year of weekly values."""
YEAR = 12
"""Months."""
LONGEST = 60
"""Months after: no window is longer."""
QUARTER = 3
"""Months by which a window is lengthened."""

History = Sequence[MetricValue]


class Usual(NamedTuple):
    """What happens in a usual year, among how many."""

    events: float
    size: float


class Foresight(NamedTuple):
    """What could be seen of a group of ``size`` in which ``events`` happen in a usual year.

    ``seen`` is the nearest ratio of rates that is seen in four cases of five, None where none is; ``worth`` whether
    the smallest change worth having is. If it is not, ``months`` is how long the window after would have to be, as far
    as one may be, with as many months before.
    """

    size: float
    events: float
    seen: float | None
    worth: bool
    months: int | None


def foresight(asked: Evaluate, metric: Metric, own: Sequence[History], beside: Sequence[History]) -> Foresight | None:
    """From weekly values of those who carry it out and of those beside; None where their usual rate is not known."""
    acted, others = _usual(own), [one for one in map(_one, beside) if one]
    if acted is None or not acted.events:
        return None
    fall = better(metric, asked.expect) == "lower"
    ratio = 1 - asked.smallest if fall else 1 + asked.smallest
    years = asked.before / YEAR
    expected, theirs = acted.events * years, [one.events * years for one in others]

    def shown(after: int) -> bool:
        return power(expected, after / asked.before, ratio, theirs) >= ENOUGH

    nearest = smallest_fall if fall else smallest_rise
    seen, worth = nearest(expected, asked.after / asked.before, theirs), shown(asked.after)
    longer = range(asked.after + QUARTER, LONGEST + 1, QUARTER)
    months = None if worth else next((after for after in longer if shown(after)), None)
    return Foresight(acted.size, acted.events, seen, worth, months)


def _usual(histories: Sequence[History]) -> Usual | None:
    """What happens in a usual year in some groups together; None where it is not known of each."""
    found = [_one(history) for history in histories]
    known = [one for one in found if one]
    if not known or len(known) < len(found):
        return None
    return Usual(sum(one.events for one in known), sum(one.size for one in known))


def _one(history: History) -> Usual | None:
    years = [value for value in history[::-WEEKS] if number(value) is not None and value.denominator]
    if not years:
        return None
    return Usual(sum(value.numerator or 0.0 for value in years) / len(years), years[0].denominator or 0.0)
