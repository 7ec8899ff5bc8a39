"""One request to a webhook: as much patience as it is told to have, and nothing kept of the answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from services.alerts.notifiers.webhook.exchange import client, post

PATIENCE = 60.0


class Answering:
    """Answers each request with 204 and a cookie, ``seconds`` after it has come; keeps the heads."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.seconds = seconds
        self.heads: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).lower())
        late = asyncio.Event()
        asyncio.get_running_loop().call_later(self.seconds, late.set)
        await late.wait()
        writer.write(b"HTTP/1.1 204 -\r\nset-cookie: seen=yes; path=/\r\n\r\n")
        writer.close()


@asynccontextmanager
async def answering(receiver: Answering) -> AsyncIterator[str]:
    """Its address."""
    async with await asyncio.start_server(receiver.serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_it_is_waited_for_as_long_as_is_said():
    """Whatever patience the client has by itself."""
    async with answering(Answering(0.2)) as url, client() as http:
        http.timeout = 0.01
        assert await post(http, url, b"{}", {}, PATIENCE) is None


async def test_no_cookie_is_kept():
    """What a receiver sets does not come back to it, nor to another on the same machine."""
    receiver = Answering()
    async with answering(receiver) as url, client() as http:
        assert [await post(http, url, b"{}", {}, PATIENCE) for _ in range(2)] == [None, None]
    assert len(receiver.heads) == 2
    assert not any(b"cookie" in head for head in receiver.heads)
