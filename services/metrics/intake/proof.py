"""Whose fault it is that one message cannot be taken in: proven to be its own, or the service's, which stops it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import asyncpg
import msgspec

from services.metrics.domain.facts.cell import Cell
from services.metrics.intake import batch, repository
from services.metrics.intake.batch import Arrive, Arrived
from shared.contracts import envelope
from shared.contracts.dead_letters import Place
from shared.contracts.event_types import EMPLOYMENT_STARTED
from shared.contracts.subjects import PERSON_PREFIX
from shared.contracts.tenants import ALONE, Tenant
from shared.kit import dead_letters
from shared.kit.blame import StoppedError, of_a_message, refused
from shared.kit.dead_letters import DeadLetter, Message

_EVENT = envelope.encode(
    msgspec.convert(
        {
            "specversion": "1.0",
            "id": "probe",
            "source": "stadga/metrics",
            "type": EMPLOYMENT_STARTED,
            "subject": f"{PERSON_PREFIX}probe",
            "time": "2024-01-01T00:00:00Z",
            "data": msgspec.Raw(b'{"effective":"2024-01-01","unit":"probe","occupation":"probe"}'),
        },
        envelope.CloudEvent,
    )
)
GOOD = DeadLetter("", 0, 0, None, _EVENT, "", "")
"""A message that every sound service takes in."""


class Passing(NamedTuple):
    """Numbers cells in the transaction of a connection, for what is not kept."""

    connection: asyncpg.Connection

    async def numbers(self, cells: Iterable[Cell]) -> Mapping[Cell, int]:
        """The number of each."""
        return await repository.number(self.connection, cells)


async def fault(
    pool: asyncpg.Pool, message: Message, tenant: Tenant = ALONE, arrive: Arrive = batch.plainly
) -> Exception | None:
    """What taking in a message by itself meets; nothing of it is kept."""
    async with pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await batch.take(connection, Passing(connection), await arrive([message], tenant))
        except Exception as error:
            if not of_a_message(error):
                raise
            return error
        finally:
            await transaction.rollback()
    return None


async def verdict(
    pool: asyncpg.Pool, message: Message, error: Exception, tenant: Tenant = ALONE, arrive: Arrive = batch.plainly
) -> Arrived:
    """The message put aside, if PostgreSQL refuses it again and not a good one, or an operator says so.

    ``error`` is what the message met when it was taken in by itself. Raises StoppedError.
    """
    place = Place(message.topic, message.partition, message.offset)
    if why := await dead_letters.why(pool, place):
        return batch.aside(message, "set_aside", why)
    if refused(error):
        unwell = await fault(pool, GOOD)
        again = unwell or await fault(pool, message, tenant, arrive)
        if again and not unwell and refused(again):
            return batch.aside(message, "refused_by_database", f"{type(again).__name__}: {again}")
        error = again or error
    raise StoppedError(place, error) from error
