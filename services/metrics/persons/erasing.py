"""Erasing persons: in one transaction of the ledger, which also writes down what is then to be said of it.

What the ledger is told is what a replay will read: that the persons are erased, and the sums that stay of them. Both
are folded here as events are, so a ledger that is made again from hr.events comes to the same.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

import asyncpg
import msgspec

from services.metrics.domain.disclosure.suppression import SMALL_GROUP
from services.metrics.domain.facts.entry import ReadEntry, source_of
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record import keeping
from services.metrics.domain.record.contradictions import units
from services.metrics.domain.record.erasing import contributed
from services.metrics.domain.record.record import ERASURE, JOB, Part, Row, Stored
from services.metrics.domain.record.refold import holding
from services.metrics.intake import batch, repository
from services.metrics.intake.repository import Numbering
from services.metrics.ledger import erasings, forgetting, rules
from shared.contracts import envelope
from shared.contracts.envelope import CloudEvent
from shared.contracts.erased import ERASED, SUMS_KEPT, Erased, KeptFact, SumsKept
from shared.contracts.erasings import Erasing
from shared.contracts.erasure import EPOCH
from shared.contracts.subjects import KEPT, PERSON_PREFIX
from shared.contracts.tenants import Tenant
from shared.contracts.topics import HR_EVENTS
from shared.kit.dead_letters import DeadLetter
from shared.language.refusal import SaidError

SOURCE = "stadga/metrics"
AT_ONCE = 1_000
"""Sums of one message: some 60 kB."""

_row, _part = msgspec.msgpack.Decoder(Row).decode, msgspec.msgpack.Decoder(Part).decode


class EmployedError(SaidError):
    """Somebody still works here: what they add would be counted for ever."""


class UnknownError(SaidError):
    """Nothing is known of anybody who is to be erased."""


class Order(NamedTuple):
    """Whom to erase (pseudonyms), why, who says so, and when that is."""

    persons: Sequence[str]
    why: str
    by: str
    now: datetime
    today: date


class Whole(NamedTuple):
    """A record: its rows, the events that hold, and whether the person was erased before."""

    subject: str
    rows: Sequence[Stored]
    told: Sequence[ReadEntry]
    erased: bool = False

    @property
    def events(self) -> list[tuple[str, Row]]:
        """The identities of events."""
        return [(row.key, _row(row.body)) for row in self.rows if row.is_event]

    def works_on(self, day: int) -> bool:
        """Whether an employment lasts until a day, or longer."""
        careers = (_part(row.body).career for row in self.rows if row.key == JOB)
        return any(stretch.last >= day for career in careers if career for stretch in career.stretches)


async def whole(connection: asyncpg.Connection, person: str) -> Whole:
    """All that is stored of a person, but that earlier events are erased."""
    subject = PERSON_PREFIX + person
    stored = await repository.record(connection, subject)
    rows = [row for row in stored if row.key != ERASURE]
    told = [ReadEntry(entry, entry.read()) for entry in holding(rows)]
    return Whole(subject, rows, told, erased=len(rows) < len(stored))


async def erase(pool: asyncpg.Pool, cells: Numbering, order: Order, tenant: Tenant) -> Erasing:
    """Erase persons together; what was done is in the ledger, and is still to be said on hr.events.

    Who was erased before may be erased again, though nothing is stored of them: what came since was sealed by another
    key, which is then destroyed as well. Raises EmployedError, UnknownError, and what ``batch.write`` raises.
    """
    async with pool.acquire() as connection, connection.transaction():
        await rules.claim(connection)
        await repository.lock_all(connection)
        records = [await whole(connection, person) for person in dict.fromkeys(order.persons)]
        _refuse_employed(records, order.today)
        known = [one for one in records if one.rows or one.erased or await erasings.put_aside(connection, one.subject)]
        if not known:
            raise UnknownError("inget är känt om personen", "nothing is known of the person")
        put_aside = await forgetting.letters(connection, [one.subject for one in known])
        sums = await _kept(connection, known)
        messages = [*await _sums(connection, known, sums, order, tenant), *_markers(known, order, tenant)]
        await _fold(connection, cells, messages, tenant)
        erasing = Erasing(
            id=str(uuid4()),
            at=order.now,
            by=order.by,
            why=order.why,
            persons=len(known),
            events=sum(len(one.events) for one in known),
            put_aside=put_aside,
            sums=len(sums.sums.facts()),
            coarsened=sums.coarsened,
        )
        await erasings.keep(connection, erasing, [(one.subject, envelope.encode(one)) for one in messages])
    return erasing


def _refuse_employed(records: Iterable[Whole], today: date) -> None:
    if any(one.works_on(today.toordinal()) for one in records):
        raise EmployedError(
            "personen är anställd i dag eller senare: det som räknas skulle räknas för alltid; anställningen"
            " måste först ha slutat, eller tas tillbaka",
            "the person is employed today or later: what counts would count for ever; the employment must have"
            " ended first, or be retracted",
        )


async def _kept(connection: asyncpg.Connection, known: Sequence[Whole]) -> keeping.Kept:
    """The sums that stay of all of them together."""
    total, coarsened = Tally(), 0
    for one in known:
        of_person = contributed(one.subject, one.told)
        people = await erasings.people(connection, {cell.unit for cell, _, _ in of_person.deltas})
        found = keeping.kept(of_person, people, SMALL_GROUP)
        total.add(found.sums)
        coarsened += found.coarsened
    return keeping.Kept(total, coarsened)


async def _sums(
    connection: asyncpg.Connection, known: Sequence[Whole], kept: keeping.Kept, order: Order, tenant: Tenant
) -> list[CloudEvent]:
    """Messages of a thousand sums, each with an id that says nothing; one tells of the sources, too."""
    sources = {source_of(key) for one in known for key, _ in one.events}
    told = await erasings.told(connection, sources, {unit for one in known for unit in units(one.subject, one.told)})
    facts = [KeptFact(*cell, measure, day, delta) for cell, measure, day, delta in sorted(kept.sums.facts())]
    some = [SumsKept(facts=tuple(facts[n : n + AT_ONCE])) for n in range(0, len(facts), AT_ONCE)]
    some += [SumsKept(facts=(), told=tuple(told[n : n + AT_ONCE])) for n in range(0, len(told), AT_ONCE)]
    midnight = datetime.combine(order.now.date(), datetime.min.time(), UTC)
    return [_event(SUMS_KEPT, f"{KEPT}/{uuid4().hex}", midnight, one, tenant) for one in some]


def _markers(known: Sequence[Whole], order: Order, tenant: Tenant) -> list[CloudEvent]:
    """What was recorded by now counts no more, nor what is dated later but has come."""
    latest = max((row.at for one in known for _, row in one.events), default=0)
    at = max(order.now, EPOCH + timedelta(microseconds=latest))
    return [_event(ERASED, one.subject, at, Erased(through=order.today), tenant) for one in known]


def _event(type_: str, subject: str, time: datetime, data: Erased | SumsKept, tenant: Tenant) -> CloudEvent:
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


async def _fold(
    connection: asyncpg.Connection, cells: Numbering, messages: Sequence[CloudEvent], tenant: Tenant
) -> None:
    """As if they had been read."""
    topic = tenant.topic(HR_EVENTS).name
    some = [DeadLetter(topic, 0, n, None, envelope.encode(one), "", "") for n, one in enumerate(messages)]
    await batch.take(connection, cells, batch.decode(some, tenant))
