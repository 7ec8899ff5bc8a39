"""Reading the body of a request: no more of it than is allowed, for no longer than is allowed."""

import asyncio
from collections.abc import AsyncIterator

from litestar.exceptions import InternalServerException

EVENT_LIMIT = 1 << 20
BATCH_LIMIT = 10 << 20
READ_SECONDS = 60.0
_READ_AT_MOST = 32 << 20
"""Bytes that are read, and not kept, before answering: most clients read no answer while they still write."""


class IncompleteError(Exception):
    """The rest of the body did not come in time, or the sender is gone."""


async def limited(chunks: AsyncIterator[bytes], limit: int, seconds: float = READ_SECONDS) -> bytes:
    """The body, or its first ``limit`` + 1 bytes: a length over ``limit`` says that there was more.

    Raises IncompleteError if it has not come within ``seconds``.
    """
    kept = bytearray()
    read = 0
    try:
        async with asyncio.timeout(seconds):
            async for chunk in chunks:
                read += len(chunk)
                kept += chunk[: limit + 1 - len(kept)]
                if read > _READ_AT_MOST:
                    break
    except (TimeoutError, InternalServerException):  # the second is how Litestar says that the sender is gone
        raise IncompleteError from None
    return bytes(kept)
