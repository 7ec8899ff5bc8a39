"""What ``GET /v1/as-known`` and ``GET /v1/units`` answer: values and units as they were known in each day's evening."""

from datetime import date

import msgspec

from shared.contracts.metrics import ALL, MetricValue


class KnownValue(msgspec.Struct, frozen=True, kw_only=True):
    """The value of the day ``as_of`` as it was known in the evening of ``known``, and from then on until said anew."""

    known: date
    as_of: date
    value: MetricValue


class AsKnown(msgspec.Struct, frozen=True, kw_only=True):
    """A metric of a group as it was known in the evening of each day from ``first`` to ``last``.

    Each day has the values that are published on it: its own and those of the 28 days before, told when they are first
    known and whenever they became others, and those so many days ahead that were asked for. ``since`` is the first day
    on which anything was known of the group; absent if nothing was.

    When a value became known is when this service took it in. What it took in on its own first day, ``loaded``, or
    before, was known earlier to somebody, nobody knows when: it counts as known on the day that it is about. Of an
    occupation ``loaded`` is later where somebody of the unit was erased: the last day on which anybody was.
    """

    metric: str
    unit: str
    occupation: str = ALL
    first: date
    last: date
    loaded: date
    since: date | None
    values: list[KnownValue]


class PlacedUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit as it was told of from ``known`` on; ``path`` is the unit and its ancestors, ending with ``*``."""

    known: date
    unit: str
    name: str
    path: tuple[str, ...]
    closed: bool = False


class PlacedUnits(msgspec.Struct, frozen=True, kw_only=True):
    """Where units lay on the days from ``first`` to ``last``, whenever that changed; ``loaded`` as of values."""

    first: date
    last: date
    loaded: date
    units: list[PlacedUnit]
