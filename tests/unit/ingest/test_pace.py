"""Long work lets others in: counted in their turns, not in time."""

import asyncio

import pytest

from services.ingest.pace import EACH, TURN, in_turns

MOST = TURN // EACH


async def held(sizes: list[int]) -> list[int]:
    """How many bytes, and messages as bytes, were dealt with in each turn, while another task counts turns."""
    turns = [0]

    async def other() -> None:
        while True:
            turns.append(0)
            await asyncio.sleep(0)

    def work(size: int) -> None:
        turns[-1] += size + EACH

    task = asyncio.create_task(other())
    await in_turns(sizes, work, lambda size: size)
    task.cancel()
    return turns


@pytest.mark.parametrize("sizes", [[0] * 5000, [300] * 5000, [900_000] * 20, [10, 200_000] * 50])
async def test_no_turn_is_longer_than_its_bound(sizes: list[int]):
    """A turn ends with the message that fills it, however many there are."""
    turns = await held(sizes)
    assert sum(turns) == sum(sizes) + EACH * len(sizes)
    assert max(turns) < TURN + max(sizes) + EACH


async def test_results_are_in_order():
    """Whatever was let in between."""
    assert await in_turns(range(1000), str, lambda _: 500) == list(map(str, range(1000)))
