"""The release before this one, rolled forward while events arrive; see ``make harm`` for all of it."""

import asyncio
from pathlib import Path

from shared.contracts.release import SCHEMAS, VERSION
from tests.integration.metering import Killable
from tests.integration.upgrading import Pair, background, breached, pair, same_in_the_end
from tests.previous import unpack

EVENTS = 450
UNITS = ("unit-0", "unit-1", "unit-2")


async def test_rolled_forward_under_load(tmp_path: Path):
    """Old, both, new: facts, values, alerts and mails are as by one pass of the new release."""
    async with pair(tmp_path, unpack(tmp_path / "previous")) as both:
        await forward(both)
        await same_in_the_end(both.stack, tmp_path, UNITS)


async def forward(both: Pair) -> None:
    """The database is migrated under the old release, and the new one joins it before it ends."""
    events = background(EVENTS)
    waves = [[*events[n :: len(UNITS)], *breached(unit)] for n, unit in enumerate(UNITS)]
    await both.old.start()
    await asyncio.gather(both.load.send(waves[0]), both.migrate())
    await asyncio.gather(both.load.send(waves[1]), both.new.start())
    for name, schema in (("ingest", None), ("metrics", "metrics"), ("alerts", "alerts")):
        await said(both.new.replicas[name], schema)
    await asyncio.gather(both.load.send(waves[2]), both.old.stop())


async def said(replica: Killable, schema: str | None) -> None:
    """The release and the schema of a service."""
    answer = (await replica.service.ask("/readyz")).json()
    assert answer["version"] == VERSION
    assert answer["schema"] == (schema and {"needed": SCHEMAS[schema], "found": SCHEMAS[schema]})
