"""The service put together: settings in, an application to serve out."""

import contextlib
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

from litestar import Litestar

from services.ingest import clearing, consumer, publisher
from services.ingest.api import persons
from services.ingest.api.receiver import Receiver
from services.ingest.api.route import rejections, route
from services.ingest.clearing import Clearing
from services.ingest.consumer import GROUP, RawConsumer
from services.ingest.domain.access import EVERY_SOURCE, Grant, grant
from services.ingest.domain.memory import Memory
from services.ingest.domain.pseudonym import pseudonyms
from services.ingest.publisher import Publisher
from services.ingest.settings import IngestSettings, municipality, pseudonym_key
from services.ingest.tail import Tail
from services.ingest.telemetry import Telemetry
from shared.access.tokens import Keyring, Token, sha256
from shared.contracts.openapi.completed import completed
from shared.contracts.openapi.publishing import published
from shared.contracts.topics import HR_EVENTS, HR_KEYS, HR_ORIGINALS, HR_RAW, HR_REJECTED
from shared.kit import topics
from shared.kit.access import tokens
from shared.kit.access.guard import Guard, local
from shared.kit.access.tokens import LOCAL_TOKEN, Tokens
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.sealing import masters
from shared.kit.sealing.watching import Masters
from shared.kit.server import application, process_metrics
from shared.kit.supervisor import Supervisor
from shared.kit.telemetry import registry

TITLE = "Stadga ingest"
WITHOUT = Keyring([Token(sha256(LOCAL_TOKEN), LOCAL_TOKEN, source=EVERY_SOURCE)])
"""What holds without a file of tokens."""


def ingest(settings: IngestSettings) -> Litestar:
    """The application; raises SettingsError before anything is started."""
    service = Service(settings)
    return application(
        TITLE,
        [
            route(service.receiver, service.telemetry),
            rejections(service.receiver, service.tail),
            persons.route(service.pseudonym, service.clock.now),
        ],
        service.health,
        service.registry,
        process_metrics(service.registry),
        [lambda _: service.running()],
        service.guard,
        described=lambda document: completed(published(document)),
    )


class Service:
    """What takes events in, over HTTP and from ``hr.raw``, and everything that works beside HTTP."""

    def __init__(self, settings: IngestSettings) -> None:
        """Nothing is connected yet; raises SettingsError."""
        self._settings = settings
        clock = self.clock = Clock(ZoneInfo("UTC"))
        lesser = consumer.PART, clearing.PART, tokens.PART, topics.PART, masters.PART
        self.health = Health(clock, publisher.PART, lesser=lesser)
        self.registry = registry(settings.tenant)
        self.telemetry = Telemetry(self.registry)
        self._supervisor = Supervisor(self.health, self.registry)
        tenant = settings.tenant
        pseudonym = self.pseudonym = pseudonyms(tenant.key(pseudonym_key(settings)), municipality(settings))
        memory = Memory()
        servers = settings.kafka_bootstrap_servers
        self._masters = Masters(settings.stadga_master_key_file, self.health)
        self._publisher = Publisher(servers, self.telemetry, self.health, clock, tenant, self._masters.now)
        beside = self._publisher, self.telemetry, self.health, clock, memory, tenant
        self._consumer = RawConsumer(servers, pseudonym, *beside)
        raw, group = tenant.topic(HR_RAW).name, tenant.prefixed(GROUP)
        self._clearing = Clearing(servers, raw, group, settings.stadga_raw_hours, self.health, clock)
        self.tail = Tail(servers, tenant)
        self._tokens = Tokens(settings.stadga_tokens_file, WITHOUT, self.health, clock, self.registry, tenant)
        self.guard = Guard(None if local(settings, settings.stadga_tokens_file) else self._tokens, tenant=tenant)
        acknowledge = settings.stadga_acknowledge_seconds
        self.receiver = Receiver(
            self._grant, pseudonym, self._publisher, self.telemetry, acknowledge, clock, memory, tenant
        )

    def _grant(self, token: str) -> Grant | None:
        """What a token may publish, or None if it is not known."""
        held = self._tokens.held(token)
        return grant(held) if held else None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work until the block ends; who publishes goes on until nobody hands it anything."""
        owned = tuple(map(self._settings.tenant.topic, (HR_RAW, HR_EVENTS, HR_KEYS, HR_REJECTED, HR_ORIGINALS)))
        looking = topics.task(self._settings, owned, self.health)
        async with (
            self._supervisor.running(self._publisher.task, looking, self._clearing.task),
            self._supervisor.running(self._consumer.task, *self._tokens.tasks, *self._masters.tasks),
        ):
            yield
