"""What an operator may order over HTTP: an older text of a plan to run, mails that failed to be sent again."""

from collections.abc import Awaitable, Callable
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.exceptions import NotFoundException, ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody, QueryParameter

from services.alerts.api.door import Pool, connected
from services.alerts.domain.plan.reading import PlanRefused
from services.alerts.repository import bounces, mails
from services.alerts.repository.bounces import StoppedAddress
from services.alerts.repository.mails import MailRow, State
from shared.access.needs import NEED, OPERATE
from shared.kit.clock import Clock

MOST = 1_000
OPTIONS = {NEED: OPERATE}

Adopt = Callable[[str, str], Awaitable[int | None]]
"""Lets the text of a digest run as a plan: its version, None if no file or history has it; raises PlanRefused."""


class Text(msgspec.Struct):
    """Which text of a plan: the SHA-256 of its bytes, in hexadecimal."""

    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


class Adopted(msgspec.Struct):
    """The version that runs."""

    plan: str
    version: int


class Mails(msgspec.Struct):
    """Mails in one state, the latest first."""

    mails: list[MailRow]


class Again(msgspec.Struct):
    """Which failed mails to send again; None: all of them. A notice that a webhook took may be among them."""

    ids: list[str] | None = None


class RetriedMails(msgspec.Struct):
    """How many mails wait to be sent again."""

    mails: int


class Stopped(msgspec.Struct):
    """Recipients that nothing is sent to since a mail bounced for good, the longest first; never their addresses."""

    recipients: list[StoppedAddress]


class Who(msgspec.Struct):
    """A recipient, as plans call them."""

    recipient: str


class Resumed(msgspec.Struct):
    """How many addresses are sent to again."""

    addresses: int


def routes(pool: Pool, adopt: Adopt, clock: Clock) -> list[HTTPRouteHandler]:
    """The handlers. Orders are JSON: a page in a browser cannot give them without being asked first."""

    @post("/v1/plans/{plan:str}/adopt", opt=OPTIONS, summary="Let an older text of a plan run", status_code=200)
    async def adopted(plan: FromPath[str], data: JSONBody[Text]) -> Adopted:
        """Of a file in the folder, or of an earlier version; any other text is put in the folder first."""
        try:
            async with connected(pool):
                version = await adopt(plan, data.sha256)
        except PlanRefused as refused:
            raise ValidationException(f"this text can't run: {refused}") from None
        if version is None:
            raise NotFoundException("neither a file in the folder of the plans nor an earlier version has that text")
        return Adopted(plan, version)

    @get("/v1/mails", opt=OPTIONS, summary="Mails that failed, or are in another state")
    async def listed(
        wanted: Annotated[State, QueryParameter(name="state", description="the state they are in")] = "failed",
        most: Annotated[int, QueryParameter(ge=1, le=MOST, description="how many at the most")] = 100,
    ) -> Mails:
        async with connected(pool) as connection:
            return Mails(await mails.load(connection, wanted, most))

    @post("/v1/mails/retry", opt=OPTIONS, summary="Send failed mails again", status_code=200)
    async def retried(data: JSONBody[Again]) -> RetriedMails:
        async with connected(pool) as connection:
            return RetriedMails(await mails.retry(connection, clock.now(), data.ids))

    @get("/v1/mails/stopped", opt=OPTIONS, summary="Recipients that nothing is sent to any more")
    async def stopped() -> Stopped:
        async with connected(pool) as connection:
            return Stopped(await bounces.stopped(connection))

    @post("/v1/mails/resume", opt=OPTIONS, summary="Send to a recipient again", status_code=200)
    async def resumed(data: JSONBody[Who]) -> Resumed:
        """What failed meanwhile stays so, and can be sent again by its id."""
        async with connected(pool) as connection:
            return Resumed(await bounces.resume(connection, data.recipient))

    return [adopted, listed, retried, stopped, resumed]
