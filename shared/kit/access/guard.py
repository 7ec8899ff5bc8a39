"""The guard of every route: who asks, and whether what the route needs is among the caller's rights."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Protocol
from urllib.parse import urlsplit

import structlog
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.di import Provide
from litestar.exceptions import HTTPException, NotAuthorizedException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler
from litestar.types import Message, Scope

from shared.access.needs import NEED, OPEN, SCRAPE
from shared.access.rights import LOCAL, Caller, Need, Sight
from shared.access.tokens import caller
from shared.contracts.tenants import ALONE, HEADER, Tenant
from shared.kit.access import behalf
from shared.kit.access.attempts import Attempts, address_of
from shared.kit.access.journal import Journal
from shared.kit.access.looked import looked
from shared.kit.access.tokens import Tokens
from shared.kit.settings import Settings, SettingsError

log = structlog.get_logger()

BEARER = "bearer "
CALLER, SEEN, FORM = "caller", "need", "form"
"""Where a request keeps who asks, what was needed, and what a form of its answer carries and where it may lead."""
_HERE = re.compile(r"127(\.\d+){3}|::1|localhost")
_HOW = "docs/operations.md, Who may what"

AnyRequest = Request[Any, Any, Any]
READS = frozenset({"GET", "HEAD"})


class ElsewhereError(PermissionDeniedException):
    """A form was sent from a page that is not ours."""


class SignedIn(Protocol):
    """Who is signed in, of a service that people sign in to."""

    async def caller(self, request: AnyRequest) -> Caller | None:
        """By the cookie of a request; None if nobody is; raises PermissionDeniedException for a forged form."""

    leads_to: str
    """Where else than here a form may lead: to signing out at the identity provider."""

    def csrf(self, request: AnyRequest) -> str:
        """What a form of a page carries in the field ``csrf``."""

    def way_in(self, request: AnyRequest) -> str | None:
        """Where somebody who reads in a browser signs in first; None for all others."""


class Guard:
    """Looks at each request before its handler. Without tokens and sessions whoever asks is ``local``."""

    def __init__(self, tokens: Tokens | None = None, signed_in: SignedIn | None = None, tenant: Tenant = ALONE) -> None:
        """``signed_in`` is of a service that people sign in to. ``journal`` is set by a service that keeps one.

        Who says that they mean the service of another ``tenant`` is turned away.
        """
        self._tokens, self._signed_in, self._tenant = tokens, signed_in, tenant
        self.journal: Journal | None = None
        self.attempts = Attempts()

    async def look(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """Raise NotAuthorizedException or PermissionDeniedException; what declares no need is refused.

        HTTPException 421 is for who means another tenant's service.
        """
        if not self._tenant.takes(connection.headers.get(HEADER)):
            raise HTTPException(f"{HEADER}: this is the service of another", status_code=HTTPStatus.MISDIRECTED_REQUEST)
        need = handler.opt.get(NEED)
        if not isinstance(need, Need):
            raise PermissionDeniedException("this route says nothing of who may ask")
        if need == OPEN or need.by_itself:
            return
        if self.journal:
            self.journal.open()
        asks = await self._who(connection)  # type: ignore[arg-type]  # of HTTP, which is all there is
        connection.scope["state"][CALLER], connection.scope["state"][SEEN] = asks, need
        if not asks.may(need):
            raise PermissionDeniedException(f"this needs one of {', '.join(sorted(need.rights))}")

    async def noted(self, message: Message, scope: Scope) -> None:
        """Before an answer begins: note who gets it, once the guard has found that out; a scrape is of everything."""
        state = scope.get("state") or {}
        need = state.get(SEEN)
        if self.journal and message["type"] == "http.response.start" and need and need != SCRAPE:
            self.journal.note(looked(scope, state[CALLER], message["status"]))

    async def _who(self, request: AnyRequest) -> Caller:
        if not (self._tokens or self._signed_in):
            _from_here(request)
            return LOCAL
        given = request.headers.get("authorization", "")
        if given.lower().startswith(BEARER):
            return self._by_token(request, given[len(BEARER) :].strip())
        if self._signed_in:
            if person := await self._signed_in.caller(request):
                request.scope["state"][FORM] = self._signed_in.csrf(request), self._signed_in.leads_to
                return person
            if way := self._signed_in.way_in(request):
                raise HTTPException(status_code=HTTPStatus.SEE_OTHER, detail="sign in first", headers={"Location": way})
        raise NotAuthorizedException("send the header Authorization: Bearer TOKEN", headers=_CHALLENGE)

    def _by_token(self, request: AnyRequest, token: str) -> Caller:
        held = self._tokens.held(token) if self._tokens else ()
        if not held:
            self.attempts.failed(address_of(request), "an unknown token")
            raise NotAuthorizedException("this token is not known", headers=_CHALLENGE)
        machine = caller(held)
        person = request.headers.get(behalf.HEADER)
        if person is None:
            return machine
        if "delegate" not in machine.rights:
            raise PermissionDeniedException("asking on behalf of a person needs the scope delegate")
        return behalf.believed(person)


def _from_here(request: AnyRequest) -> None:
    """Another site's page can make a browser send a form to this machine: it says where the page is from."""
    origin = request.headers.get("origin")
    if request.method not in READS and origin and urlsplit(origin).netloc != request.headers.get("host"):
        raise ElsewhereError("this was sent by the page of another site")


_CHALLENGE = {"WWW-Authenticate": "Bearer"}


def who(request: AnyRequest) -> Caller:
    """Who asks, once the guard has looked."""
    found: Caller = request.scope["state"][CALLER]
    return found


def known(request: AnyRequest) -> Caller | None:
    """Who asks; None where the guard did not ask, or found nobody."""
    found: Caller | None = request.scope["state"].get(CALLER)
    return found


def seen(request: AnyRequest) -> Sight:
    """The units that the caller may ask about here."""
    need: Need = request.scope["state"][SEEN]
    return who(request).sight(need)


def csrf(request: AnyRequest) -> str:
    """What a form of the page that is answered carries in the field ``csrf``; empty for who is not signed in."""
    return _form(request)[0]


def leads_to(request: AnyRequest) -> str:
    """The origin that a form of the page may lead to beside our own; empty: none."""
    return _form(request)[1]


def _form(request: AnyRequest) -> tuple[str, str]:
    found: tuple[str, str] = request.scope["state"].get(FORM, ("", ""))
    return found


PROVIDED = {"caller": Provide(who, sync_to_thread=False), "sight": Provide(seen, sync_to_thread=False)}
"""What a handler may have as a parameter of that name: who asks, and which units that is allowed for."""


def inside(sight: Sight, unit: str, path: Iterable[str]) -> None:
    """Raise PermissionDeniedException for a unit that is outside; ``path`` is the unit and its ancestors."""
    if not sight.sees(path):
        raise PermissionDeniedException(f"unit {unit!r} is outside your own units")


def local(settings: Settings, controlled: str) -> bool:
    """Whether whoever reaches the service is let in as ``local``; told at each start.

    ``controlled`` is any setting of access, empty without; raises SettingsError where strangers would be let in.
    """
    if controlled:
        return False
    if not _HERE.fullmatch(settings.stadga_host):
        raise SettingsError(
            f"STADGA_HOST={settings.stadga_host!r}: others reach this address, and nothing says who may what:"
            f" set STADGA_TOKENS_FILE ({_HOW}), or listen at 127.0.0.1"
        )
    log.warning("nothing says who may what: whoever reaches this machine's ports may do everything; for trials only")
    return True
