"""A client whose connection to the broker has ended, and which has not heard of it yet."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataRequest

from shared.contracts.topics import HR_EVENTS
from shared.kit.broker import stop
from shared.kit.cluster import way_to

SECONDS = 60.0
SAID = "unable to perform operation on <TCPTransport closed=True reading=False 0x1>; the handler is closed"
"""By uvloop, of a connection that was reset."""


class Ended:
    """What writes to such a connection."""

    def __init__(self, writer: asyncio.StreamWriter, said: str) -> None:
        self._writer, self._said = writer, said

    def write(self, _: bytes) -> None:
        """As uvloop does."""
        raise RuntimeError(self._said)

    def __getattr__(self, name: str) -> object:
        """All else is as it was."""
        return getattr(self._writer, name)


def end(producer: AIOKafkaProducer, said: str = SAID) -> list[AIOKafkaConnection]:
    """End each of its connections."""
    connections: list[AIOKafkaConnection] = list(producer.client._conns.values())
    for connection in connections:
        connection._writer = Ended(connection._writer, said)
    return connections


async def learns(producer: AIOKafkaProducer) -> None:
    """It goes on learning of the cluster, which is what it was about to do."""
    end(producer)
    for _ in range(3):
        await producer.client.force_metadata_update()
    assert await producer.client.force_metadata_update()


async def sends(producer: AIOKafkaProducer) -> None:
    """What is sent at that moment is sent again."""
    end(producer)
    await producer.send_and_wait(HR_EVENTS.name, b"after", partition=0)


async def says_so(producer: AIOKafkaProducer) -> None:
    """The connection is closed, as aiokafka closes one; another RuntimeError is a fault of ours."""
    for connection in end(producer, "something else"):
        with pytest.raises(RuntimeError, match="something else"):
            connection.send(MetadataRequest([]))
        assert connection.connected()
    for connection in end(producer):
        with pytest.raises(KafkaConnectionError, match="has ended"):
            connection.send(MetadataRequest([]))
        assert not connection.connected()


@pytest.mark.parametrize("work", [learns, sends, says_so])
async def test_connection_that_has_ended(work: Callable[[AIOKafkaProducer], Awaitable[None]], kafka_with_topics: str):
    """The event loop says it in an error that aiokafka knows nothing of."""
    producer = AIOKafkaProducer(**way_to(kafka_with_topics))
    await producer.start()
    try:
        await producer.send_and_wait(HR_EVENTS.name, b"before", partition=0)
        await asyncio.wait_for(work(producer), SECONDS)
    finally:
        await stop(producer, 5)
