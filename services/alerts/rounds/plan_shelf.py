"""Reads the plan files beside the loop, each with a time limit: one that hangs holds up neither the others nor the end.

A network's file system that is away lets whoever reads wait for ever, and a thread cannot be ended: it is left, and
nothing else is asked of what it waits for.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from services.alerts.domain.plan.choice import PlanFile
from services.alerts.repository import plan_files
from services.alerts.repository.plan_files import printable
from shared.kit.waiting import within

T = TypeVar("T")

SECONDS = 5.0
"""For the list of a folder, and for each file."""

AT_ONCE = 8
"""Files that are read at the same time."""


class PlanShelf:
    """The plan files of a folder, or the one file. ``read`` reads one."""

    def __init__(
        self, path: Path, read: Callable[[Path], PlanFile] = plan_files.file, seconds: float = SECONDS
    ) -> None:
        """Nothing is read yet."""
        self._path = path
        self._read = read
        self._seconds = seconds
        self._hung: dict[Path, Future[Any]] = {}
        self._places = asyncio.Semaphore(AT_ONCE)

    async def files(self) -> list[PlanFile]:
        """Every plan file, by name; raises OSError when there is no such folder or file, or it cannot be listed."""
        found = await self._beside(self._path, lambda: plan_files.paths(self._path))
        return await asyncio.gather(*map(self._file, found))

    async def _file(self, path: Path) -> PlanFile:
        try:
            async with self._places:
                return await self._beside(path, lambda: self._read(path))
        except TimeoutError as error:
            return PlanFile(printable(path.name), "", datetime.now(UTC), plan_files.unread(error))

    async def _beside(self, path: Path, work: Callable[[], T]) -> T:
        """What ``work`` gives, in time; raises TimeoutError, also while what was asked of that path hangs."""
        late = TimeoutError(0, f"not read within {self._seconds:g} s")
        if path in self._hung and not self._hung[path].done():
            raise late
        self._hung.pop(path, None)
        done = _begun(work)
        try:
            return await within(asyncio.wrap_future(done), self._seconds)
        except TimeoutError:
            self._hung[path] = done
            raise late from None


def _begun(work: Callable[[], T]) -> Future[T]:
    """Work in a thread that the end of the process does not wait for."""
    done: Future[T] = Future()
    done.set_running_or_notify_cancel()

    def run() -> None:
        try:
            done.set_result(work())
        except Exception as error:  # noqa: BLE001  (whoever waits is told)
            done.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return done
