"""(f) From a change in many units at once to the values of the last of them on ``workforce.metrics``."""

import asyncio
from datetime import UTC, date, datetime
from time import time

import msgspec
from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.rig import put
from benchmarks.town import OCCUPATIONS, unit
from cli.local.stack import Stack
from shared.contracts.envelope import CloudEvent
from shared.contracts.events import EmploymentStarted
from shared.contracts.topics import WORKFORCE_METRICS

PATIENCE_SECONDS = 120


class _Group(msgspec.Struct):
    """What is read of a published group: which unit, and for which day."""

    unit: str
    as_of: date


class _Published(msgspec.Struct):
    data: _Group


_decode = msgspec.json.Decoder(_Published).decode


async def spread(stack: Stack, units: int, today: date, turn: int) -> float:
    """Someone begins in each of so many units; seconds until the values as of today of all of them are published."""
    consumer = AIOKafkaConsumer(bootstrap_servers=stack.kafka_bootstrap_servers)
    await consumer.start()
    try:
        consumer.assign([TopicPartition(WORKFORCE_METRICS.name, part) for part in range(WORKFORCE_METRICS.partitions)])
        await consumer.seek_to_end()
        changed = time()
        await put(stack, [someone(n, today, turn) for n in range(units)])
        await asyncio.wait_for(_all(consumer, {unit(n) for n in range(units)}, today), PATIENCE_SECONDS)
        return time() - changed
    finally:
        await consumer.stop()


async def _all(consumer: AIOKafkaConsumer, waiting: set[str], today: date) -> None:
    while waiting:
        for records in (await consumer.getmany(timeout_ms=100)).values():
            told = (_decode(record.value).data for record in records)
            waiting -= {group.unit for group in told if group.as_of == today}


def someone(n: int, today: date, turn: int) -> CloudEvent:
    """The first day of the nth person of a turn, in the nth unit."""
    data = EmploymentStarted(effective=today, unit=unit(n), occupation=OCCUPATIONS[0], fte=1, case_holder=True)
    return CloudEvent(
        specversion="1.0",
        id=f"change-{turn}-{n}",
        source="bench",
        type="hr.employment.started.v1",
        subject=f"person/bench-{turn}-{n}",
        time=datetime.now(UTC),
        data=msgspec.Raw(msgspec.json.encode(data)),
    )
