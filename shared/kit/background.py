"""Work beside the rest of a service, for as long as the service runs."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from typing import Any


@contextlib.asynccontextmanager
async def background(work: Coroutine[Any, Any, None], seconds: float | None = None) -> AsyncIterator[None]:
    """Run ``work`` until the block ends; then cancel it, and wait (at most ``seconds``) until it has tidied up."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=seconds)
