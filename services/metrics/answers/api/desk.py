"""What every route answers from: the ledger in one state, the clock, and the service's own window."""

import contextlib
from collections.abc import AsyncIterator, Callable, Collection

import asyncpg
from litestar.exceptions import ServiceUnavailableException, ValidationException

from services.metrics.answers.api.lanes import Lane, TooLateException
from services.metrics.answers.history import CHEAP, TooDearError, View
from services.metrics.answers.register import Register
from services.metrics.domain.sources.freshness import Staleness
from services.metrics.domain.sums.windows import WindowLength
from services.metrics.ledger.forgotten import ForgottenError
from services.metrics.ledger.rules import RulesError
from services.metrics.ledger.telling import OutdatedError
from shared.access.rights import Sight
from shared.contracts.metrics import ALL
from shared.contracts.problems import Fault
from shared.kit.access.guard import inside
from shared.kit.clock import Clock
from shared.kit.database import TRANSIENT
from shared.kit.problems import refuse

CONNECTIONS = 6
"""Of the questions' own pool: one for each that is answered or weighed at once, and one that loads sums."""

CHEAP_AT_ONCE, DEAR_AT_ONCE = 3, 1
CHEAP_SECONDS, DEAR_SECONDS = 20.0, 60.0


class Desk:
    """``pool`` gives None until the database is there.

    ``window_days`` and ``norm`` (of case points) are those of what is published; ``register`` is what is remembered.
    ``delivery_seconds`` is how long a delivery is waited for.
    """

    def __init__(
        self,
        pool: Callable[[], asyncpg.Pool | None],
        clock: Clock,
        window_days: WindowLength,
        norm: float,
        register: Register,
        delivery_seconds: float,
        stale: Callable[[], Staleness] = Staleness,
    ) -> None:
        """Nobody has asked yet; ``stale`` is what late sources leave stale."""
        self.stale = stale
        self._pool, self.clock, self.window_days, self.norm, self.register = pool, clock, window_days, norm, register
        self.delivery_seconds = delivery_seconds
        self._cheap = Lane("cheap", CHEAP_AT_ONCE, 200, CHEAP_SECONDS)
        self._scales = Lane("new", 1, 1_000, CHEAP_SECONDS)
        self._dear = Lane("dear", DEAR_AT_ONCE, 8, DEAR_SECONDS)

    @contextlib.asynccontextmanager
    async def ledger(self, cost: Callable[[Register], int]) -> AsyncIterator[View]:
        """The ledger, for a question of some cost; refuses what costs too much, answers 503 while there is no turn."""
        if (pool := self._pool()) is None:
            raise ServiceUnavailableException("the database is not there yet")
        try:
            weight = await self._weigh(pool, cost)
            async with (self._cheap if weight <= CHEAP else self._dear).turn(weight) as turn:
                yield View(pool, self.register, turn.apart)
        except TooDearError as error:
            raise ValidationException(str(error)) from None
        except ForgottenError as error:
            refuse(Fault(reason="forgotten", path=f"query.{error.asked}", detail=str(error)))
        except asyncpg.QueryCanceledError as error:
            raise TooLateException("the database took too long: ask for less") from error
        except TRANSIENT as error:
            raise ServiceUnavailableException("the database is away") from error
        except OutdatedError:
            raise ServiceUnavailableException("values changed while they were read: ask again") from None
        except RulesError as error:
            raise ServiceUnavailableException(str(error)) from error

    def inside(self, sight: Sight, unit: str) -> None:
        """Refuse a unit outside the caller's own, as the tree is today; for once the ledger was looked at."""
        if not sight.everything:
            inside(sight, unit, self.register.trees.on(self.clock.today().toordinal()).path(unit))

    def own(self, sight: Sight, units: Collection[str]) -> Collection[str]:
        """Those of some units that are the caller's own; all units are somebody's of everybody."""
        tree = self.register.trees.on(self.clock.today().toordinal())
        return [unit for unit in units if unit == ALL or sight.sees(tree.path(unit))]

    async def _weigh(self, pool: asyncpg.Pool, cost: Callable[[Register], int]) -> int:
        """What a question costs, by the cells and units that are known."""
        async with self._scales.turn() as turn:
            if not self.register.version:
                async with View(pool, self.register, turn.apart).state() as connection:
                    await self.register.look(connection)
            return await turn.apart(cost, self.register)
