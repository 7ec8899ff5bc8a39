"""Long work lets others in: by a clock that only the work moves."""

import asyncio

import pytest

from services.ingest.pace import TURN, in_turns


async def held(costs: list[float]) -> list[float]:
    """How long each turn lasted, while another task counts turns."""
    turns = [0.0]

    async def other() -> None:
        while True:
            turns.append(0.0)
            await asyncio.sleep(0)

    def work(cost: float) -> None:
        turns[-1] += cost

    task = asyncio.create_task(other())
    await in_turns(costs, work, lambda: sum(turns))
    task.cancel()
    return turns


@pytest.mark.parametrize(
    "costs", [[TURN / 16] * 5000, [TURN / 4] * 5000, [TURN * 4] * 20, [TURN / 1024, TURN * 2] * 50]
)
async def test_no_turn_is_longer_than_its_bound(costs: list[float]):
    """A turn ends with the message that fills it, however many there are and whatever each of them takes."""
    turns = await held(costs)
    assert sum(turns) == pytest.approx(sum(costs))
    assert max(turns) < TURN + max(costs) + TURN / 1024


async def test_results_are_in_order():
    """Whatever was let in between."""
    assert await in_turns(range(1000), str) == list(map(str, range(1000)))
