"""What every route answers from: the ledger in one state, the clock, and the service's own window."""

import contextlib
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

import asyncpg
from litestar.exceptions import ServiceUnavailableException

from services.metrics.history import View
from services.metrics.register import Register
from services.metrics.rules import RulesError
from shared.kit.clock import Clock
from shared.kit.database import TRANSIENT


class Desk(NamedTuple):
    """``pool`` gives None until the database is there.

    ``window_days`` and ``norm`` (of case points) are those of what is published; ``register`` is what is remembered.
    """

    pool: Callable[[], asyncpg.Pool | None]
    clock: Clock
    window_days: int
    norm: float
    register: Register

    @contextlib.asynccontextmanager
    async def ledger(self) -> AsyncIterator[View]:
        """The ledger; answers 503 while the database is away."""
        if (pool := self.pool()) is None:
            raise ServiceUnavailableException("the database is not there yet")
        try:
            yield View(pool, self.register)
        except TRANSIENT as error:
            raise ServiceUnavailableException("the database is away") from error
        except RulesError as error:
            raise ServiceUnavailableException(str(error)) from error
