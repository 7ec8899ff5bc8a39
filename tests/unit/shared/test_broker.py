"""A Kafka client that is let go: whatever its leaving raises ends nobody's task."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from aiokafka.consumer.fetcher import Fetcher
from aiokafka.errors import KafkaConnectionError

from shared.kit.broker import stop


class Leaving:
    """A client whose leaving is ``work``."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self.work = work

    def stop(self) -> Awaitable[None]:
        """Leave."""
        return self.work()


async def test_task_that_had_not_begun_reads_as_no_order_to_end():
    """As the fetcher of aiokafka closes: it cancels what it has begun, and awaits it."""
    fetcher = Fetcher.__new__(Fetcher)
    fetcher._fetch_task = asyncio.create_task(asyncio.sleep(60))
    fetcher._fetch_waiters = set()

    async def closing() -> None:
        fetcher._pending_tasks = {asyncio.create_task(asyncio.sleep(60))}
        await fetcher.close()

    with pytest.raises(asyncio.CancelledError):  # what the library does, and why the rest is needed
        await closing()
    fetcher._fetch_task = asyncio.create_task(asyncio.sleep(60))
    await stop(Leaving(closing), 60)


async def test_broker_that_is_gone_holds_nobody_up():
    """Leaving that never ends is left in time, and that which fails is over."""

    async def failing() -> None:
        raise KafkaConnectionError

    await stop(Leaving(asyncio.get_running_loop().create_future), 0)
    await stop(Leaving(failing), 60)


async def test_fault_of_leaving_is_raised():
    """What no waiting mends is not hidden."""

    async def failing() -> None:
        raise ValueError("a fault")

    with pytest.raises(ValueError, match="a fault"):
        await stop(Leaving(failing), 60)


async def test_order_to_end_is_heard_while_a_client_leaves():
    """Who is told to end while waiting ends, and so does the leaving."""
    left = asyncio.get_running_loop().create_future()
    waiting = asyncio.create_task(stop(Leaving(lambda: left), 60))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert left.cancelled()
