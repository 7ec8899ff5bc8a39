"""The tokens of a service: which are in force, what each stands for, and when each was last used."""

import structlog
from prometheus_client import CollectorRegistry, Gauge

from shared.access.token_file import LARGEST, parsed
from shared.access.tokens import Keyring, Token, of_tenant
from shared.contracts.tenants import ALONE, Tenant
from shared.kit.access.watched import Reading, Watched
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.supervisor import Task

log = structlog.get_logger()

PART = "tokens"
SETTING = "STADGA_TOKENS_FILE"
LOCAL_TOKEN = "local"  # noqa: S105 -- the documented token of a local run; whoever lets it in is told at each start


def _reading(tenant: Tenant) -> Reading[Keyring]:
    def own(content: bytes) -> Keyring:
        ring = parsed(content)
        of_tenant(ring.tenant, tenant)
        return ring

    return Reading(PART, SETTING, LARGEST, own)


class Tokens:
    """The tokens in force, and when each was last used."""

    def __init__(
        self,
        file: str,
        without: Keyring,
        health: Health,
        clock: Clock,
        registry: CollectorRegistry,
        tenant: Tenant = ALONE,
    ) -> None:
        """``without`` a file those hold; raises SettingsError for one with a fault, or of another ``tenant``."""
        self._health, self._clock = health, clock
        self._used: dict[tuple[str, str], str] = {}
        self._last_used = Gauge(
            "stadga_token_last_used_timestamp_seconds",
            "When a request last came with a token; absent until one has.",
            ["source", "token"],
            registry=registry,
        )
        self._watched = Watched(file, _reading(tenant), health, self._in_force) if file else None
        self._without = without
        self._in_force()

    @property
    def ring(self) -> Keyring:
        """Those in force."""
        return self._watched.value if self._watched else self._without

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What looks whether the file has changed."""
        return (self._watched.task,) if self._watched else ()

    async def look(self) -> None:
        """Look once."""
        if self._watched:
            await self._watched.look()

    def held(self, presented: str) -> tuple[Token, ...]:
        """What a token stands for, once for each source; nothing if it is not known."""
        held = self.ring.held(presented)
        now = self._clock.now()
        for token in held:
            self._used[token.key] = now.isoformat(timespec="seconds")
            self._last_used.labels(*token.key).set(now.timestamp())
        return held

    def _in_force(self) -> None:
        """Say which tokens hold, with their last use, and forget the use of those that do not."""
        ring = self.ring
        for gone in self._used.keys() - ring.keys:
            del self._used[gone]
            self._last_used.remove(*gone)
        used = {"/".join(filter(None, key)): self._used.get(key, "not used yet") for key in sorted(ring.keys)}
        log.info("tokens in force", last_used=used)
        if ring.held(LOCAL_TOKEN):
            log.warning("the token 'local' is in force, which everybody knows: for trials only")
        self._health.ok(PART)
