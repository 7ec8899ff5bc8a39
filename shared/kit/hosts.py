"""The way to PostgreSQL: the hosts of an address in turn, over a connection that ends once the other side is gone.

asyncpg gives all hosts together one time to answer, so that a first one that is silent, as a machine that is gone is,
keeps us from the one that took over; and it waits for ever for an answer that never comes.
"""

import re
import socket
from typing import Any

import asyncpg

from shared.kit.trouble import wording

ADDRESS = re.compile(r"(?P<before>postgres(?:ql)?://(?:[^@/?]*@)?)(?P<hosts>[^/?]*)(?P<after>.*)", re.DOTALL)
NEXT = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.TargetServerAttributeNotMatched,
)
"""What says that another host may be the right one; a login that is refused is refused by all."""

SILENT_SECONDS = 20
NOTICES = {
    "TCP_KEEPIDLE": 10,
    "TCP_KEEPINTVL": 5,
    "TCP_KEEPCNT": 2,
    "TCP_USER_TIMEOUT": SILENT_SECONDS * 1_000,
}
"""How Linux notices that the other side is silent: whether we wait for it, or it has not taken what we sent."""


class NobodyError(ConnectionError):
    """None of several hosts can be used; the message has what each said."""


async def connect(url: str, *, timeout: float, **more: Any) -> asyncpg.Connection:  # noqa: ASYNC109, ANN401  (asyncpg's)
    """A connection to the first host of ``url`` that is as its ``target_session_attrs`` wants it.

    Each has ``timeout`` seconds. Raises NobodyError, or what the only host said.
    """
    hosts, said = each(url), list[str]()
    for host, address in hosts.items():
        try:
            connection = await asyncpg.connect(address, timeout=timeout, **more)
        except NEXT as error:
            if len(hosts) == 1:
                raise
            said.append(f"{host}: {wording(error)}")
        else:
            _notice_silence(connection)
            return connection
    raise NobodyError("; ".join(said))


def each(url: str) -> dict[str, str]:
    """The address of each host by itself."""
    found = ADDRESS.fullmatch(url)
    if found is None:
        return {"": url}
    return {host: f"{found['before']}{host}{found['after']}" for host in found["hosts"].split(",")}


def _notice_silence(connection: asyncpg.Connection) -> None:
    # asyncpg has no public way to its socket.
    ours = connection._transport.get_extra_info("socket")
    if ours is None or ours.family not in (socket.AF_INET, socket.AF_INET6):
        return
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in NOTICES.items():
        if hasattr(socket, name):
            ours.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
