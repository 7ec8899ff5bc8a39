"""What is believed of a message of ``workforce.metrics``: what the metrics service may say, and nothing else.

Nothing here can tell the metrics service from someone who may write to its topic and stays within these bounds.
"""

import math
from datetime import date, datetime, timedelta
from typing import NamedTuple

from services.alerts.domain.alert.episode import SETTLED_DAYS
from shared.contracts.catalogue import BY_NAME, Metric
from shared.contracts.deliveries import DeliveriesReported
from shared.contracts.metrics import ALL, HORIZONS, GroupComputed, MetricValue
from shared.contracts.sources import SourceReported
from shared.contracts.tenants import ALONE, Tenant

TOMORROW = timedelta(1)
"""A reader's day may be behind the writer's by one: its time zone is another, or midnight has come to one of them."""

CLOCKS = timedelta(minutes=15)
"""A reader's clock may be behind the one that numbers publications. A number further ahead would hide all true ones
until then."""

OLDEST = SETTLED_DAYS + 10
"""Days before today that a value may be of: those that are restated, and some that were when it was sent."""

DEEPEST = 256
"""Units in a path, at most."""

WIDEST = 3_660
"""Days of a window, at most."""

NUMBERLESS = frozenset({"suppressed", "incomplete", "not_reported"})
"""What a value is that there is no number of."""

MOST_EVENTS = 2**53
"""Of one delivery: what any reader can hold."""

LONGEST = 500
"""Characters of an id or a name."""


class Reader(NamedTuple):
    """What the reader knows by itself: its day, the greatest number a publication can have by now, and whose it is."""

    today: date
    publication: int
    tenant: Tenant = ALONE


def reader(today: date, now: datetime, tenant: Tenant = ALONE) -> Reader:
    """What a message is believed by on a day, at an instant, by whom ``tenant`` serves.

    Publications are numbered by the clock of the metrics service's database, in milliseconds.
    """
    return Reader(today, int((now + CLOCKS).timestamp() * 1000), tenant)


def doubt(group: GroupComputed, reader: Reader) -> str | None:
    """Why a message is not believed; None of one that is."""
    days = (said for day in group.by_day() if (said := _day(day, reader) or _values(day)))
    return _revision(group, reader) or _place(group) or next(days, None)


def doubt_of_source(report: SourceReported, reader: Reader) -> str | None:
    """Why a report of a source is not believed; None of one that is."""
    if report.today > reader.today + TOMORROW:
        return f"today {report.today} is later than the reader's tomorrow, {reader.today + TOMORROW}"
    if not all(0 < len(word) <= LONGEST for word in (report.source, report.contact.name, report.contact.email)):
        return f"a name or an address is empty or longer than {LONGEST} characters"
    return None


def doubt_of_deliveries(report: DeliveriesReported) -> str | None:
    """Why a report of deliveries is not believed; None of one that is."""
    words = (word for one in report.deliveries for word in (one.source, one.id, *one.units))
    if not all(0 < len(word) <= LONGEST for word in words):
        return f"a source, an id or a unit is empty or longer than {LONGEST} characters"
    if not all(0 <= one.arrived <= MOST_EVENTS and 0 <= (one.of or 0) <= MOST_EVENTS for one in report.deliveries):
        return "a number of events that no delivery has"
    return None


def _day(group: GroupComputed, reader: Reader) -> str | None:
    if group.today > reader.today + TOMORROW:
        return f"today {group.today} is later than the reader's tomorrow, {reader.today + TOMORROW}"
    back = (group.today - group.as_of).days
    if back > OLDEST or -back > HORIZONS[-1]:
        return f"as of {group.as_of}, of {group.today}: neither restated nor one of the days ahead"
    return None


def _revision(group: GroupComputed, reader: Reader) -> str | None:
    if 0 <= group.revision <= reader.publication:
        return None
    return f"revision {group.revision} is not of a publication that can have been made: {reader.publication} at most"


def _place(group: GroupComputed) -> str | None:
    path = group.unit_path
    if path[:1] != (group.unit,) or path[-1] != ALL or len({*path[:-1]}) < len(path) - 1 or len(path) > DEEPEST:
        return "unit_path does not lead from the unit to the municipality"
    if not all(0 < len(word) <= LONGEST for word in (*path, group.occupation, group.unit_name)):
        return f"an id or a name is empty or longer than {LONGEST} characters"
    return None if 0 < group.window_days <= WIDEST else f"a window of {group.window_days} days"


def _values(group: GroupComputed) -> str | None:
    for name, measured in group.metrics.items():
        if name in BY_NAME and (said := _value(measured) or _until(BY_NAME[name], group.as_of, measured.until)):
            return f"{name}: {said}"
    return None


def _value(measured: MetricValue) -> str | None:
    numbers = (measured.value, measured.numerator, measured.denominator, measured.low, measured.high)
    if not all(number is None or math.isfinite(number) for number in numbers):
        return "not a finite number"
    if measured.status in NUMBERLESS and any(number is not None for number in numbers):
        return f"a value that is {measured.status} carries a number"
    return None


def _until(metric: Metric, as_of: date, until: date | None) -> str | None:
    if until is None:
        return None
    if not metric.by_month:
        return "of whole months, as only health and pulses are"
    if until > as_of or (until + timedelta(1)).day != 1:
        return f"of months until {until}, which is not the last day of one that is over on {as_of}"
    return None
