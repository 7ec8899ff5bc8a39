"""A file that says who may what: read at start, and again whenever it changes; one with a fault changes nothing."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import structlog

from shared.access.tokens import AccessError
from shared.kit import files
from shared.kit.health import Health
from shared.kit.settings import SettingsError
from shared.kit.supervisor import Task

log = structlog.get_logger()

LOOK_SECONDS = 5.0
T = TypeVar("T")


class Reading(Generic[T]):
    """How such a file is read, and how its condition is told: ``part`` of health, ``setting`` that names the file."""

    def __init__(self, part: str, setting: str, most: int, parse: Callable[[bytes], T]) -> None:
        """``most`` bytes; ``parse`` raises AccessError."""
        self.part, self.setting, self.most, self.parse = part, setting, most, parse


class Watched(Generic[T]):
    """What a file says, as of the last look at which it had no fault: ``value``."""

    def __init__(self, file: str, reading: Reading[T], health: Health, changed: Callable[[], None]) -> None:
        """Reads it; raises SettingsError. ``changed`` is called once something else holds."""
        self._path, self._reading, self._health, self._changed = Path(file), reading, health, changed
        self._last: tuple[bytes, T | AccessError] | None = None
        try:
            self.value = self._read()
        except OSError as error:
            raise SettingsError(f"{reading.setting}={file!r}: {error.strerror or error}") from None
        except AccessError as error:
            raise SettingsError(f"{reading.setting}={file!r}: {error}") from None

    @property
    def task(self) -> Task:
        """Looks whether the file has changed."""
        return Task(self._reading.part, self._watch, self._reading.part)

    async def _watch(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Take over what the file says; while it has a fault, or is away, what it said before holds."""
        try:
            found = await asyncio.to_thread(self._read)
        except OSError as error:
            self._fault(f"{self._path}: {error.strerror or error}")
            return
        except AccessError as error:
            self._fault(error.told(self._path))
            return
        self._health.ok(self._reading.part)
        if found is not self.value:
            self.value = found
            self._changed()

    def _fault(self, reason: str) -> None:
        part = self._reading.part
        said = f"{reason}; the {part} it held before are in force"
        if self._health.works(part):
            log.warning("a file of access has a fault", reason=said)
        self._health.bad(part, said)

    def _read(self) -> T:
        """What the file says; while it stays the same it is not parsed again."""
        content = files.read(self._path, self._reading.most).content
        if self._last is None or content != self._last[0]:
            self._last = content, self._attempt(content)
        if isinstance(self._last[1], AccessError):
            raise self._last[1]
        return self._last[1]

    def _attempt(self, content: bytes) -> T | AccessError:
        try:
            return self._reading.parse(content)
        except AccessError as error:
            return error
