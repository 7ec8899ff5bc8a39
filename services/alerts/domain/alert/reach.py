"""What a plan says is known: a value that reaches back before that day is not complete, whatever number it has."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from msgspec.structs import replace

from services.alerts.domain.alert.observation import Observation, number
from shared.contracts.metrics import MetricValue

LAG_DAYS = 365
"""How far back some metrics look, whatever their window: who was there a year earlier, and stayed."""


def within(observations: Iterable[Observation], known_from: date | None, window_days: int) -> Iterator[Observation]:
    """The observations as they may be judged by a plan whose data is known from a day on.

    Every metric is taken to reach back as far as its window, or a year: of which one it is true is not told here.
    """
    for one in observations:
        yield one if known_from is None else replace(one, measured=_complete(one, known_from, window_days))


def _complete(one: Observation, known_from: date, window_days: int) -> MetricValue:
    reach = timedelta(max(window_days, LAG_DAYS))
    if number(one.measured) is None or (one.measured.until or one.as_of) - reach >= known_from:
        return one.measured
    return MetricValue(
        status="incomplete",
        definition=one.measured.definition,
        known_from=known_from,
        complete_from=known_from + reach,
    )
