"""Does it answer? Each check really speaks to the part, and raises ``Unanswered`` with the reason if it cannot."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterator
from urllib.parse import urlsplit

import aiosmtplib
import asyncpg
import httpx
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from cli.local.stack.errors import Unanswered
from shared.kit import hosts
from shared.kit.cluster import way_to

Check = Callable[[str], Awaitable[None]]
PATIENCE = 5
"""Seconds within which a healthy part answers."""


async def kafka(servers: str) -> None:
    """At least one of the ``host:port,…`` belongs to a cluster with a broker."""
    with _reasons():
        await _connect(servers.split(",", maxsplit=1)[0])
    admin = AIOKafkaAdminClient(**way_to(servers), request_timeout_ms=PATIENCE * 1000)
    try:
        with _reasons():
            await admin.start()
            await admin.describe_cluster()
    finally:
        await admin.close()


async def postgres(url: str) -> None:
    """The server lets us in and runs a query."""
    with _reasons():
        connection = await hosts.connect(url, timeout=PATIENCE)
        try:
            await connection.fetchval("select 1", timeout=PATIENCE)
        finally:
            connection.terminate()


async def smtp(url: str) -> None:
    """The server greets and answers NOOP."""
    parts = urlsplit(url)
    secure = parts.scheme == "smtps"
    client = aiosmtplib.SMTP(hostname=parts.hostname, port=parts.port, use_tls=secure, timeout=PATIENCE)
    with _reasons():
        async with client:
            await client.noop()


async def service(url: str) -> None:
    """Every part of the service works, as its /readyz says."""
    with _reasons():
        async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
            answer = await client.get(f"{url}/readyz")
    if answer.status_code != httpx.codes.OK:
        raise Unanswered(answer.text[:500])


async def _connect(address: str) -> None:
    """Tell a closed port at once: the Kafka client would log each of its attempts."""
    host, _, port = address.rpartition(":")
    async with asyncio.timeout(PATIENCE):
        _, writer = await asyncio.open_connection(host, int(port))
    writer.close()


@contextlib.contextmanager
def _reasons() -> Iterator[None]:
    try:
        yield
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, KafkaError) as error:
        raise Unanswered(_sentence(error)) from error
    except (aiosmtplib.SMTPException, httpx.HTTPError, ValueError) as error:
        raise Unanswered(_sentence(error)) from error


def _sentence(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
