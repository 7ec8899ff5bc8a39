"""``/signin`` and ``/signout``: to the identity provider and back, and what it tells of who signed out there."""

import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated

import structlog
from litestar import MediaType, Request, Response, get, post
from litestar.datastructures import Cookie, State
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter

from services.alerts.api.door import Pool, connected
from services.alerts.api.session import ATTEMPT_SECONDS, Sessions
from services.alerts.repository import sessions as table
from services.alerts.signin.attempt import HOME, begun, resumed
from services.alerts.signin.claims import LEEWAY_SECONDS, RefusedError
from services.alerts.signin.provider import AwayError, Provider
from shared.access.needs import NEED, OPEN
from shared.kit.access.attempts import Attempts, address_of

log = structlog.get_logger()

AWAY = (
    "Inloggningen svarar inte just nu. Den som redan är inloggad kan fortsätta; försök annars om en stund.",
    "The identity provider does not answer. Whoever is signed in can go on; otherwise try again in a while.",
)
AGAIN = (
    "Inloggningen kunde inte slutföras. Börja om från den sida du ville se.",
    "Signing in could not be completed. Begin again from the page that you wanted to see.",
)

Asked = Request[None, None, State]
Parameter = Annotated[str, QueryParameter(description="as the identity provider sends it")]


class SignIn:
    """What the routes answer from; ``claim`` is the one that names somebody's groups."""

    def __init__(
        self, provider: Provider, sessions: Sessions, pool: Pool, attempts: Attempts, claim: Callable[[], str]
    ) -> None:
        """``attempts``: who was turned away lately."""
        self.provider, self.sessions, self.pool = provider, sessions, pool
        self.attempts, self.claim = attempts, claim

    async def to_provider(self, back: str) -> Response[str]:
        """Send the browser there, with the attempt in a cookie."""
        attempt = begun(back)
        try:
            address = await self.provider.sign_in_at(attempt)
        except AwayError as error:
            return _away(error)
        cookie = self.sessions.cookies.set(self.sessions.cookies.attempt, attempt.cookie, ATTEMPT_SECONDS)
        return _to(address, cookie)

    async def back(self, request: Asked, code: str, state: str) -> Response[str]:
        """Sign in whoever the provider says it is; anything that does not fit is refused."""
        cookies = self.sessions.cookies
        attempt = resumed(request.cookies.get(cookies.attempt, ""))
        try:
            if attempt is None or not hmac.compare_digest(attempt.state.encode(), state.encode()):
                raise RefusedError("the state is of another browser, or of no attempt")  # noqa: TRY301
            person = await self.provider.signed_in(code, attempt, self.claim())
        except AwayError as error:
            return _away(error)
        except RefusedError as error:
            self.attempts.failed(address_of(request), f"signing in: {error}")
            return _said(AGAIN, HTTPStatus.UNAUTHORIZED)
        async with connected(self.pool) as connection:
            session = await self.sessions.begin(connection, request, person)
        return _to(self.sessions.led_to(person, attempt.back), session, cookies.gone(cookies.attempt))

    async def out(self, request: Asked) -> Response[str]:
        """Sign out here, and go on to do so at the provider."""
        cookies = self.sessions.cookies
        if request.cookies.get(cookies.session):
            await self.sessions.check(request)
            await self.sessions.end(request)
        return _to(await self.provider.sign_out_at() or HOME, cookies.gone(cookies.session))

    async def ended(self, request: Asked, token: str) -> Response[str]:
        """The provider tells who signed out there; a told session that began later stays."""
        try:
            told = await self.provider.signed_out(token)
        except AwayError as error:
            return _away(error)
        except RefusedError as error:
            self.attempts.failed(address_of(request), f"signing out: {error}")
            return _said(("Okänt.", "Unknown."), HTTPStatus.BAD_REQUEST)
        until = datetime.fromtimestamp(told.at + LEEWAY_SECONDS, UTC)
        async with connected(self.pool) as connection:
            await table.end_of(connection, told.subject, told.session, until)
        return Response("", status_code=HTTPStatus.OK)


def routes(signing: SignIn) -> list[HTTPRouteHandler]:
    """The handlers: open to all, since whoever comes has not signed in yet."""
    open_ = {NEED: OPEN}

    @get("/signin", opt=open_, include_in_schema=False)
    async def sign_in(back: Parameter = HOME) -> Response[str]:
        return await signing.to_provider(back)

    @get("/signin/callback", opt=open_, include_in_schema=False)
    async def callback(
        request: Asked, code: Parameter = "", given: Annotated[str, QueryParameter(name="state")] = ""
    ) -> Response[str]:
        return await signing.back(request, code, given)

    @post("/signin/ended", opt=open_, include_in_schema=False)
    async def ended(request: Asked) -> Response[str]:
        token = (await request.form()).get("logout_token")
        return await signing.ended(request, token if isinstance(token, str) else "")

    @post("/signout", opt=open_, include_in_schema=False)
    async def sign_out(request: Asked) -> Response[str]:
        return await signing.out(request)

    return [sign_in, callback, ended, sign_out]


def _to(address: str, *cookies: Cookie) -> Response[str]:
    """Redirect, with GET."""
    headers = {"Location": address}
    return Response("", status_code=HTTPStatus.SEE_OTHER, headers=headers, cookies=cookies)


def _away(error: AwayError) -> Response[str]:
    log.warning("the identity provider is away", reason=str(error))
    return _said(AWAY, HTTPStatus.SERVICE_UNAVAILABLE)


def _said(words: tuple[str, str], status: HTTPStatus) -> Response[str]:
    """In Swedish and English, as plain text."""
    return Response("\n\n".join(words) + "\n", status_code=status, media_type=MediaType.TEXT)
