"""A receiver of webhooks that does as it is told: takes, refuses, hangs, or is not there."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple

HANG = 0
"""In place of a status: nothing is answered."""
LARGEST = 1 << 20


class Request(NamedTuple):
    """What came: the headers in small letters, and the body."""

    headers: Mapping[str, str]
    body: bytes


class Receiver:
    """Answers with the statuses of ``script``, one after another, then always with 204; keeps what came."""

    def __init__(self, *script: int) -> None:
        """Nothing has come."""
        self.script = [*script]
        self.came: list[Request] = []
        self.taken: list[Request] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request a connection."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        request = Request(headers, await reader.readexactly(int(headers["content-length"])))
        self.came.append(request)
        status = self.script.pop(0) if self.script else 204
        if status == HANG:
            await asyncio.Event().wait()
        if 200 <= status < 300:
            self.taken.append(request)
        writer.write(b"HTTP/1.1 %d -\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n" % status)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving(receiver: Receiver, port: int = 0) -> AsyncIterator[int]:
    """The receiver at a port, of its own choice for 0; then it is gone, with all its connections."""
    tasks: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tasks.add(asyncio.ensure_future(receiver.serve(reader, writer)))

    server = await asyncio.start_server(connected, "127.0.0.1", port, limit=LARGEST)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in tasks:
            task.cancel()
