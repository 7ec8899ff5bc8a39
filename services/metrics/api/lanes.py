"""Lanes: how many questions are answered at once, how many wait, and how long. What is cheap waits for no dear one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import ParamSpec, TypeVar

from litestar.exceptions import HTTPException, ServiceUnavailableException

Given = ParamSpec("Given")
Found = TypeVar("Found")


class TooLateException(HTTPException):
    """504: the answer took longer than any may."""

    status_code = 504


class Lane:
    """Questions of like weight; each computes in threads of the lane."""

    def __init__(self, name: str, at_once: int, waiting: int, seconds: float) -> None:
        """``waiting`` may wait besides those ``at_once``; each has so many seconds, to wait and to be answered."""
        self._name, self._waiting, self._seconds = name, waiting, seconds
        self._turns = asyncio.Semaphore(at_once)
        self._threads = ThreadPoolExecutor(at_once, f"{name} question")
        self._queued = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator["Turn"]:
        """A turn; answers 503 when too many wait or none comes, and 504 when the time is over."""
        until = asyncio.get_running_loop().time() + self._seconds
        await self._wait()
        turn = Turn(self._threads)
        limit = asyncio.timeout_at(until)
        try:
            async with limit:
                yield turn
        except TimeoutError:
            if not limit.expired():
                raise
            raise TooLateException(f"no answer within {self._seconds:g} seconds: ask for less") from None
        finally:
            turn.when_done(self._turns.release)

    async def _wait(self) -> None:
        if self._turns.locked() and self._queued >= self._waiting:
            raise self._unavailable(f"{self._queued} {self._name} questions wait already")
        self._queued += 1
        try:
            async with asyncio.timeout(self._seconds / 2):
                await self._turns.acquire()
        except TimeoutError:
            raise self._unavailable(f"the {self._name} questions before this one take long") from None
        finally:
            self._queued -= 1

    def _unavailable(self, why: str) -> ServiceUnavailableException:
        return ServiceUnavailableException(f"{why}: ask again later", headers={"Retry-After": str(int(self._seconds))})


class Turn:
    """One question's place in a lane."""

    def __init__(self, threads: ThreadPoolExecutor) -> None:
        """Nothing is being computed."""
        self._threads = threads
        self._last: Future[object] | None = None

    async def apart(self, work: Callable[Given, Found], *args: Given.args, **more: Given.kwargs) -> Found:
        """Compute in a thread, one thing after another."""
        running = self._threads.submit(work, *args, **more)
        self._last = running  # type: ignore[assignment]  # a future of anything
        return await asyncio.wrap_future(running)

    def when_done(self, release: Callable[[], None]) -> None:
        """Call when nothing is being computed any more: no thread can be stopped, so its turn lasts as long as it."""
        loop = asyncio.get_running_loop()
        if self._last is None:
            release()
        else:
            self._last.add_done_callback(lambda _: loop.call_soon_threadsafe(release))
