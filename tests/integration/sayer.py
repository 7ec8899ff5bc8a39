"""A process that says what was erased, and kills itself at a step of it: ``python -m tests.integration.sayer``."""

import asyncio
import os
import signal
import sys
from contextlib import ExitStack
from datetime import date
from unittest.mock import patch
from zoneinfo import ZoneInfo

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from cli.local.stack import Stack
from services.metrics.intake.repository import Cells
from services.metrics.ledger import erasings
from services.metrics.persons import erasing, saying
from services.metrics.persons.erasing import Order
from services.metrics.persons.saying import Saying
from shared.contracts.erased import ERASED
from shared.contracts.erasings import Erasing
from shared.contracts.tenants import ALONE
from shared.contracts.topics import HR_EVENTS
from shared.kit import database
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.sealing import destroying
from tests.conftest import here
from tests.integration.metering import TODAY, ends
from tests.integration.neighbours import everything

COMMIT, ERASE, DESTROY, NOTE = "commit", "erase", "destroy", "note"
"""Where it dies: before the transaction of Kafka ends, before hr.keys has it, before the keys are destroyed that are
left, before it is written down as done."""


def _die(*_: object, **__: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def say(url: str, servers: str, step: str) -> None:
    """As the service does, until the step."""
    clock = Clock(ZoneInfo("Europe/Stockholm"))
    async with database.pool(url, "metrics") as pool:
        health = Health(clock, saying.PART)
        with ExitStack() as harm:
            if step == COMMIT:
                harm.enter_context(patch.object(AIOKafkaProducer, "commit_transaction", _die))
            if step == ERASE:
                harm.enter_context(patch.object(destroying, "erase", _die))
            if step == DESTROY:
                harm.enter_context(patch.object(destroying, "destroy", _die))
            if step == NOTE:
                harm.enter_context(patch.object(erasings, "said", _die))
            await Saying(pool, servers, ALONE, clock, health).task.work()


async def dies(stack: Stack, step: str) -> int | None:
    """Run one until it is dead; how it ended."""
    given = (stack.database_url, stack.kafka_bootstrap_servers, step)
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.integration.sayer", *given, env=here())
    return await process.wait()


async def decided(url: str, person: str) -> Erasing:
    """Erase somebody from the ledger; it is yet to be said."""
    clock = Clock(ZoneInfo("Europe/Stockholm"), date.fromisoformat(TODAY))
    order = Order([person], "a test", "a test", clock.now(), clock.today())
    async with database.pool(url, "metrics") as pool:
        return await erasing.erase(pool, Cells(pool), order, ALONE)


async def times_said(servers: str, person: str) -> int:
    """How often a reader of what is committed is told that somebody is erased."""
    every = await everything(servers, HR_EVENTS.name)
    return sum(one.key == f"person/{person}".encode() and ERASED.encode() in (one.value or b"") for one in every)


async def held_back(servers: str) -> bool:
    """Whether readers of what is committed wait for a transaction to end."""
    written = {TopicPartition(HR_EVENTS.name, part): end for part, end in (await ends(servers)).items()}
    async with AIOKafkaConsumer(bootstrap_servers=servers, isolation_level="read_committed") as consumer:
        readable: dict[TopicPartition, int] = await consumer.end_offsets(list(written))
    return readable != written


if __name__ == "__main__":
    asyncio.run(say(*sys.argv[1:]))
