"""``pytest tests/harm/twenty_kills.py``: the harm of a whole day on a log of 100,000 events; see ``make harm``."""

from pathlib import Path

from tests.e2e.test_harm import killed_again_and_again
from tests.integration.metering import standing


async def test_two_replicas_killed_twenty_times(tmp_path: Path):
    """Killed with −9 twenty times, PostgreSQL restarted twice and Kafka once: net facts equal a clean pass."""
    async with standing(tmp_path) as stack:
        await killed_again_and_again(stack, 10, {2: "postgres", 5: "kafka", 7: "postgres"})
