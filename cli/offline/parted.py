"""Series of alerts in an answer made of a log: of whole groups, and of parts, as the service would be told them."""

from collections.abc import Iterable, Sequence

import numpy as np

from services.alerts.domain.alert.observation import SeriesKey
from services.alerts.domain.alert.parts import hidden
from services.alerts.domain.plan.plan import EVERYONE, Part
from services.metrics.domain.sums.groups import Group, Roster
from services.metrics.domain.values.answer import Answer
from shared.contracts.metrics import MetricValue


def dimensions(parts: Iterable[Part]) -> frozenset[str]:
    """By what a roster has groups, so that each occupation and these parts are among them."""
    return frozenset({"occupation"}.union(*(part.by.split(",") for part in parts if part != EVERYONE)))


def group_of(key: SeriesKey) -> Group:
    """The group that a series is about."""
    return Group(key.unit, key.occupation, *key.part)


def as_told(found: Answer, roster: Roster, key: SeriesKey, values: Sequence[MetricValue]) -> Sequence[MetricValue]:
    """The values of a series on each day of an answer, as alerts hears them: of a part, where health may be told."""
    if key.part == EVERYONE:
        return values
    rows = [roster.groups[group] for group in (group_of(key), Group(key.unit, key.occupation))]
    private: list[bool] = np.any(found.private[rows], axis=0).tolist()
    return [hidden(key.metric) if few else value for few, value in zip(private, values, strict=True)]
