"""What must run as long as the service does: begun again, or seen to have ended."""

import asyncio
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

import asyncpg
import pytest
import structlog
from aiokafka.errors import KafkaConnectionError, MessageSizeTooLargeError
from prometheus_client import CollectorRegistry

from shared.kit.clock import Clock
from shared.kit.health import Ended, Health
from shared.kit.supervisor import Supervisor, Task, expected
from tests.polling import until

RESTARTS = "stadga_task_restarts_total"


class Kept:
    """One task, named reader, of the part kafka."""

    def __init__(self, work: Callable[[], Awaitable[None]]) -> None:
        self.registry = CollectorRegistry()
        self.health = Health(Clock(ZoneInfo("UTC")), "kafka")
        self.supervisor = Supervisor(self.health, self.registry)
        self.task = Task("reader", work, "kafka")

    @property
    def restarts(self) -> float | None:
        """How often it began again."""
        return self.registry.get_sample_value(RESTARTS, {"task": "reader"})

    @property
    def problem(self) -> str | None:
        """What health says of the part."""
        return self.health.report()[0].problem

    async def ends(self) -> Ended:
        """Run until the task is seen to have ended."""
        async with self.supervisor.running(self.task):
            await until(lambda: self.health.ended, "the task is seen to have ended")
        assert self.health.ended
        return self.health.ended


async def test_what_passes_is_waited_for_and_told_once():
    """A broker that is away: the task begins again, each time counted; one line of the log for each new reason."""
    attempts = 0

    async def work() -> None:
        nonlocal attempts
        attempts += 1
        if attempts <= 3:
            raise KafkaConnectionError("away" if attempts <= 2 else "elsewhere")
        await asyncio.Event().wait()

    kept = Kept(work)
    assert kept.restarts is None
    with structlog.testing.capture_logs() as logs:
        async with kept.supervisor.running(kept.task):
            await until(lambda: attempts == 4, "the task to begin a fourth time")
    assert kept.restarts == 3
    assert kept.health.ended is None
    assert kept.problem == "KafkaConnectionError: elsewhere"
    assert len([line for line in logs if line["event"] == "trying again"]) == 2


async def test_fault_ends_the_process():
    """An error that no waiting mends is not tried again: it is told, with the lines of code."""

    async def work() -> None:
        raise KeyError("unit")

    kept = Kept(work)
    with structlog.testing.capture_logs() as logs:
        assert await kept.ends() == Ended("reader", "KeyError: 'unit'")
    assert kept.restarts == 0
    assert [(line["log_level"], line["task"], line["reason"]) for line in logs] == [
        ("critical", "reader", "KeyError: 'unit'")
    ]
    assert "in work" in logs[0]["at"]


async def test_task_that_returns_has_ended():
    """What must run for ever and returns is seen."""

    async def work() -> None:
        await asyncio.sleep(0)

    assert (await Kept(work).ends()).reason == "EndedError: it returned"


async def test_task_that_is_cancelled_from_within_has_ended():
    """A library that cancels the task it runs in does not make it vanish."""

    async def work() -> None:
        raise asyncio.CancelledError

    assert (await Kept(work).ends()).reason == "EndedError: cancelled from within"


async def test_error_is_quoted_only_as_it_may_be():
    """Where errors might quote a person, neither health nor the log has their words."""

    person = "19121212-1212"

    async def work() -> None:
        raise ValueError(person)

    kept = Kept(work)
    kept.task = kept.task._replace(tell=lambda error: type(error).__name__)
    with structlog.testing.capture_logs() as logs:
        assert await kept.ends() == Ended("reader", "ValueError")
    assert person not in str(logs)


async def test_end_waits_until_the_work_has_tidied_up():
    """Leaving cancels the task, waits for what it still does, and takes this for no fault."""
    steps: list[str] = []
    begun = asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            steps.append("tidied up")

    kept = Kept(work)
    async with kept.supervisor.running(kept.task):
        await begun.wait()
        steps.append("in the block")
    assert steps == ["in the block", "tidied up"]
    assert kept.health.ended is None


async def test_work_that_will_not_end_is_left_in_time():
    """Leaving waits no longer than it may."""
    begun, let_go = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await let_go.wait()

    kept = Kept(work)
    async with kept.supervisor.running(kept.task, seconds=0.01):
        await begun.wait()
    assert not let_go.is_set()
    let_go.set()


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (TimeoutError(), True),
        (ConnectionRefusedError(), True),
        (KafkaConnectionError(), True),
        (MessageSizeTooLargeError(), False),
        (asyncpg.InvalidPasswordError("refused"), True),
        (asyncpg.InvalidAuthorizationSpecificationError('role "stadga" does not exist'), True),
        (asyncpg.InvalidCatalogNameError("no database"), True),
        (asyncpg.UndefinedTableError("no migration"), True),
        (asyncpg.DiskFullError("full"), True),
        (asyncpg.InterfaceError("pool is closed"), True),
        (asyncpg.exceptions._base.DataError("invalid input for query argument"), False),
        (asyncpg.UniqueViolationError("twice"), False),
        (asyncpg.PostgresSyntaxError("select from"), False),
        (ValueError(), False),
        (RuntimeError(), False),
        (ExceptionGroup("both", [TimeoutError(), KafkaConnectionError()]), True),
        (ExceptionGroup("one of them", [TimeoutError(), KeyError()]), False),
    ],
    ids=repr,
)
def test_which_errors_are_waited_for(error: Exception, passes: bool):
    """Those of the condition of Kafka and PostgreSQL are; those of a message, of a value or of the code are not."""
    assert expected(error) == passes
