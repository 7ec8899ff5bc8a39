"""The HTTP server of a real service against those who hold connections or leave open where a request ends."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from cli.local.stack import Stack
from shared.kit.connections import HEAD_SECONDS, MOST
from tests.conftest import here
from tests.integration.metering import Killable
from tests.polling import PATIENCE, until

HALF_OPEN = 2_000

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@pytest.fixture(scope="module")
async def port(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[int]:
    """An ingest without a broker, with as many files as systems commonly allow: it answers all the same."""
    stack = Stack(tmp_path_factory.mktemp("http"), here(KAFKA_BOOTSTRAP_SERVERS="127.0.0.1:9"), leashed=True)
    service = Killable(stack, "ingest")
    await service.start()
    service.allow_files(1024)
    number = int(service.service.url.rpartition(":")[2])
    try:
        await until(lambda: alive(number), "ingest to answer")
        yield number
    finally:
        service.kill()
        await service.ended()


async def alive(port: int) -> bool:
    """Whether health answers on a connection of its own."""
    try:
        return (await asked(port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")).startswith(
            b"HTTP/1.1 200"
        )
    except OSError:
        return False


async def asked(port: int, request: bytes) -> bytes:
    """Bytes in, and what comes back until the connection is closed, or cut because more is sent than is read."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        return await asyncio.wait_for(reader.read(), PATIENCE)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


@asynccontextmanager
async def held(port: int, begun: bytes, number: int) -> AsyncIterator[Sequence[Streams]]:
    """Connections that begin a request and do not end it."""
    streams: list[Streams] = []
    try:
        for _ in range(number):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(begun)
            streams.append((reader, writer))
        yield streams
    finally:
        for _, writer in streams:
            writer.transport.abort()


HALF_A_BODY = (
    b"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer local\r\n"
    b"Content-Type: application/cloudevents+json\r\nContent-Length: 99\r\n\r\n{"
)


@pytest.mark.parametrize(
    "begun",
    [b"", b"GET /healthz HTTP/1.1\r\nHost: loc", HALF_A_BODY],
    ids=["nothing", "half a head", "half a body"],
)
async def test_thousands_of_half_open_connections(port: int, begun: bytes):
    """Health answers beside them; the oldest of them are closed."""
    async with held(port, begun, HALF_OPEN) as streams:
        assert await alive(port)
        oldest = streams[: HALF_OPEN - MOST]
        await until(lambda: all(reader.at_eof() or reader.exception() for reader, _ in oldest), "the oldest are closed")


async def test_head_that_comes_drop_by_drop(port: int):
    """A byte now and then does not keep a connection: a whole head has its time."""
    async with held(port, b"GET /healthz HTTP/1.1\r\n", 1) as [(reader, writer)]:
        began = time.monotonic()

        async def closed() -> bool:
            writer.write(b"x")
            return reader.at_eof() or reader.exception() is not None

        await until(closed, "the connection is closed")
        assert time.monotonic() - began > HEAD_SECONDS / 2


HIDDEN = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 4\r\nContent-Length: 5\r\n",
        b"Content-Length: 4, 5\r\n",
        b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Content-Length: +4\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length : 4\r\n",
        b"Host: localhost\r\n",
        b"X-Fold: a\r\n\r\tb: c\r\n",
    ],
)
async def test_request_whose_end_is_not_sure(port: int, framing: bytes):
    """Two lengths, chunks beside a length and the like are refused, and what follows is not taken for a request."""
    request = b"POST /v1/events HTTP/1.1\r\nHost: localhost\r\n" + framing + b"\r\n0\r\n\r\n" + HIDDEN
    answer = await asked(port, request)
    assert answer.split(b" ")[1] in {b"400", b"501"}
    assert answer.count(b"HTTP/1.1 ") == 1
    assert b"content-type: application/problem+json" in answer.lower() or answer.startswith(b"HTTP/1.1 501")


@pytest.mark.parametrize("head", [b"X-Long: " + b"a" * 200_000, b"X-Many: a\r\n" * 50_000], ids=["long", "many"])
async def test_head_without_end(port: int, head: bytes):
    """A head that is too large is refused, and the service goes on."""
    answer = await asked(port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n" + head)
    assert not answer or answer.startswith(b"HTTP/1.1 400")
    assert await alive(port)


async def test_browser_that_was_led_here(port: int):
    """Under another name nothing is answered, not even metrics."""
    for path in (b"/metrics", b"/readyz", b"/schema", b"/v1/events"):
        answer = await asked(port, b"GET " + path + b" HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 421")
