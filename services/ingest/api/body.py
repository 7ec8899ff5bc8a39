"""Reading the body of a request, no more of it than is allowed."""

from collections.abc import AsyncIterator

EVENT_LIMIT = 1 << 20
BATCH_LIMIT = 10 << 20
_READ_AT_MOST = 32 << 20
"""Bytes that are read, and not kept, before answering: most clients read no answer while they still write."""


async def limited(chunks: AsyncIterator[bytes], limit: int) -> bytes:
    """The body, or its first ``limit`` + 1 bytes: a length over ``limit`` says that there was more."""
    kept = bytearray()
    read = 0
    async for chunk in chunks:
        read += len(chunk)
        kept += chunk[: limit + 1 - len(kept)]
        if read > _READ_AT_MOST:
            break
    return bytes(kept)
