"""Records to Kafka: all of them acknowledged, or whose fault it is.

An error is the message's own, the producer's, or goes away by waiting. Mistaking one for another costs dearly: a
message taken for an outage is tried for ever, an outage taken for a bad message loses it.
"""

import asyncio
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    BrokerResponseError,
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    NoBrokersAvailable,
    NodeNotReadyError,
    RecordListTooLargeError,
    RecordTooLargeError,
    StaleMetadata,
)
from aiokafka.partitioner import murmur2

from services.ingest.domain.rejection import KafkaRecord
from services.ingest.pace import Pace


class Blame(Enum):
    """What an error of sending says."""

    MESSAGE = auto()
    """Kafka will never take this message; the others, and the producer, are as good as before."""
    WAITING = auto()
    """The same message may be taken later, by the same producer."""
    PRODUCER = auto()
    """The producer may not be used again."""


BLAME: Mapping[type[BaseException], Blame] = {
    MessageSizeTooLargeError: Blame.MESSAGE,
    RecordListTooLargeError: Blame.MESSAGE,
    RecordTooLargeError: Blame.MESSAGE,
    BrokerResponseError: Blame.WAITING,
    KafkaConnectionError: Blame.WAITING,
    KafkaTimeoutError: Blame.WAITING,
    NoBrokersAvailable: Blame.WAITING,
    NodeNotReadyError: Blame.WAITING,
    StaleMetadata: Blame.WAITING,
    KafkaError: Blame.PRODUCER,
}
"""By class, the most special one of an error first. An answer of the broker shows that the producer works."""


def blame(error: BaseException) -> Blame:
    """Whose fault a KafkaError is."""
    return next(BLAME[kind] for kind in type(error).__mro__ if kind in BLAME)


class Addressed(NamedTuple):
    """A record and the topic it goes to."""

    topic: str
    record: KafkaRecord


Acknowledgement: TypeAlias = asyncio.Future[object] | BaseException


async def deliver(producer: AIOKafkaProducer, records: Sequence[Addressed]) -> list[int]:
    """Which of ``records`` Kafka will never take; all others are acknowledged.

    Raises KafkaError for the first that failed for another reason than its own, when all have been answered.
    """
    answers = await _handed_over(producer, records)
    if waiting := [answer for answer in answers if isinstance(answer, asyncio.Future)]:
        await asyncio.wait(waiting)
    failed = {i: error for i, answer in enumerate(answers) if (error := _error(answer))}
    for error in failed.values():
        if blame(error) is not Blame.MESSAGE:
            raise error
    return [i for i in failed if not await _taken_alone(producer, records[i])]


async def _handed_over(producer: AIOKafkaProducer, records: Sequence[Addressed]) -> list[Acknowledgement]:
    pace = Pace()
    answers: list[Acknowledgement] = []
    sizes = {topic: len(await producer.partitions_for(topic)) for topic in {topic for topic, _ in records}}
    for topic, record in records:
        answers.append(await _sent(producer, topic, record, sizes[topic]))
        await pace.after()
    return answers


async def _sent(producer: AIOKafkaProducer, topic: str, r: KafkaRecord, partitions: int) -> Acknowledgement:
    try:
        answer: asyncio.Future[object] = await producer.send(
            topic, r.value, r.key, _partition(r.key, partitions), headers=r.headers
        )
    except KafkaError as error:
        if blame(error) is not Blame.MESSAGE:
            raise
        rejected: BaseException = error
        return rejected
    answer.add_done_callback(_seen)
    return answer


async def _taken_alone(producer: AIOKafkaProducer, to: Addressed) -> bool:
    """A broker refuses batches whole, so each message of one is tried in a batch of its own."""
    topic, record = to
    batch = producer.create_batch()
    batch.append(timestamp=None, key=record.key, value=record.value, headers=record.headers)
    partition = _partition(record.key, len(await producer.partitions_for(topic)))
    try:
        await (await producer.send_batch(batch, topic, partition=partition))
    except KafkaError as error:
        if blame(error) is not Blame.MESSAGE:
            raise
        return False
    return True


def _error(answer: Acknowledgement) -> BaseException | None:
    return answer.exception() if isinstance(answer, asyncio.Future) else answer


def _seen(answer: asyncio.Future[object]) -> None:
    """Nobody waits for what is late; that it failed need not be logged as never looked at."""
    if not answer.cancelled():
        answer.exception()


@lru_cache(65_536)
def _partition(key: bytes, partitions: int) -> int:
    """The Java client's placement of a key; remembered, since this hash in Python costs more than all else here."""
    return int(murmur2(key) & 0x7FFFFFFF) % partitions
