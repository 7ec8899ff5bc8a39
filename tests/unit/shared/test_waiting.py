"""Waiting for a limited time."""

import asyncio

import pytest

from shared.kit.waiting import within
from tests.polling import PATIENCE


async def test_outcome_and_limit():
    """What is done in time is handed on; what is not raises TimeoutError."""
    assert await within(asyncio.sleep(0, "done"), 60) == "done"
    with pytest.raises(TimeoutError):
        await within(asyncio.Event().wait(), 0.01)


async def test_loop_that_is_woken_and_stopped_at_once_stops():
    """The stop is not lost for the sake of the wake-up."""
    woken = asyncio.Event()

    async def loop() -> None:
        while True:
            await within(woken.wait(), 60)
            woken.clear()

    task = asyncio.create_task(loop())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    woken.set()
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task], timeout=PATIENCE)
    assert task.cancelled()
