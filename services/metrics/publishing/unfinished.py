"""Saying which deliveries were given up: what is published rests on parts of them."""

from datetime import timedelta

import asyncpg

from services.metrics.ledger import deliveries as ledger
from services.metrics.ledger.deliveries import Deliveries, described
from services.metrics.publishing.publisher import Publisher
from shared.contracts.deliveries import DeliveriesReported
from shared.kit.clock import Clock


class Unfinished:
    """What one leader said of them: nothing yet, so that what another said is said anew."""

    def __init__(self, publisher: Publisher, clock: Clock, patience: float) -> None:
        """A delivery is waited for ``patience`` seconds."""
        self._publisher, self._clock, self._patience = publisher, clock, timedelta(seconds=patience)
        self._said: dict[int, int] | None = None

    def is_news(self, found: Deliveries) -> bool:
        """Whether others were given up than was said, or more has come of them."""
        return _arrived(found) != self._said

    async def say(self, connection: asyncpg.Connection, found: Deliveries) -> None:
        """Say it if it is news; raises KafkaError or TimeoutError when that was not confirmed."""
        if not self.is_news(found):
            return
        listed = await ledger.listed(connection) if _arrived(found) else []
        told = tuple(described(one, self._patience) for one in listed if one.given_up)
        await self._publisher.report_deliveries(DeliveriesReported(told), self._clock.now())
        self._said = _arrived(found)


def _arrived(found: Deliveries) -> dict[int, int]:
    return {one.key: one.arrived for one in (*found.overdue, *found.given_up)}
