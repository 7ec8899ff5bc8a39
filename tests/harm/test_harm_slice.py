"""A slice of ``make harm``: the same inputs through the same doors, fewer of them."""

from tests.harm.million import harm

INPUTS, SEED = 8_000, 7


async def test_hostile_inputs_are_answered_or_recorded_and_stop_nothing():
    """Nothing crashes, nothing is answered with 500, and every input is answered or recorded."""
    found = await harm(INPUTS, SEED)
    assert found["faults"] == []
    assert found["inputs"] >= INPUTS * 0.95
