"""A leader that goes on where the one before ended: from a copy of its book, in the place of all facts.

The copy is made once values are published, and made anew when that has come to be worth it. Between two copies it is
written down which groups are told of. A copy that does not fit is thrown away: whoever leads then begins with all facts
and publishes everything, as without one. Of shards there are no copies.
"""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from hashlib import blake2b
from pathlib import Path
from time import monotonic

import asyncpg
import msgspec
import structlog

import services
import shared
from services.metrics.domain.values.sheet import Published
from services.metrics.ledger import copies
from services.metrics.ledger.copies import Copy, DamagedError, Made, UnfitError
from services.metrics.ledger.term import Term
from services.metrics.publishing.keeper import Keeper
from services.metrics.publishing.marking import Marking
from services.metrics.publishing.sent import Sent, sent
from services.metrics.settings import MetricsSettings
from shared.contracts.topics import WORKFORCE_METRICS

log = structlog.get_logger()

EVERY = 60.0
"""Seconds between two copies, at least."""

SPARING = 100.0
"""A copy that took t seconds is followed by another after 100·t at the earliest: it takes a hundredth of the time."""


class Resuming:
    """The copies of one leader."""

    def __init__(
        self, connection: asyncpg.Connection, term: Term, settings: MetricsSettings, every: float = EVERY
    ) -> None:
        """A copy is good for ``every`` seconds, at least."""
        self._connection, self._term, self._every = connection, term, every
        self._servers = settings.kafka_bootstrap_servers
        self._topic = settings.tenant.topic(WORKFORCE_METRICS).name
        self._release = f"{release()} {settings.stadga_window_days} {settings.stadga_points_norm}"
        self._listed: set[int] | None = None
        self._next = monotonic()

    async def begin(self, keeper: Keeper, marking: Marking, today: date) -> bool:
        """Make the keeper's book, from a copy if there is one that fits; whether it was."""
        if not keeper.shard.is_whole:
            await keeper.make(today.toordinal())
            return False
        try:
            copy = await self._fitting(today)
            await keeper.resume(copy)
        except (UnfitError, DamagedError) as reason:
            log.info("the book is made of all facts: no copy of it can be used", reason=str(reason))
            await self._anew(keeper, today)
            return False
        except Exception:  # whatever is wrong with it, it is not tried for ever
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await copies.forget(self._term)
            raise
        marking.resume(copy.marks, keeper.book)
        self._listed, self._next = await copies.told(self._connection), monotonic() + self._every
        log.info("the book is made of its copy", batch=copy.revision, told_since=len(self._listed))
        return True

    async def _fitting(self, today: date) -> Copy:
        await copies.carry_on(self._connection, self._term)
        copy = await copies.found(self._connection, self._term, self._release, today)
        if not msgspec.json.decode(copy.sent, type=Sent).is_within(await sent(self._servers, self._topic)):
            raise UnfitError("messages that were sent are no longer there")
        return copy

    async def _anew(self, keeper: Keeper, today: date) -> None:
        await copies.forget(self._term)
        await keeper.make(today.toordinal())

    async def everything_changes(self) -> None:
        """A day has begun: all groups are about to be told of."""
        if self._listed is not None:
            self._listed = None
            await copies.forget(self._term)

    async def tells(self, keeper: Keeper, changed: Sequence[Published]) -> None:
        """Some groups are about to be told of; raises DeposedError in a later leader's term."""
        if self._listed is not None:
            numbers = {keeper.book.numbers[one.group] for one in changed} - self._listed
            if numbers:
                await copies.tell(self._term, numbers)
                self._listed |= numbers

    async def told(self, keeper: Keeper, marking: Marking) -> None:
        """All is published: make a copy, if there is none or it is time for another."""
        due = self._listed is None or (self._listed and monotonic() >= self._next)
        if due and keeper.shard.is_whole and keeper.book.is_taken:
            began, today = monotonic(), date.fromordinal(keeper.book.today)
            messages = msgspec.json.encode(await sent(self._servers, self._topic))
            made = Made(self._release, today, keeper.mark, keeper.revision, marking.marks, messages)
            await copies.keep(self._connection, self._term, made, keeper.book.copied())
            self._listed = set()
            self._next = monotonic() + max(self._every, SPARING * (monotonic() - began))


@cache
def release() -> str:
    """What tells the code that values come of from any other."""
    code = blake2b(digest_size=16)
    for package in (services, shared):
        root = Path(str(package.__path__[0]))
        for path in sorted(root.rglob("*.py")):
            if package is shared or path.is_relative_to(root / "metrics"):
                code.update(path.read_bytes())
    return code.hexdigest()
