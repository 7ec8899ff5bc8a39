"""The sums that stay of what is erased or trimmed, as messages of hr.events, folded here as if they had been read."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import uuid4

import asyncpg
import msgspec

from services.metrics.domain.disclosure.suppression import SMALL_GROUP
from services.metrics.domain.facts.cell import Cell
from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record import keeping
from services.metrics.domain.record.contradictions import units
from services.metrics.domain.record.keeping import Kept
from services.metrics.intake import batch
from services.metrics.intake.repository import Numbering
from services.metrics.ledger import erasings
from shared.contracts import envelope
from shared.contracts.envelope import CloudEvent
from shared.contracts.erased import SUMS_KEPT, KeptFact, SumsKept
from shared.contracts.events import Data
from shared.contracts.subjects import KEPT
from shared.contracts.tenants import Tenant
from shared.contracts.topics import HR_EVENTS
from shared.kit.dead_letters import DeadLetter

SOURCE = "stadga/metrics"
AT_ONCE = 1_000
"""Sums of one message: some 60 kB."""


class Gone(NamedTuple):
    """Events of a person that go, and the sources of all that do, of those too that hold no longer."""

    subject: str
    told: Sequence[ReadEntry]
    sources: Collection[str]


async def kept(connection: asyncpg.Connection, contributed: Sequence[Tally]) -> Kept:
    """The sums that stay of what several persons contributed, together."""
    people = _by_unit(
        await erasings.people(connection, {cell.unit for one in contributed for cell, _, _ in one.deltas})
    )
    total, coarsened = Tally(), 0
    for one in contributed:
        there = {cell: days for unit in {cell.unit for cell, _, _ in one.deltas} for cell, days in people[unit].items()}
        found = keeping.kept(one, there, SMALL_GROUP)
        total.add(found.sums)
        coarsened += found.coarsened
    return Kept(total, coarsened)


def _by_unit(people: Mapping[Cell, keeping.Changes]) -> Mapping[str, dict[Cell, keeping.Changes]]:
    found = defaultdict[str, dict[Cell, keeping.Changes]](dict)
    for cell, days in people.items():
        found[cell.unit][cell] = days
    return found


async def staying(connection: asyncpg.Connection, sums: Kept, gone: Iterable[Gone]) -> list[SumsKept]:
    """What is said of a thousand sums each; and what is known of the sources, which the events told of."""
    some = list(gone)
    sources = {source for one in some for source in one.sources}
    told = await erasings.told(connection, sources, {unit for one in some for unit in units(one.subject, one.told)})
    facts = [KeptFact(*cell, measure, day, delta) for cell, measure, day, delta in sorted(sums.sums.facts())]
    said = [SumsKept(facts=tuple(facts[n : n + AT_ONCE])) for n in range(0, len(facts), AT_ONCE)]
    return said + [SumsKept(facts=(), told=tuple(told[n : n + AT_ONCE])) for n in range(0, len(told), AT_ONCE)]


def messages_of(staying: Iterable[SumsKept], now: datetime, tenant: Tenant) -> list[CloudEvent]:
    """Each with an id that says nothing, as of midnight."""
    midnight = datetime.combine(now.date(), datetime.min.time(), UTC)
    return [event(SUMS_KEPT, f"{KEPT}/{uuid4().hex}", midnight, one, tenant) for one in staying]


def event(type_: str, subject: str, time: datetime, data: Data, tenant: Tenant) -> CloudEvent:
    """What the metrics service says itself."""
    return CloudEvent(
        specversion="1.0",
        id=uuid4().hex,
        source=tenant.source(SOURCE),
        type=type_,
        subject=subject,
        time=time,
        datacontenttype="application/json",
        tenant=tenant.extension,
        data=msgspec.Raw(msgspec.json.encode(data)),
    )


async def fold(
    connection: asyncpg.Connection, cells: Numbering, messages: Sequence[CloudEvent], tenant: Tenant
) -> None:
    """As if they had been read."""
    topic = tenant.topic(HR_EVENTS).name
    some = [DeadLetter(topic, 0, n, None, envelope.encode(one), "", "") for n, one in enumerate(messages)]
    await batch.take(connection, cells, batch.decode(some, tenant))
