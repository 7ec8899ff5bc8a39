"""What is known of one person: events, what they come to, what of it contradicts the rest, messages put aside."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import asyncpg
import msgspec

from services.metrics.domain.facts.entry import Entry, source_of
from services.metrics.domain.facts.measures import name
from services.metrics.domain.facts.tally import ONE
from services.metrics.domain.record.erasing import contributed
from services.metrics.domain.record.record import Row
from services.metrics.ledger import erasings
from services.metrics.persons.erasing import Whole, whole
from shared.contracts.erased import Family
from shared.contracts.erasings import Counted, Known, KnownEvent
from shared.contracts.erasure import EPOCH, Erasure


async def known(pool: asyncpg.Pool, person: str, today: date) -> Known:
    """All there is, in one state of the database."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        found = await whole(connection, person)
        erasure = found.erasure or Erasure()
        return Known(
            events=_events(found),
            counted=_counted(found),
            anomalies=await erasings.anomalies(connection, found.subject),
            put_aside=await erasings.put_aside(connection, found.subject),
            employed=found.works_on(today.toordinal()),
            erased=_time(erasure.at) if found.erased else None,
            trimmed=_trimmed(erasure),
        )


def _trimmed(erasure: Erasure) -> dict[Family, date]:
    days = erasure.families
    return {family: date.fromordinal(days[family]) for family in get_args(Family) if family in days}


def _events(found: Whole) -> list[KnownEvent]:
    """In the order they were recorded."""
    holding = {t.entry.key: t.entry for t in found.told}
    return [
        _event(key, row, holding.get(key))
        for key, row in sorted(found.events, key=lambda one: (one[1].at, one[1].id))
        if row.type
    ]


def _event(key: str, row: Row, entry: Entry | None) -> KnownEvent:
    data = msgspec.json.decode(entry.raw, type=dict) if entry else None
    return KnownEvent(source_of(key), row.id, row.type, _time(row.at), holds=entry is not None, data=data)


def _counted(found: Whole) -> list[Counted]:
    facts = contributed(found.subject, found.told).facts()
    return [
        Counted(*cell, name(measure), date.fromordinal(day), delta / ONE) for cell, measure, day, delta in sorted(facts)
    ]


def _time(at: int) -> datetime:
    return (EPOCH + timedelta(microseconds=at)).astimezone(UTC)
