"""What is true of every request and every answer: for whom a request is meant, where it ends, what browsers may do."""

import ipaddress
from collections.abc import Iterable
from http import HTTPStatus

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from shared.contracts.problems import MEDIA_TYPE, encoded, simple

HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]
"""Answers are data about people at work: read as nothing else, kept nowhere, shown in nobody else's page.

An answer that is a page, or a part of one, says for itself what a browser may do with it.
"""

_WHY = {
    HTTPStatus.BAD_REQUEST: "the request names no host or several, or does not say for sure where it ends",
    HTTPStatus.MISDIRECTED_REQUEST: "the request names a host that is not known here (STADGA_HOSTS)",
}

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Door:
    """In front of an application.

    A request must name a host that is known. A browser can be made to send requests here under any name (DNS
    rebinding), and would show the answers, of ``/metrics`` and ``/readyz`` too, to a stranger's page: no path is
    excepted. Probes name the address that they ask at, which is always known.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = ()) -> None:
        """``hosts`` are known beside loopback and the address at which a request arrives."""
        self._app = app
        self._hosts = LOOPBACK | {_name(host) for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on; mark each answer."""
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(one for one in HEADERS if one[0] not in said)]
            await send(message)

        if refusal := self._refusal(scope):
            await _refuse(refusal, marked)
        else:
            await self._app(scope, receive, marked)

    def _refusal(self, scope: Scope) -> HTTPStatus | None:
        named = [value for name, value in scope["headers"] if name == b"host"]
        framing = {name for name, _ in scope["headers"]} & {b"content-length", b"transfer-encoding"}
        if len(named) != 1 or len(framing) > 1:
            return HTTPStatus.BAD_REQUEST
        arrived = scope["server"]
        known = self._hosts | {_name(arrived[0])} if arrived else self._hosts
        return None if _name(_without_port(named[0].decode("latin-1"))) in known else HTTPStatus.MISDIRECTED_REQUEST


def _without_port(host: str) -> str:
    return host.partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def _name(host: str) -> str:
    """One spelling for each host."""
    host = host.strip().strip("[]").rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return host


async def _refuse(status: HTTPStatus, send: Send) -> None:
    """Answer, and close: where the next request would begin is not sure."""
    body, kind = encoded(simple(status, _WHY[status])), MEDIA_TYPE.encode()
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
