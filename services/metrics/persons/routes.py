"""``/v1/persons``: what is known of a person, and erasing it. Persons are in bodies alone, never in an address."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

import asyncpg
from litestar import get, post
from litestar.di import NamedDependency
from litestar.exceptions import HTTPException, NotFoundException, ServiceUnavailableException
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from services.metrics.ledger import erasings
from services.metrics.ledger.rules import RemakingError, RulesError
from services.metrics.persons import knowing
from services.metrics.persons.erasing import EmployedError, Order, UnknownError
from shared.access.needs import NEED, PERSONS
from shared.access.rights import Caller
from shared.contracts.erasings import Erasing, Erasings, Known, OfPerson, ToErase
from shared.kit.answers import answered
from shared.kit.clock import Clock

OPTIONS = {NEED: PERSONS}
CONFLICT = 409

Erase = Callable[[asyncpg.Pool, Order], Awaitable[Erasing]]


class Desk(NamedTuple):
    """``pool`` gives None until the database is there."""

    pool: Callable[[], asyncpg.Pool | None]
    clock: Clock
    erase: Erase

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[asyncpg.Pool]:
        """The database; answers 503 while it is away, or the ledger is counted anew."""
        if (pool := self.pool()) is None:
            raise ServiceUnavailableException("the database is not there yet")
        try:
            with answered():
                yield pool
        except (RulesError, RemakingError) as error:
            raise ServiceUnavailableException(str(error)) from error


def routes(desk: Desk) -> list[HTTPRouteHandler]:
    """The handlers."""

    @post("/v1/persons/known", opt=OPTIONS, status_code=200, summary="What is known of a person")
    async def known_of_person(data: JSONBody[OfPerson]) -> Known:
        async with desk.opened() as pool:
            return await knowing.known(pool, data.person, desk.clock.today())

    @post("/v1/persons/erasings", opt=OPTIONS, status_code=202, summary="Erase persons; their sums stay")
    async def erase_persons(data: JSONBody[ToErase], caller: NamedDependency[Caller]) -> Erasing:
        order = Order(data.persons, data.why, caller.name, desk.clock.now(), desk.clock.today())
        async with desk.opened() as pool:
            try:
                return await desk.erase(pool, order)
            except EmployedError as error:
                raise HTTPException(error.said("en"), status_code=CONFLICT) from None
            except UnknownError as error:
                raise NotFoundException(error.said("en")) from None

    @get("/v1/persons/erasings", opt=OPTIONS, summary="Which erasings there were, and whether they are done")
    async def list_erasings() -> Erasings:
        async with desk.opened() as pool, pool.acquire() as connection:
            return Erasings(await erasings.listed(connection))

    return [known_of_person, erase_persons, list_erasings]
