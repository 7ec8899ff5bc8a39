"""The one way in which a service keeps what must run as long as it does.

A task begins again after an error that passes by itself (Kafka or PostgreSQL is away) or that an operator mends (the
login is refused, a migration is missing). Any other error, or a task that returns, ends the process: beginning again
would hide a fault, and whoever runs the process starts it anew.
"""

import asyncio
import contextlib
import time
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple

import structlog
from prometheus_client import CollectorRegistry, Counter

from shared.kit import broker, database
from shared.kit.health import Ended, Health
from shared.kit.telemetry import expose
from shared.kit.trouble import PassingError, Trouble, wording

log = structlog.get_logger()

WELL_SECONDS = 30.0
"""What ran for so long had begun well: its next error is told of anew, and followed by a short pause."""


class EndedError(Exception):
    """A task that must run as long as the service does returned, or was cancelled by something within it."""


class Task(NamedTuple):
    """What to keep running; ``part`` is its part in health; ``tell`` quotes errors, as far as they may be shown."""

    name: str
    work: Callable[[], Awaitable[None]]
    part: str
    tell: Callable[[BaseException], str] = wording


def expected(error: BaseException) -> bool:
    """Whether waiting and beginning again is the answer to an error; of a group, to each in it."""
    if isinstance(error, BaseExceptionGroup):
        return all(expected(one) for one in error.exceptions)
    return isinstance(error, PassingError) or database.expected(error) or broker.expected(error)


class Supervisor:
    """Keeps the tasks of one process."""

    def __init__(self, health: Health, registry: CollectorRegistry) -> None:
        """Restarts are counted, and the parts of ``health`` shown, in ``registry``."""
        self.health = health
        self._restarts = Counter(
            "stadga_task_restarts_total", "Times a task began again after an error.", ["task"], registry=registry
        )
        expose(health, registry)

    @contextlib.asynccontextmanager
    async def running(self, *tasks: Task, seconds: float | None = None) -> AsyncIterator[None]:
        """Keep tasks until the block ends; then cancel them; wait (at most ``seconds``) until they have tidied up."""
        kept = [asyncio.create_task(self._watch(task), name=task.name) for task in tasks]
        try:
            yield
        finally:
            for one in kept:
                one.cancel()
            if kept:
                await asyncio.wait(kept, timeout=seconds)

    async def together(self, *tasks: Task) -> None:
        """Keep tasks until cancelled."""
        async with self.running(*tasks):
            await asyncio.get_running_loop().create_future()

    async def _watch(self, task: Task) -> None:
        """Whatever ends a task is told, unless it was told to end."""
        try:
            await self._keep(task)
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current and current.cancelling():
                raise
            self._end(task, EndedError("cancelled from within"))
        except BaseException as error:  # noqa: BLE001  (nothing may end a task unseen)
            self._end(task, error)

    async def _keep(self, task: Task) -> None:
        trouble, restarts = Trouble(task.name), self._restarts.labels(task.name)
        while True:
            began = time.monotonic()
            try:
                await task.work()
            except Exception as error:
                if not expected(error):
                    raise
                if time.monotonic() - began >= WELL_SECONDS:
                    trouble.over()
                self.health.bad(task.part, task.tell(error))
                restarts.inc()
                await trouble.pause(task.tell(error))
            else:
                raise EndedError("it returned")

    def _end(self, task: Task, error: BaseException) -> None:
        """Say so. The lines of code are shown, the error's own words only as ``tell`` has them."""
        reason, at = task.tell(error), "".join(traceback.format_tb(error.__traceback__))
        log.critical("a task has ended; the process ends", task=task.name, reason=reason, at=at)
        self.health.bad(task.part, reason)
        self.health.end(Ended(task.name, reason))
