"""Work beside a service ends with it."""

import asyncio

from shared.kit.background import background


async def test_work_goes_on_within_the_block_and_tidies_up_after_it():
    """It runs while the block does; leaving waits until it has tidied up."""
    steps: list[str] = []
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            steps.append("tidied up")

    async with background(work()):
        await begun.wait()
        steps.append("in the block")
    assert steps == ["in the block", "tidied up"]


async def test_work_that_will_not_end_is_left_in_time():
    """Leaving waits no longer than it may."""
    begun, let_go = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await let_go.wait()

    async with background(work(), seconds=0.01):
        await begun.wait()
    assert not let_go.is_set()
    let_go.set()
