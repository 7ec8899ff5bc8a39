"""Lanes: how many questions are answered at once, how many wait, and how long. What is cheap waits for no dear one."""

import asyncio
from bisect import insort
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import count
from typing import NamedTuple, ParamSpec, TypeVar

from litestar.exceptions import HTTPException, ServiceUnavailableException

Given = ParamSpec("Given")
Found = TypeVar("Found")


class TooLateException(HTTPException):
    """504: the answer took longer than any may."""

    status_code = 504


class Waiting(NamedTuple):
    """A question that waits: the cheapest comes first, and of like ones the one that came first."""

    cost: int
    number: int
    turn: asyncio.Future[None]


class Lane:
    """Questions of like weight; each computes in threads of the lane."""

    def __init__(self, name: str, at_once: int, most: int, seconds: float) -> None:
        """At ``most`` so many wait besides those ``at_once``; each has so many seconds, to wait and to be answered."""
        self._name, self._free, self._most, self._seconds = name, at_once, most, seconds
        self._threads = ThreadPoolExecutor(at_once, f"{name} question")
        self._waiting: list[Waiting] = []
        self._numbers = count()

    @asynccontextmanager
    async def turn(self, cost: int = 0) -> AsyncIterator["Turn"]:
        """A turn; answers 503 when too many wait or none comes, and 504 when the time is over."""
        until = asyncio.get_running_loop().time() + self._seconds
        await self._wait(cost)
        turn, limit = Turn(self._threads), asyncio.timeout_at(until)
        try:
            async with limit:
                yield turn
        except TimeoutError:
            if not limit.expired():
                raise
            raise TooLateException(f"no answer within {self._seconds:g} seconds: ask for less") from None
        finally:
            turn.when_done(self._release)

    async def _wait(self, cost: int) -> None:
        if self._free:
            self._free -= 1
            return
        self._make_room(cost)
        mine = Waiting(cost, next(self._numbers), asyncio.get_running_loop().create_future())
        insort(self._waiting, mine)
        try:
            async with asyncio.timeout(self._seconds / 2):
                await mine.turn
        except BaseException as error:
            if mine in self._waiting:
                self._waiting.remove(mine)
            elif mine.turn.done() and not mine.turn.cancelled() and not mine.turn.exception():
                self._release()  # it came when nobody waited for it any more
            if isinstance(error, TimeoutError):
                raise self._unavailable(f"the {self._name} questions before this one take long") from None
            raise

    def _make_room(self, cost: int) -> None:
        """When as many wait as may, the dearest is turned away."""
        if len(self._waiting) >= self._most:
            too_many = self._unavailable(f"{len(self._waiting)} {self._name} questions wait already")
            if not self._waiting or self._waiting[-1].cost <= cost:
                raise too_many
            if not (dearest := self._waiting.pop().turn).done():
                dearest.set_exception(too_many)

    def _release(self) -> None:
        """The next one's turn; who has just given up, and could not say so yet, is passed over."""
        while self._waiting:
            if not (turn := self._waiting.pop(0).turn).done():
                turn.set_result(None)
                return
        self._free += 1

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
