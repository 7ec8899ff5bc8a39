"""A trial: an estate under load, something done to it, and in the end nothing lost, every fact and mail as it must."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.harm.estate.estate import Estate
from tests.harm.estate.judge import QUIET, judge, problems, quiet
from tests.harm.estate.load import Load, plan
from tests.integration.metering import Service
from tests.polling import until

SEED, RATE = 3, 20.0


@asynccontextmanager
async def trial(there: Estate, **settings: str) -> AsyncIterator[Load]:
    """The services are started, with ``settings``; the load has begun, and goes on until the block ends."""
    await there.serve(STADGA_PLANS=str(plan(there.home)), **settings)
    load = Load(there, SEED, RATE)
    working = asyncio.create_task(load.run())
    try:
        load.more_units(2)
        load.go()
        await load.goes_on(1)
        yield load
        load.more_units(2)
        await well(there)
        await load.goes_on(1)
        await load.hold()
        await quiet(there, load)
        found = await judge(there, load)
    finally:
        working.cancel()
        await asyncio.wait([working])
    assert not found.faults, f"{found.lost} lost: {found.faults}"


async def well(there: Estate) -> None:
    """Wait until nothing is wrong."""

    async def is_well() -> bool:
        return not await problems(there)

    await until(is_well, "all to be well")


async def complaint(there: Estate, of: str) -> None:
    """Wait until a service, or a part of one, says that something is wrong."""

    async def is_told() -> bool:
        return any(of in f"{where}: {problem}" for where, problem in (await problems(there)).items())

    await until(is_told, f"{of} to be told of")


async def fires(there: Estate, load: Load) -> None:
    """Let one more unit come, and wait until its alert fires."""
    number, alerts = len(load.units), Service(there.address("alerts"))
    load.more_units(1)

    async def fired() -> bool:
        answer = await alerts.ask("/v1/alerts", state="firing")
        return answer.is_success and load.units[number] in {alert["unit"] for alert in answer.json()["alerts"]}

    await until(lambda: len(load.units) > number, "another unit to be handed over")
    await until(fired, "its alert to fire", QUIET)
