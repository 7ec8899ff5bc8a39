"""``pytest tests/harm/ten_kills.py``: a log that is loaded whole, killed ten times meanwhile; see ``make harm``."""

from pathlib import Path

from tests.integration.loading import STREAM, WHOLE, batches, database, killed_while_loading, ledger, log, taking
from tests.integration.metering import caught_up, send, standing

PEOPLE, KILLS = 3_000, 10


async def test_a_load_killed_ten_times(tmp_path: Path):
    """Killed with −9 as it begins, while it writes and between partitions: all is as the stream has it."""
    async with standing(tmp_path) as stack:
        await send(stack.kafka_bootstrap_servers, log(PEOPLE))
        ways = [await database(stack) for _ in range(3)]
        for url, settings in zip(ways, (STREAM, WHOLE), strict=False):
            async with taking(stack, url, **settings):
                await caught_up(stack, url)
        harm = await killed_while_loading(stack, ways[2], KILLS)
        streamed, whole, killed = [await ledger(url) for url in ways]
        assert await batches(ways[1]) < await batches(ways[0])
    assert harm["killed"] == KILLS
    assert harm["in the middle"] > KILLS // 2
    assert whole == streamed
    assert killed == streamed
