"""``GET /v1/deliveries`` and ``workforce.metrics`` of metrics: what belongs together and has not all come."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

REPORTED = "workforce.deliveries.reported.v1"


class OpenDelivery(msgspec.Struct, frozen=True):
    """A delivery that was begun and is not whole."""

    source: str
    id: str
    arrived: Annotated[int, Meta(description="its events so far, each once")]
    of: Annotated[int | None, Meta(description="how many it has; null: that was not said yet")]
    since: Annotated[datetime, Meta(description="when its first event was taken in")]
    held_until: Annotated[datetime, Meta(description="until when it holds back what is published, at most")]
    given_up: Annotated[bool, Meta(description="it is waited for no longer: what has come of it is published")]
    units: Annotated[tuple[str, ...], Meta(description="whose values it changes so far; `*`: those of every unit")] = ()


class OpenDeliveries(msgspec.Struct, frozen=True):
    """All of them, the longest open first; at most 1,000."""

    deliveries: list[OpenDelivery]


class DeliveriesReported(msgspec.Struct, frozen=True):
    """All deliveries that were given up and are still not whole, the longest open first; at most 1,000.

    Sent when anything of it changes, ahead of the values that rest on what has come, and by each new leader.
    """

    deliveries: tuple[OpenDelivery, ...]


KEY = b"|deliveries"
"""The Kafka key: reports stay in order. No group has one that begins so."""
