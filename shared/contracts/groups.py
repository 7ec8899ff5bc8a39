"""What ``GET /v1/metrics`` answers: the values of a day of any groups."""

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from shared.contracts.catalogue.described import BY_NAME_DESCRIBED
from shared.contracts.metrics import MetricValue


class GroupValues(msgspec.Struct):
    """Every asked-for metric of one group.

    ``private``: no health may be told of the group, for it is of ten people or fewer, or would give such a one away.
    Null where no metric of health was asked for.
    """

    unit: str
    unit_name: str
    occupation: str
    gender: str
    age: str
    metrics: Annotated[dict[str, MetricValue], Meta(description=BY_NAME_DESCRIBED)]
    private: bool | None = None


class Values(msgspec.Struct):
    """The answer: values as of a day, from all facts taken in up to ``revision``.

    ``provisional`` while more is being taken in than is published: nothing is to be acted on yet.
    """

    as_of: date
    window_days: int
    revision: int
    groups: list[GroupValues]
    provisional: bool = False
