"""Waiting for a limited time."""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


async def within(work: Awaitable[T], seconds: float) -> T:
    """The outcome of ``work``; raises TimeoutError if it takes longer.

    In place of ``asyncio.wait_for``, which until Python 3.12 loses the cancellation of its caller when the work is done
    at the same moment: a loop told to stop just then would go on.
    """
    async with asyncio.timeout(seconds):
        return await work


def heed() -> None:
    """Raise CancelledError if this task was told to stop and a library lost that, by its own ``asyncio.wait_for``."""
    task = asyncio.current_task()
    if task and task.cancelling():
        raise asyncio.CancelledError
