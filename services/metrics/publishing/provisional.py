"""Saying that more is being taken in than is published: what was published is not to be acted on meanwhile."""

import contextlib
from collections.abc import Callable
from time import monotonic

from aiokafka.errors import KafkaError

from services.metrics.domain.values.book import Book
from services.metrics.publishing.publisher import Publisher
from shared.kit.clock import Clock

EVERY = 1.0
"""Seconds for which something has waited before that is said, and after which it is said again."""


class Provisional:
    """What is said of it by one leader."""

    def __init__(self, publisher: Publisher, clock: Clock, now: Callable[[], float] = monotonic) -> None:
        """Nothing waits."""
        self._publisher, self._clock, self._now = publisher, clock, now
        self._since: float | None = None
        self._said = False

    async def waits(self, book: Book) -> None:
        """Something waits to be published."""
        now = self._now()
        if self._since is None:
            self._since = now
        elif now - self._since >= EVERY:
            self._since, self._said = now, True
            with contextlib.suppress(KafkaError, TimeoutError):  # it is said again in a second
                await self._publisher.note(book.tree, book.today, self._clock.now(), provisional=True)

    async def over(self, book: Book) -> None:
        """All of it is published."""
        self._since = None
        if self._said:
            await self._publisher.note(book.tree, book.today, self._clock.now(), provisional=False)
            self._said = False
