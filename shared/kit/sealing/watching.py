"""The master keys in force in a service: read at start, and again whenever the file changes."""

import structlog

from shared.kit.access.watched import Reading, Watched
from shared.kit.health import Health
from shared.kit.sealing.masters import LARGEST, PART, SETTING, MasterKeys, parsed
from shared.kit.supervisor import Task

log = structlog.get_logger()


class Masters:
    """Those in force; none without a file."""

    def __init__(self, file: str, health: Health) -> None:
        """Reads the file; raises SettingsError."""
        reading = Reading(PART, SETTING, LARGEST, parsed)
        self._watched = Watched(file, reading, health, self._in_force) if file else None
        if file:
            self._in_force()
        health.ok(PART)

    def now(self) -> MasterKeys | None:
        """All of them."""
        return self._watched.value if self._watched else None

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What looks whether the file has changed."""
        return (self._watched.task,) if self._watched else ()

    def _in_force(self) -> None:
        if keys := self.now():
            log.info("master keys in force", keys={one.name: one.print for one in keys.keys})
