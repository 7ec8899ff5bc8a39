"""Trimming a family of events of persons: in one transaction of the ledger, as erasing persons is.

The events go and what they came to stays as sums. The persons stay, and so do their keys.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import uuid4

import asyncpg

from services.metrics.domain.facts.entry import source_of
from services.metrics.domain.record.trimming import Trimmed, trimmed
from services.metrics.intake import repository
from services.metrics.intake.repository import Numbering
from services.metrics.ledger import erasings, rules
from services.metrics.persons.erasing import Whole, whole
from services.metrics.persons.sealing import Seal
from services.metrics.persons.sums import Gone, event, fold, kept, messages_of, staying
from shared.contracts import envelope, erased
from shared.contracts.envelope import CloudEvent
from shared.contracts.erased import TRIMMED, Family
from shared.contracts.erasings import Erasing
from shared.contracts.tenants import Tenant


class TrimOrder(NamedTuple):
    """Of whom (pseudonyms) which family goes up to which day, why, who says so, and when that is."""

    persons: Sequence[str]
    family: Family
    through: date
    why: str
    by: str
    now: datetime


class _OfPerson(NamedTuple):
    record: Whole
    trimmed: Trimmed


async def trim(pool: asyncpg.Pool, cells: Numbering, order: TrimOrder, tenant: Tenant, seal: Seal) -> Erasing | None:
    """Trim persons together, what of each can be; None if nothing can. What was done is still to be said on hr.events.

    ``seal`` is how what is said of a person travels. Raises what that and ``batch.write`` raise.
    """
    async with pool.acquire() as connection, connection.transaction():
        await rules.claim(connection)
        await repository.lock_all(connection)
        records = [await whole(connection, person) for person in dict.fromkeys(order.persons)]
        every = ((one, trimmed(one.subject, one.told, order.family, order.through)) for one in records)
        some = [_OfPerson(one, found) for one, found in every if found]
        if not some:
            return None
        sums = await kept(connection, [one.trimmed.contributed for one in some])
        stay = await staying(connection, sums, map(_gone, some))
        said, markers = messages_of(stay, order.now, tenant), [_marker(one, order, tenant) for one in some]
        await fold(connection, cells, [*said, *markers], tenant)
        messages = [(one.subject, envelope.encode(one)) for one in said] + [(one.subject, seal(one)) for one in markers]
        erasing = Erasing(
            id=str(uuid4()),
            at=order.now,
            by=order.by,
            why=order.why,
            persons=len(some),
            events=sum(len(one.trimmed.events) for one in some),
            put_aside=0,
            sums=len(sums.sums.facts()),
            coarsened=sums.coarsened,
            family=order.family,
        )
        await erasings.keep(connection, erasing, messages)
    return erasing


def _gone(one: _OfPerson) -> Gone:
    events = one.trimmed.events
    return Gone(one.record.subject, events, {source_of(t.entry.key) for t in events})


def _marker(one: _OfPerson, order: TrimOrder, tenant: Tenant) -> CloudEvent:
    data = erased.Trimmed(family=order.family, through=date.fromordinal(one.trimmed.through))
    return event(TRIMMED, one.record.subject, order.now, data, tenant)
