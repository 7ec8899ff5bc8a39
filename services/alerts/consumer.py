"""A topic that the service follows: taken in batches, kept in one transaction, its offsets committed after it.

At least once: a batch taken twice changes nothing the second time. ``workforce.metrics`` is what alerts are judged on;
of ``hr.events`` only what is about measures of plans is read.
"""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Generic, NamedTuple, Protocol, TypeVar

import asyncpg
import structlog
from aiokafka import ConsumerRecord

from services.alerts.domain.alert.incoming import UnreadableError
from services.alerts.telemetry import Telemetry
from shared.contracts.dead_letters import OTHER_TENANT, Place, Retried
from shared.contracts.topics import HR_EVENTS, WORKFORCE_METRICS
from shared.kit import dead_letters
from shared.kit.batches import Batches, Lag, Records, Subscription
from shared.kit.blame import Stop, StoppedError, of_a_message, refused
from shared.kit.dead_letters import DeadLetter, TooManyError
from shared.kit.health import Health
from shared.kit.supervisor import Task

log = structlog.get_logger()

PORTION_BYTES = 4_000_000
"""Of messages taken in at once: one of a group with all its days has some 200,000, and takes seven times that."""

PART, MEASURES = WORKFORCE_METRICS.name, HR_EVENTS.name
T = TypeVar("T")
T_contra = TypeVar("T_contra", contravariant=True)
Read = Callable[[bytes | None, bytes | None], T | None]
Reading = Callable[[], Awaitable[Read[T]]]


class Observe(Protocol[T_contra]):
    """Takes in what was read and keeps what could not be; of what is not to be kept, tells only whether it could."""

    async def __call__(self, found: Sequence[T_contra], unread: Sequence[DeadLetter], /, *, keep: bool = True) -> None:
        """All of it, or nothing."""


class FollowedTopic(NamedTuple, Generic[T]):
    """What is followed: how the messages (key, value) of a batch are read, None if not for us, and who is handed them.

    ``good`` is what every sound service takes in; ``show`` is given the lag.
    """

    to: Subscription
    reading: Reading[T]
    observe: Observe[T]
    good: T
    show: Callable[[Lag], None]


class Consumer(Generic[T]):
    """A member of the consumer group that hands on what it reads."""

    def __init__(
        self, servers: str, pool: asyncpg.Pool, of: FollowedTopic[T], telemetry: Telemetry, health: Health
    ) -> None:
        """Connects when its task is run."""
        self._of, self._pool = of, pool
        self._telemetry = telemetry
        self._stop = Stop(of.to.shown, health, telemetry.stopped.labels(of.to.shown))
        self._batches = Batches(servers, of.to, self.take, self._show, health)

    @property
    def task(self) -> Task:
        """Consumes until the end."""
        return self._batches.task

    async def again(self, place: Place) -> Retried:
        """Take a message that was put aside in after all; it is kept if that fails."""
        async with self._pool.acquire() as connection, connection.transaction():
            letter = await dead_letters.kept(connection, place)
            if letter is None:
                return Retried(place, "gone")
            if letter.reason == OTHER_TENANT:
                return Retried(place, "refused", OTHER_TENANT)
            try:
                one = (await self._of.reading())(letter.key, letter.value)
            except UnreadableError as error:
                return Retried(place, "refused", error.reason)
            await self._of.observe([] if one is None else [one], [])
            await dead_letters.forget(connection, place)
        return Retried(place, "taken")

    async def take(self, records: Records) -> None:
        """Take a batch in, unless the service is stopped; raises StoppedError and TooManyError."""
        self._stop.check()
        try:
            for some in portions(records):
                await self._deal(some)
        except (StoppedError, TooManyError) as error:
            self._stop.at(error)
            raise
        for record in records:
            self._stop.passed(record.topic, record.partition, record.offset)

    def _show(self, lag: Lag) -> None:
        self._stop.holds(lag.keys())
        self._of.show(lag)

    async def _deal(self, records: Records) -> None:
        """All in one transaction; if that fails, each half by itself: one message takes no other along."""
        found: list[T] = []
        unread: list[DeadLetter] = []
        read = await self._of.reading()
        for record in records:
            try:
                one = read(record.key, record.value)
                found += () if one is None else (one,)
            except UnreadableError as error:
                unread.append(_letter(record, error.reason, str(error)))
        if not (found or unread):
            return
        try:
            await self._of.observe(found, unread)
        except Exception as error:
            if not of_a_message(error):
                raise
            await self._narrow(records, error)
        else:
            self._count(len(found) + len(unread), unread)

    async def _narrow(self, records: Records, error: Exception) -> None:
        if len(records) == 1:
            letter = await self._verdict(records[0], error)
            await self._of.observe([], [letter])
            self._count(1, [letter])
            return
        middle = len(records) // 2
        for half in (records[:middle], records[middle:]):
            await self._deal(half)

    async def _verdict(self, record: ConsumerRecord, error: Exception) -> DeadLetter:
        """The message put aside, if PostgreSQL refuses it again and not a good one, or an operator says so.

        Raises StoppedError.
        """
        place = Place(record.topic, record.partition, record.offset)
        if why := await dead_letters.why(self._pool, place):
            return _letter(record, "set_aside", why)
        if refused(error):
            unwell = await self._fault(self._of.good)
            one = (await self._of.reading())(record.key, record.value)
            again = unwell or (None if one is None else await self._fault(one))
            if again and not unwell and refused(again):
                return _letter(record, "refused_by_database", str(again))
            error = again or error
        raise StoppedError(place, error) from error

    async def _fault(self, one: T) -> Exception | None:
        """What taking it in by itself meets; nothing of it is kept."""
        try:
            await self._of.observe([one], [], keep=False)
        except Exception as error:
            if not of_a_message(error):
                raise
            return error
        return None

    def _count(self, messages: int, unread: Sequence[DeadLetter]) -> None:
        self._telemetry.messages.inc(messages)
        for letter in unread:
            self._telemetry.skipped.labels(letter.reason).inc()


def portions(records: Records) -> Iterator[list[ConsumerRecord]]:
    """The records in their order, of each portion no more than fits, or one that does not."""
    some, size = list[ConsumerRecord](), 0
    for record in records:
        length = len(record.value or b"")
        if some and size + length > PORTION_BYTES:
            yield some
            some, size = [], 0
        some.append(record)
        size += length
    if some:
        yield some


def _letter(record: ConsumerRecord, reason: str, error: str) -> DeadLetter:
    at = (record.topic, record.partition, record.offset)
    log.warning("message put aside", place=f"{at[0]}/{at[1]}/{at[2]}", reason=reason)
    if reason == OTHER_TENANT:
        return DeadLetter(*at, None, None, reason, error)
    return DeadLetter(*at, record.key, record.value, reason, error)
