"""What ``GET /v1/series`` and ``GET /v1/revisions`` answer: how values go over time, and how they were restated."""

from datetime import date, datetime
from typing import Literal

import msgspec

from shared.contracts.metrics import ALL, MetricValue

Step = Literal["day", "week", "month", "quarter", "year"]


class Point(msgspec.Struct, frozen=True):
    """A day that values are as of, and the days of the window that ends on it."""

    as_of: date
    window_days: int


class GroupSeries(msgspec.Struct, frozen=True, kw_only=True):
    """One group's values of each metric, in the order of the points.

    ``private``: at which points no health may be told of the group, for it is of ten people or fewer, or would give
    such a one away. Null where no metric of health was asked for.
    """

    unit: str
    unit_name: str
    occupation: str = ALL
    gender: str = ALL
    age: str = ALL
    metrics: dict[str, list[MetricValue]]
    private: list[bool] | None = None


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """Values over time, restated from all facts taken in up to ``revision``.

    Units are placed as they are on the last point. ``today`` is the service's own: points after it are what is known
    of the future. ``provisional`` while more is being taken in than is published: nothing is to be acted on yet.
    """

    step: Step
    today: date
    revision: int
    points: list[Point]
    groups: list[GroupSeries]
    provisional: bool = False


class Because(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Events of a type that a change of a value came from.

    ``days_late`` counts from the first day of which they changed anything to the day they were taken in; of several
    events the largest. ``certain`` is false where many events were taken in at once, as when a log is loaded: they are
    all of the type that came with the change, also those of other groups.
    """

    type: str
    events: int
    days_late: int
    certain: bool = True


class Revision(msgspec.Struct, frozen=True, kw_only=True):
    """A value of a day that had passed, before and after ``revision`` came in at ``known_at``, and why it changed."""

    as_of: date
    revision: int
    known_at: datetime
    before: MetricValue
    after: MetricValue
    causes: list[Because]


class Revisions(msgspec.Struct, frozen=True, kw_only=True):
    """Every change of a metric of a group after its day, in the order it was taken in.

    Of very many the latest are given; ``omitted`` counts the others.
    """

    unit: str
    unit_name: str
    occupation: str
    metric: str
    window_days: int
    omitted: int
    revisions: list[Revision]
