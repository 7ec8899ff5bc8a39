"""Who is signed in to a request, what a form must bring along, and what its answer sets in the browser."""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlsplit

import asyncpg
from litestar import Request
from litestar.datastructures import Cookie

from services.alerts.api.door import Pool, connected
from services.alerts.repository import sessions
from services.alerts.signin.attempt import AUDITS, HOME
from services.alerts.signin.claims import Person
from shared.access.needs import AUDIT, READ_ALERTS
from shared.access.policy import Policy
from shared.access.rights import Caller
from shared.contracts.tenants import ALONE, Tenant
from shared.kit.access.guard import ElsewhereError
from shared.kit.clock import Clock

AnyRequest = Request[Any, Any, Any]
READS = frozenset({"GET", "HEAD"})
FIELD, HEADER = "csrf", "x-csrf-token"
"""Where a form, or a script, says that it was made by a page of this service."""
ATTEMPT_SECONDS = 600


class Cookies:
    """The cookies of a service at one address; over https no other host or path can set them."""

    def __init__(self, address: str, tenant: Tenant = ALONE) -> None:
        """``address``: where people reach it; browsers do not keep cookies apart by port, so their names tell whose."""
        self.secure = urlsplit(address).scheme == "https"
        prefix = "__Host-" if self.secure else ""
        named = f"{prefix}{tenant.prefixed('stadga')}"
        self.session, self.attempt = named, f"{named}-signin"

    def set(self, name: str, value: str, seconds: int | None = None) -> Cookie:
        """A cookie that scripts cannot read, and that other sites' forms do not bring; None: until the browser ends."""
        return Cookie(name, "/", value, seconds, None, None, self.secure, True, "lax")

    def gone(self, name: str) -> Cookie:
        """The same, taken away."""
        return self.set(name, "", 0)


class Sessions:
    """Knows who is signed in. Whoever asks with a cookie and changes something must come from a page of ours."""

    def __init__(
        self,
        pool: Pool,
        policy: Callable[[], Policy],
        clock: Clock,
        address: str,
        provider: str = "",
        tenant: Tenant = ALONE,
    ) -> None:
        """``policy`` is what holds now: what a group gives changes for whoever is signed in as well.

        ``provider`` is the origin of the identity provider, which signing out leads to.
        """
        self.leads_to = provider
        self._pool, self._policy, self._clock = pool, policy, clock
        self._origin = address
        self.cookies = Cookies(address, tenant)

    async def caller(self, request: AnyRequest) -> Caller | None:
        """Who is signed in; raises PermissionDeniedException for a change that another site may have made."""
        cookie = request.cookies.get(self.cookies.session)
        if not cookie:
            return None
        async with connected(self._pool) as connection:
            found = await sessions.find(connection, _digest(cookie), self._clock.now())
        if found is None:
            return None
        if request.method not in READS:
            await self.check(request)
        return Caller(found.name, found.subject, self._policy().rights(found.groups), "session")

    def way_in(self, request: AnyRequest) -> str | None:
        """Where somebody who reads in a browser signs in first; None for all others."""
        if request.method not in READS or "text/html" not in request.headers.get("accept", ""):
            return None
        query = request.scope["query_string"].decode("latin-1")
        back = f"{request.url.path}?{query}" if query else request.url.path
        return f"/signin?back={quote(back, safe='')}"

    def csrf(self, request: AnyRequest) -> str:
        """What a form of a page carries in the field ``csrf``; empty for who comes without a cookie."""
        cookie = request.cookies.get(self.cookies.session)
        return _token(cookie) if cookie else ""

    async def check(self, request: AnyRequest) -> None:
        """Raise PermissionDeniedException unless the request carries what a page of this session was given."""
        given = request.headers.get(HEADER) or await _field(request)
        origin = request.headers.get("origin")
        if origin not in {None, self._origin} or not hmac.compare_digest(given.encode(), self.csrf(request).encode()):
            raise ElsewhereError("the form is not of this session: load the page again")

    async def begin(self, connection: asyncpg.Connection, request: AnyRequest, person: Person) -> Cookie:
        """Sign somebody in, under a name that nobody knew before; whoever was signed in here is no more."""
        if before := request.cookies.get(self.cookies.session):
            await sessions.end(connection, _digest(before))
        cookie = secrets.token_urlsafe(32)
        await sessions.add(connection, _digest(cookie), person, self._clock.now())
        return self.cookies.set(self.cookies.session, cookie)

    def led_to(self, person: Person, back: str) -> str:
        """Where somebody who has signed in is led: home is another place for who only audits."""
        rights = Caller(person.name, person.subject, self._policy().rights(person.groups), "session")
        audits = rights.may(AUDIT) and not rights.may(READ_ALERTS)
        return AUDITS if audits and back.rstrip("/") == HOME else back

    async def end(self, request: AnyRequest) -> None:
        """Sign out."""
        if cookie := request.cookies.get(self.cookies.session):
            async with connected(self._pool) as connection:
                await sessions.end(connection, _digest(cookie))


async def _field(request: AnyRequest) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return ""
    found = (await request.form()).get(FIELD)
    return found if isinstance(found, str) else ""


def _digest(cookie: str) -> bytes:
    return hashlib.sha256(cookie.encode()).digest()


def _token(cookie: str) -> str:
    """Made of the cookie, which another site's page does not know; not the cookie itself."""
    return hmac.digest(cookie.encode(), FIELD.encode(), "sha256").hex()
