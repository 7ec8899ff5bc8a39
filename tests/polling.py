"""Waiting in tests: poll with a deadline, never sleep for a fixed time."""

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
PAUSE = 0.05
PATIENCE = 240.0
"""What must happen is waited for as long on a quiet machine as on one whose cores all have something else to do."""


async def until(check: Callable[[], T | Awaitable[T]], description: str, seconds: float = PATIENCE) -> T:
    """The first true answer of ``check``; fails with the description and the last answer after ``seconds``."""
    deadline = time.monotonic() + seconds
    while True:
        answer = check()
        value: T = await answer if inspect.isawaitable(answer) else answer
        if value:
            return value
        assert time.monotonic() < deadline, f"not within {seconds} s: {description} (last answer: {value!r})"
        await asyncio.sleep(PAUSE)
