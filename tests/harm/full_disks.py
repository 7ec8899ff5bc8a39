"""``pytest tests/harm/full_disks.py``, as root: no room left where a server writes, under load; see ``make harm``."""

from tests.harm.estate.disk import fill, free
from tests.harm.estate.estate import estate
from tests.harm.estate.trial import complaint, trial, well
from tests.harm.thousand_kills import SETTINGS
from tests.polling import until


async def test_the_disk_of_a_broker_is_full():
    """Two of three go on without it; with room again it catches up."""
    part = "kafka-1"
    async with estate(SETTINGS, small=part) as there, trial(there) as load:
        fill(there.home / part)
        await until(lambda: not there.parts[part].alive, "the broker to give up")
        await load.goes_on(10)
        await well(there)
        free(there.home / part)
        await there.start_again(part)


async def test_the_disk_of_the_database_is_full():
    """What is handed over is confirmed meanwhile, and waits; the services say why; with room again all goes on."""
    part = "postgres-1"
    async with estate(SETTINGS, small=part) as there, trial(there) as load:
        fill(there.home / part)
        await complaint(there, "")
        await load.goes_on(10)
        free(there.home / part)
        await there.start_again(part)
