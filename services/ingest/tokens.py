"""The file of tokens: read at start, and again whenever it changes; one with a fault changes nothing."""

import asyncio
from pathlib import Path

import structlog

from services.ingest.domain.access import EVERY_SOURCE, Access, AccessError, Grant, Token, sha256
from services.ingest.settings import IngestSettings
from services.ingest.telemetry import Telemetry
from services.ingest.token_file import LARGEST, parsed
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.settings import SettingsError
from shared.kit.supervisor import Task

log = structlog.get_logger()

PART = "tokens"
LOCAL_TOKEN = "local"  # noqa: S105 -- the documented token of a local run; a file of tokens replaces it
LOOK_SECONDS = 5.0


class Tokens:
    """The tokens in force, and when each was last used."""

    def __init__(self, settings: IngestSettings, telemetry: Telemetry, health: Health, clock: Clock) -> None:
        """Without a file the token ``local`` publishes for every source; raises SettingsError for one with a fault."""
        self._path = Path(settings.stadga_tokens_file) if settings.stadga_tokens_file else None
        self._telemetry, self._health, self._clock = telemetry, health, clock
        self._used: dict[tuple[str, str], str] = {}
        self._last: tuple[bytes, Access | AccessError] | None = None
        try:
            self._access = self._read(self._path) if self._path else _local()
        except (OSError, AccessError) as error:
            raise SettingsError(f"STADGA_TOKENS_FILE={settings.stadga_tokens_file!r}: {error}") from None
        self._in_force()

    def grant(self, token: str) -> Grant | None:
        """What a token allows, or None if it is not known."""
        grant = self._access.grant(token)
        for rule in grant.rules if grant else ():
            now = self._clock.now()
            self._used[rule.source, rule.token] = now.isoformat(timespec="seconds")
            self._telemetry.last_used.labels(rule.source, rule.token).set(now.timestamp())
        return grant

    @property
    def task(self) -> Task:
        """Looks whether the file has changed."""
        return Task(PART, self._watch, PART)

    async def _watch(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Take over what the file says; while it has a fault, or is away, what it said before holds."""
        if self._path is None:
            return
        try:
            access = await asyncio.to_thread(self._read, self._path)
        except (OSError, AccessError) as error:
            self._fault(f"{self._path}: {error}; the tokens it held before are in force")
            return
        self._health.ok(PART)
        if access is not self._access:
            self._access = access
            self._in_force()

    def _fault(self, reason: str) -> None:
        if self._health.works(PART):
            log.warning("the file of tokens has a fault", reason=reason)
        self._health.bad(PART, reason)

    def _read(self, path: Path) -> Access:
        """What the file says; while it stays the same it is not parsed again."""
        if path.exists() and not path.is_file():  # a pipe would be waited for without end
            raise AccessError("not a file")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
        if self._last is None or content != self._last[0]:
            self._last = content, _attempt(content)
        if isinstance(self._last[1], AccessError):
            raise self._last[1]
        return self._last[1]

    def _in_force(self) -> None:
        """Say which tokens hold, with their last use, and forget the use of those that do not."""
        for gone in self._used.keys() - self._access.tokens:
            del self._used[gone]
            self._telemetry.last_used.remove(*gone)
        held = {f"{of[0]}/{of[1]}": self._used.get(of, "not used yet") for of in sorted(self._access.tokens)}
        log.info("tokens in force", last_used=held)
        self._health.ok(PART)


def _local() -> Access:
    log.warning("STADGA_TOKENS_FILE is not set: the token 'local' publishes for every source; for trials only")
    return Access([(EVERY_SOURCE, Token(sha256(LOCAL_TOKEN), LOCAL_TOKEN))])


def _attempt(content: bytes) -> Access | AccessError:
    try:
        return parsed(content)
    except AccessError as error:
        return error
