"""What a plan says is known: a value that reaches back before that day is not complete, whatever number it has."""

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec.structs import replace

from services.alerts.domain.alert.observation import Observation, number
from shared.contracts.catalogue import Metric
from shared.contracts.catalogue.reach import complete_from
from shared.contracts.metrics import MetricValue


def within(
    observations: Iterable[Observation], metric: Metric, known_from: date | None, window_days: int
) -> Iterator[Observation]:
    """The observations of a metric as they may be judged by a plan whose data is known from a day on."""
    first = complete_from(metric, known_from, window_days) if known_from else None
    for one in observations:
        measured = one.measured
        if first and number(measured) is not None and (measured.until or one.as_of) < first:
            unknown = MetricValue(
                status="incomplete", definition=measured.definition, known_from=known_from, complete_from=first
            )
            yield replace(one, measured=unknown)
        else:
            yield one
