"""``pytest tests/harm/partitions.py``, as root: machines that nobody reaches, and that do not know it (``make harm``)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.harm.estate.estate import Estate, estate
from tests.harm.estate.judge import judge, problems, quiet
from tests.harm.estate.load import Load, plan
from tests.harm.estate.network import NET, Network, network
from tests.harm.thousand_kills import SETTINGS
from tests.polling import until

MACHINES = ("kafka-1", "kafka-2", "kafka-3", "postgres-1", "postgres-2")
SEED, RATE, PORTION = 3, 20.0, 20


@asynccontextmanager
async def loaded() -> AsyncIterator[tuple[Network, Estate, Load]]:
    """An estate on a network that can be cut, under load; in the end nothing is lost."""
    with network(*MACHINES) as net:
        async with estate(net.machines, NET, **SETTINGS) as there:
            await there.serve(STADGA_PLANS=str(plan(there.home)))
            load = Load(there, SEED, RATE)
            working = asyncio.create_task(load.run())
            try:
                load.more_units(2)
                load.go()
                await until(lambda: load.went_on(PORTION), "a portion to be handed over")
                yield net, there, load
                load.more_units(2)
                await well(there)
                await until(lambda: load.went_on(PORTION), "another portion to be handed over")
                await load.hold()
                await quiet(there, load)
                found = await judge(there, load)
            finally:
                working.cancel()
                await asyncio.wait([working])
    assert (found.lost, found.faults) == (0, ())


async def well(there: Estate) -> None:
    """Wait until nothing is wrong."""

    async def is_well() -> bool:
        return not await problems(there)

    await until(is_well, "all to be well")


async def complaint(there: Estate, of: str) -> None:
    """Wait until a part of a service says that something is wrong."""

    async def is_told() -> bool:
        return any(of in where for where in await problems(there))

    await until(is_told, f"{of} to be told of")


async def test_each_broker_in_turn_is_out_of_reach():
    """Two of three go on: what is handed over meanwhile is confirmed, and all is well before the third is back."""
    async with loaded() as (net, there, load):
        for name in MACHINES[:3]:
            net.cut(name)
            await until(lambda: load.went_on(5 * PORTION), f"more to be handed over without {name}")
            await well(there)
            net.mend()


async def test_the_copy_is_out_of_reach():
    """Nothing is committed meanwhile, and metrics says so."""
    async with loaded() as (net, there, _):
        net.cut(there.second)
        await complaint(there, "metrics: database")
        net.mend()


async def test_the_first_database_is_out_of_reach_and_the_copy_takes_over():
    """It is asked though the other is named first and says nothing, neither to old connections nor to new ones."""
    async with loaded() as (net, there, _):
        lost = there.first
        net.cut(lost)
        await complaint(there, "database")
        await there.fail_over()
        await there.do_without_copy()
        await well(there)
        net.mend()
        await there.copy_anew()
