"""Two neighbouring releases, side by side on one database and one Kafka, while events arrive."""

import asyncio
import contextlib
from pathlib import Path

from shared.contracts.release import SCHEMAS, VERSION
from tests.integration.metering import Service, caught_up
from tests.integration.upgrading import (
    RECIPIENTS,
    Pair,
    arrived_as_sent,
    as_a_clean_pass,
    background,
    breached,
    mailed,
    pair,
)
from tests.polling import until
from tests.previous import unpack

EVENTS = 1_200


async def test_forward_back_and_forward_again(tmp_path: Path):
    """All is as by one pass of the new release: facts, values, alerts; no mail is lost or comes under another id."""
    async with pair(tmp_path, unpack(tmp_path / "previous")) as both:
        await rolled(both, EVENTS)
        await same_in_the_end(both, tmp_path)


async def rolled(both: Pair, count: int) -> None:
    """The old release, both, the new, both, the old, both, the new; replicas of each are killed beside the other."""
    waves = [background(count)[n::6] for n in range(6)]
    parts = [[*wave, *breached(f"unit-{n}")] for n, wave in enumerate(waves)]
    await both.old.start()
    sending = asyncio.create_task(both.load.send(parts[0]))
    await both.migrate()
    await asyncio.gather(sending, both.new.start(), both.load.send(parts[1]))
    await said(both.new.replicas["metrics"].service, "metrics")
    await asyncio.gather(both.load.send(parts[2]), both.old.stop())
    await asyncio.gather(both.load.send(parts[3]), both.old.start(), both.new.crash("metrics", "alerts"))
    await asyncio.gather(both.load.send(parts[4]), both.new.stop())
    await asyncio.gather(both.load.send(parts[5]), both.new.start(), both.old.crash("metrics", "alerts"))
    await both.old.stop()


async def said(service: Service, schema: str) -> None:
    """The release and the schema of a service."""
    answer = (await service.ask("/readyz")).json()
    assert answer["version"] == VERSION
    assert answer["schema"] == {"needed": SCHEMAS[schema], "found": SCHEMAS[schema]}


async def same_in_the_end(both: Pair, folder: Path) -> None:
    """What the new release says, once all is told, is what it would have said alone."""
    await caught_up(both.stack)

    differ = list[str]()

    async def told() -> bool:
        differ[:] = await as_a_clean_pass(both.stack, folder)
        return not differ

    with contextlib.suppress(AssertionError):
        await until(told, "all to be as by a clean pass", 60)
    assert differ[:20] == []
    units = [f"unit-{n}" for n in range(6)]

    async def noticed() -> bool:
        return await mailed(both.stack, units) == [(u, to, "hold_met") for u in units for to in sorted(RECIPIENTS)]

    await until(noticed, "each unit to be noticed once by everybody")
    await until(lambda: arrived_as_sent(both.stack), "every mail to have arrived")
