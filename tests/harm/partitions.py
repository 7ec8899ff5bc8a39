"""``pytest tests/harm/partitions.py``, as root: machines that nobody reaches, and that do not know it (make harm)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.harm.estate.estate import Estate, estate
from tests.harm.estate.load import Load
from tests.harm.estate.network import NET, Network, network
from tests.harm.estate.trial import complaint, trial, well
from tests.harm.thousand_kills import SETTINGS

MACHINES = ("kafka-1", "kafka-2", "kafka-3", "postgres-1", "postgres-2")


@asynccontextmanager
async def apart() -> AsyncIterator[tuple[Network, Estate, Load]]:
    """An estate under load, of which each machine can be cut off."""
    with network(*MACHINES) as net:
        async with estate(SETTINGS, net.machines, NET) as there, trial(there) as load:
            yield net, there, load


async def test_each_broker_in_turn_is_out_of_reach():
    """Two of three go on: what is handed over meanwhile is confirmed, and all is well before the third is back."""
    async with apart() as (net, there, load):
        for name in MACHINES[:3]:
            net.cut(name)
            await load.goes_on(10)
            await well(there)
            net.mend()


async def test_the_copy_is_out_of_reach():
    """Nothing is committed meanwhile, and metrics says so."""
    async with apart() as (net, there, _):
        net.cut(there.second)
        await complaint(there, "synchronous standby")
        net.mend()


async def test_the_first_database_is_out_of_reach_and_the_copy_takes_over():
    """It is asked though the other is named first and says nothing, neither to old connections nor to new ones."""
    async with apart() as (net, there, _):
        lost = there.first
        net.cut(lost)
        await complaint(there, "database")
        await there.fail_over()
        await there.do_without_copy()
        await well(there)
        net.mend()
        await there.copy_anew()
