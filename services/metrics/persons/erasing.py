"""Erasing persons: in one transaction of the ledger, which also writes down what is then to be said of it.

What the ledger is told is what a replay will read: that the persons are erased, and the sums that stay of them. Both
are folded here as events are, so a ledger that is made again from hr.events comes to the same.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

import asyncpg
import msgspec

from services.metrics.domain.facts.entry import ReadEntry, source_of
from services.metrics.domain.record.erasing import contributed
from services.metrics.domain.record.erasure import erasure_of
from services.metrics.domain.record.record import ERASURE, JOB, Part, Row, Stored
from services.metrics.domain.record.refold import holding
from services.metrics.intake import repository
from services.metrics.intake.repository import Numbering
from services.metrics.ledger import erasings, forgetting, rules
from services.metrics.persons.sums import Gone, event, fold, kept, messages_of, staying
from shared.contracts import envelope
from shared.contracts.envelope import CloudEvent
from shared.contracts.erased import ERASED, Erased
from shared.contracts.erasings import Erasing
from shared.contracts.erasure import EPOCH, Erasure
from shared.contracts.subjects import PERSON_PREFIX
from shared.contracts.tenants import Tenant
from shared.language.refusal import SaidError

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
    """A record: its rows, the events that hold, and what was erased of it before."""

    subject: str
    rows: Sequence[Stored]
    told: Sequence[ReadEntry]
    erasure: Erasure | None = None

    @property
    def erased(self) -> bool:
        """Whether the person was erased before, and not families of events alone."""
        return self.erasure is not None and self.erasure.is_of_all

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
    return Whole(subject, rows, told, next((erasure_of(row) for row in stored if row.key == ERASURE), None))


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
        sums = await kept(connection, [contributed(one.subject, one.told) for one in known])
        stay = await staying(connection, sums, [Gone(one.subject, one.told, _sources(one)) for one in known])
        messages = [*messages_of(stay, order.now, tenant), *_markers(known, order, tenant)]
        await fold(connection, cells, messages, tenant)
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


def _markers(known: Sequence[Whole], order: Order, tenant: Tenant) -> list[CloudEvent]:
    """What was recorded by now counts no more, nor what is dated later but has come."""
    latest = max((row.at for one in known for _, row in one.events), default=0)
    at = max(order.now, EPOCH + timedelta(microseconds=latest))
    return [event(ERASED, one.subject, at, Erased(through=order.today), tenant) for one in known]


def _sources(one: Whole) -> Collection[str]:
    return {source_of(key) for key, _ in one.events}
