"""The service put together: settings in, an application to serve out."""

import contextlib
from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

from litestar import Litestar
from prometheus_client import CollectorRegistry

from services.ingest import settings as told
from services.ingest.api.receiver import Receiver
from services.ingest.api.route import route
from services.ingest.consumer import PART as HR_RAW
from services.ingest.consumer import RawConsumer
from services.ingest.domain.pseudonym import pseudonyms
from services.ingest.publisher import PART as KAFKA
from services.ingest.publisher import Publisher
from services.ingest.settings import IngestSettings
from services.ingest.telemetry import Telemetry
from services.ingest.tokens import PART as TOKENS
from services.ingest.tokens import Tokens
from shared.contracts import topics as contract
from shared.kit import topics
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.server import application, process_metrics
from shared.kit.supervisor import Supervisor


def ingest(settings: IngestSettings) -> Litestar:
    """The application; raises SettingsError before anything is started."""
    clock = Clock(ZoneInfo("UTC"))
    health = Health(clock, KAFKA, lesser=(HR_RAW, TOKENS, topics.PART))
    registry = CollectorRegistry()
    telemetry, supervisor = Telemetry(registry), Supervisor(health, registry)
    pseudonym = pseudonyms(told.pseudonym_key(settings), told.municipality(settings))
    servers = settings.kafka_bootstrap_servers
    publisher = Publisher(servers, telemetry, health, clock)
    consumer = RawConsumer(servers, pseudonym, publisher, telemetry, health)
    tokens = Tokens(settings, telemetry, health, clock)
    receiver = Receiver(tokens.grant, pseudonym, publisher, telemetry, settings.stadga_acknowledge_seconds)

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        looking = topics.task(servers, (contract.HR_RAW, contract.HR_EVENTS, contract.HR_REJECTED), health)
        async with supervisor.running(publisher.task, looking), supervisor.running(consumer.task, tokens.task):
            yield

    return application(
        "Stadga ingest", [route(receiver, telemetry)], health, registry, process_metrics(registry), [lifespan]
    )
