"""The published values as the days of one alert: each series comes as one text, and is read once it is looked at."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

import asyncpg
import msgspec

from services.alerts.domain.alert.observation import Observation, SeriesKey
from shared.contracts.metrics import MetricValue, Status

_LOAD = """
select asked.unit, asked.occupation, asked.metric, days::text
from unnest($1::text[], $2::text[], $3::text[]) as asked (unit, occupation, metric) cross join lateral (
    select json_agg(json_build_array(as_of, horizon, status, value, numerator, denominator, low, high, until,
        known_from, complete_from, fresh_until)) as days
    from alerts.observations o
    where (o.unit, o.occupation, o.metric) = (asked.unit, asked.occupation, asked.metric)) kept
where days is not null
"""
"""A row for each value takes five times as long to read: ten thousand units have two million of them."""


class Stored(msgspec.Struct, frozen=True, array_like=True):
    """A value as it is stored."""

    as_of: date
    horizon: int
    status: Status
    value: float | None
    numerator: float | None
    denominator: float | None
    low: float | None
    high: float | None
    until: date | None
    known_from: date | None
    complete_from: date | None
    fresh_until: date | None

    def observation(self, definition: str) -> Observation:
        """The value of a metric of this definition."""
        measured = MetricValue(
            status=self.status,
            definition=definition,
            value=self.value,
            numerator=self.numerator,
            denominator=self.denominator,
            low=self.low,
            high=self.high,
            until=self.until,
            known_from=self.known_from,
            complete_from=self.complete_from,
            fresh_until=self.fresh_until,
        )
        return Observation(self.as_of, self.horizon, measured)


_READ = msgspec.json.Decoder(list[Stored])


class KeptSeries(NamedTuple):
    """The values of a series as they are stored: what cannot be read is a fault of the alerts that are judged on it."""

    days: str = "[]"

    def read(self) -> list[Stored]:
        """Each of them; raises msgspec.DecodeError."""
        return _READ.decode(self.days)


NONE = KeptSeries()


async def load(connection: asyncpg.Connection, asked: Collection[SeriesKey]) -> dict[SeriesKey, KeptSeries]:
    """All kept values of each series that has any, which are of everyone in its group."""
    columns = [[one[place] for one in sorted(asked)] for place in range(3)]
    return {SeriesKey(*row[:3]): KeptSeries(row[3]) for row in await connection.fetch(_LOAD, *columns)}
