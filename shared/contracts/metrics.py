"""What ``workforce.metrics`` and ``GET /v1/metrics`` carry: the published values of one group."""

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from shared.contracts.catalogue.described import BY_NAME_DESCRIBED

Status = Literal["final", "suppressed", "not_applicable", "low_reliability", "incomplete", "not_reported"]
ALL = "*"
"""As a unit: the whole municipality. As an occupation: every occupation."""

COMPUTED = "workforce.metrics.computed.v2"
ONE_DAY_COMPUTED = "workforce.metrics.computed.v1"
"""As releases before sent it: always of one day."""

RESTATED_DAYS = 28
"""Values of the last 28 days are restated when late data arrives, so no hold of a plan can be longer."""

HORIZONS = (30, 60, 90)
"""The days ahead for which what is already known is published."""


class MetricValue(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One published number.

    ``low`` and ``high`` bound the 95 % interval where one is defined. A ``suppressed`` value carries no number at
    all; ``not_applicable`` means the denominator is zero. Definition ids are in ``shared.contracts.catalogue``.
    An ``incomplete`` value reaches back before what it is made of was reported: it carries no number, but the day from
    which that is known and the first day of which a value is complete. Of ``not_reported`` no source tells at all.
    ``fresh_until`` stands only with a value that is stale: a source that it depends on is late, and told of the days
    until then.
    ``until`` is the last day of the twelve whole months that a value of health or of a pulse tells of, or of those of
    the step that was asked for; absent from other metrics, which tell of the window up to ``as_of``.
    """

    status: Status
    definition: str
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    low: float | None = None
    high: float | None = None
    until: date | None = None
    known_from: date | None = None
    complete_from: date | None = None
    fresh_until: date | None = None


Values = Annotated[dict[str, MetricValue], Meta(description=BY_NAME_DESCRIBED)]


class DayComputed(msgspec.Struct, frozen=True, kw_only=True):
    """Values of a group that changed, as of one day."""

    as_of: date
    metrics: Values


class GroupComputed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Values of one group (a unit's subtree, one occupation or all) that changed, as of one day, and of other days.

    ``as_of`` may lie before ``today`` (restated) or after it (what is already known of the future). Health
    and pulses are not known of the future: days ahead carry no metric of either. Where values of several days changed
    at once they come in one message: today's as ``as_of`` and ``metrics`` if it is among them, the others as
    ``other_days``.
    ``revision`` grows with every publication, whoever leads: of two messages for the same group and day the greater
    holds. An equal one with other content was not made by this service, and is a fault to be told.
    ``unit_path`` lists the unit and its ancestors, nearest first, ending with ``*``. A ``closed`` unit stands under its
    successor, with its history; nothing is to be judged of it on its own.

    A message of the municipality without any values says whether more is being taken in than is published:
    ``provisional`` while it is, so that nothing published so far is to be acted on yet.
    """

    unit: str
    unit_name: str
    unit_path: tuple[str, ...]
    occupation: str
    as_of: date
    today: date
    window_days: int
    revision: int
    metrics: Values
    other_days: tuple[DayComputed, ...] = ()
    provisional: bool = False
    closed: bool = False

    def by_day(self) -> "list[GroupComputed]":
        """The same values as of one day each, that of ``as_of`` last."""
        others = [
            msgspec.structs.replace(self, as_of=one.as_of, metrics=one.metrics, other_days=())
            for one in self.other_days
        ]
        return [*others, msgspec.structs.replace(self, other_days=())] if others else [self]


def key(group: GroupComputed) -> bytes:
    """The Kafka key: messages of one group stay in order."""
    return f"{group.unit}|{group.occupation}".encode()
