"""The values an alert is judged on, day by day."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

import msgspec

from services.alerts.domain.plan.plan import Part
from services.alerts.domain.trend.finding import Ruled
from shared.contracts.metrics import ALL, MetricValue


class SeriesKey(NamedTuple):
    """One metric of one group, or of a part of it."""

    unit: str
    occupation: str
    metric: str
    gender: str = ALL
    age: str = ALL

    @property
    def part(self) -> Part:
        """Whom of the group it is about."""
        return Part(self.gender, self.age)


RELIABLE = frozenset({"final", "low_reliability"})
UNKNOWN = frozenset({"incomplete", "not_reported"})
"""What a value is that nobody has told of, or not from early enough a day."""


class Glimpse(msgspec.Struct, frozen=True):
    """A value and the day it is of; ``ruled`` is what a rule tells of the month that ends on it, where one judges."""

    on: date
    measured: MetricValue
    ruled: Ruled | None = None


class Observation(msgspec.Struct, frozen=True):
    """A value as of a day. ``horizon`` 0 is what was; else what was known so many days before ``as_of``."""

    as_of: date
    horizon: int
    measured: MetricValue
    ruled: Ruled | None = None

    @property
    def known(self) -> date:
        """The day on which it was how things stood."""
        return self.as_of - timedelta(self.horizon) if self.horizon else self.as_of


class Day(msgspec.Struct):
    """What was known on one day: the value of that day, if any came, and of the days ahead by horizon."""

    on: date
    now: MetricValue | None = None
    ahead: dict[int, MetricValue] = msgspec.field(default_factory=dict)
    ruled: Ruled | None = None

    def after(self, horizon: int) -> date:
        """The day that lies ``horizon`` days ahead."""
        return self.on + timedelta(horizon)


def days(observations: Iterable[Observation]) -> list[Day]:
    """Observations in the order of the days they tell of; a day nothing was heard of is missing."""
    found: dict[date, Day] = {}
    for one in observations:
        on = one.known
        day = found.get(on) or found.setdefault(on, Day(on))
        if one.horizon:
            day.ahead[one.horizon] = one.measured
        else:
            day.now, day.ruled = one.measured, one.ruled
    return [found[on] for on in sorted(found)]


def number(measured: MetricValue | None) -> float | None:
    """The value, where there is one: a suppressed or inapplicable value says nothing."""
    return measured.value if measured and measured.status in RELIABLE else None
