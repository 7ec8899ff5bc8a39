"""``pytest tests/harm/upgrades.py``: two releases, forward, back and forward again under a load; see ``make harm``."""

import asyncio
from pathlib import Path

from tests.integration.metering import net_facts
from tests.integration.upgrading import (
    Pair,
    alone,
    background,
    breached,
    last_told,
    mailed,
    pair,
    same_in_the_end,
)
from tests.polling import until
from tests.previous import unpack

EVENTS, WAVES = 4_000, 8
UNITS = [f"unit-{number}" for number in range(WAVES)]


async def test_forward_back_and_forward_again(tmp_path: Path):
    """All is as by the new release alone: facts, values, alerts; no mail is lost or comes under another id."""
    events = background(EVENTS)
    waves = [[*events[n::WAVES], *breached(unit)] for n, unit in enumerate(UNITS)]
    async with pair(tmp_path, unpack(tmp_path / "previous")) as both:
        await rolled(both, waves)
        await same_in_the_end(both.stack, tmp_path, UNITS)
        facts, told = await net_facts(both.stack.database_url), await last_told(both.stack)
        notices = await mailed(both.stack, UNITS)
        print(f"{both.load.sent} events, {both.load.repeated} of them twice; {len(facts)} facts, {len(told)} values")
    clean = tmp_path / "clean"
    clean.mkdir()
    async with alone(clean) as one:
        await one.new.start()
        await one.load.send([event for wave in waves for event in wave])
        await same_in_the_end(one.stack, clean, UNITS)

        async def agrees() -> bool:
            return await last_told(one.stack) == told

        assert await net_facts(one.stack.database_url) == facts
        assert await mailed(one.stack, UNITS) == notices
        await until(agrees, "the same values")


async def rolled(both: Pair, waves: list[list[bytes]]) -> None:
    """The old release, both, the new, both, the old, both, the new; each is killed beside the other."""
    old, new, send = both.old, both.new, both.load.send
    await old.start()
    await asyncio.gather(send(waves[0]), both.migrate())
    await asyncio.gather(send(waves[1]), new.start())
    await asyncio.gather(send(waves[2]), old.crash("metrics", "alerts"), new.crash("ingest"))
    await asyncio.gather(send(waves[3]), old.stop())
    await asyncio.gather(send(waves[4]), old.start(), new.crash("metrics", "alerts"))
    await asyncio.gather(send(waves[5]), new.stop())
    await asyncio.gather(send(waves[6]), new.start(), old.crash("metrics", "alerts", "ingest"))
    await asyncio.gather(send(waves[7]), old.stop())
