"""``POST /v1/persons/pseudonym``: what a person is called behind ingest, for whoever may ask what is known of them."""

from collections.abc import Callable
from datetime import datetime

import structlog
from litestar import post
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from services.ingest.domain.pseudonym import Pseudonyms
from shared.access.needs import NEED, PERSONS
from shared.access.rights import Caller
from shared.contracts.erasings import Pseudonym, Reference

log = structlog.get_logger()


def route(pseudonym: Pseudonyms, now: Callable[[], datetime]) -> HTTPRouteHandler:
    """The handler. The reference is in the body, which nothing logs; who asked is."""

    @post(
        "/v1/persons/pseudonym", opt={NEED: PERSONS}, status_code=200, summary="What a person is called behind ingest"
    )
    async def pseudonym_of_person(data: JSONBody[Reference], caller: NamedDependency[Caller]) -> Pseudonym:
        log.info("a pseudonym is asked for", by=caller.name)
        return Pseudonym(pseudonym(data.ref, now().year))

    return pseudonym_of_person
