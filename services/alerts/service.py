"""Everything that works beside HTTP: one supervisor, one pool, and what takes in, decides and sends over it."""

import asyncio
from contextlib import AbstractAsyncContextManager
from functools import partial

import asyncpg

from services.alerts import access, consumer, relay
from services.alerts.access import Access, secret_of
from services.alerts.deciding import Deciding
from services.alerts.domain.plan.choice import FileRefusal
from services.alerts.exposition import Exposition
from services.alerts.metrics_service import MetricsService
from services.alerts.notifiers import bounce
from services.alerts.notifiers.webhook import endpoints
from services.alerts.relay import Publisher
from services.alerts.repository import link_key
from services.alerts.rounds import judging, plan_watch
from services.alerts.rounds.plan_watch import PlanWatch
from services.alerts.sending import SMTP, Sending
from services.alerts.settings import AlertSettings
from services.alerts.taking_in import TakingIn
from services.alerts.telemetry import Telemetry
from shared.contracts.topics import WORKFORCE_ALERTS
from shared.kit import database, topics
from shared.kit.access import tokens
from shared.kit.access.journal import Journal
from shared.kit.clock import clock
from shared.kit.health import Health
from shared.kit.supervisor import Supervisor, Task
from shared.kit.telemetry import registry

SCHEMA, DATABASE = "alerts", "database"
PULSE_SECONDS = 5.0
LESSER = (
    SMTP,
    endpoints.PART,
    bounce.PART,
    judging.PART,
    consumer.PART,
    consumer.MEASURES,
    relay.PART,
    plan_watch.PART,
    topics.PART,
    tokens.PART,
    access.PART,
)
"""Parts of health that questions are answered without."""
CONNECTIONS = 9


class Service:
    """What runs; the pool is there once the database is."""

    def __init__(self, settings: AlertSettings) -> None:
        """Nothing is connected yet; raises SettingsError."""
        self._settings = settings
        self.clock = clock(settings)
        self.health = Health(self.clock, DATABASE, lesser=LESSER, schema=SCHEMA)
        self.registry = registry(settings.tenant)
        self._telemetry = Telemetry(self.registry)
        self.exposition = Exposition(self.registry, settings.tenant)
        self._supervisor = Supervisor(self.health, self.registry)
        self._journal = Journal(self.clock, settings.stadga_access_log_days)
        self.access = Access(settings, lambda: self.pool, self.health, self.clock, self.registry)
        self.access.guard.journal = self._journal
        self.pool: asyncpg.Pool | None = None
        self._watch: PlanWatch | None = None
        self._link_key = self.link_key = settings.link_key() or b""
        self.metrics = MetricsService(
            settings.stadga_metrics_url, _token(settings.stadga_metrics_token_file), settings.tenant
        )
        self._sending = Sending(settings, self.clock, self.health, self._telemetry)
        self._taking_in = TakingIn(settings, self.health, self._telemetry)
        self.again = self._taking_in.again

    def running(self) -> AbstractAsyncContextManager[None]:
        """Work until the block ends."""
        owned = (self._settings.tenant.topic(WORKFORCE_ALERTS),)
        looking = topics.task(self._settings, owned, self.health)
        session = Task(DATABASE, self._session, DATABASE)
        return self._supervisor.running(session, looking, *self.access.tasks)

    def refusals(self) -> list[FileRefusal]:
        """The faults of the plan files, as of the last look."""
        return self._watch.refusals if self._watch else []

    async def adopt(self, plan: str, digest: str) -> int | None:
        """Let the text of this digest run; its version."""
        return await self._watch.adopt(plan, digest) if self._watch else None

    async def _session(self) -> None:
        """Open the pool; what works over it begins again by itself."""
        url, tenant = self._settings.database_url, self._settings.tenant
        async with database.pool(url, SCHEMA, CONNECTIONS, tenant, self.health.met) as opened:
            await self._work(opened)

    async def _work(self, opened: asyncpg.Pool) -> None:
        mail = asyncio.Event()
        publisher = Publisher(self._settings.kafka_bootstrap_servers, opened, self.health, self._settings.tenant)
        self.link_key = self._link_key or await link_key.load(opened)
        deciding = Deciding(self._settings, self.clock, self.health, self._telemetry, opened, self.link_key)
        rounds, self._watch = deciding.rounds, deciding.watch
        judge, holding = (
            deciding.judging((publisher.wake, mail)),
            deciding.holding(self.exposition, self.metrics, mail.set),
        )
        await rounds.waiting()  # raises what the database says, of a missing migration too
        self.pool = opened
        self.health.ok(DATABASE)
        consuming = self._taking_in.tasks(opened, rounds)
        journal = Task("access log", lambda: self._journal.keep(opened), DATABASE)
        pulse, schema = Task("pulse", self._pulse, DATABASE), Task("schema", lambda: self._schema(opened), DATABASE)
        told = (journal, publisher.task, pulse, schema, *self._sending.tasks(opened, rounds, mail))
        async with self._supervisor.running(holding.task, judge.task, *told):
            # Before any value is read: of the future, only what a plan asks for is kept.
            await holding.settled.wait()
            await self._supervisor.together(*consuming)

    async def _schema(self, opened: asyncpg.Pool) -> None:
        await database.pulse(opened, SCHEMA, self.health.met, partial(self.health.hindered, DATABASE))

    async def _pulse(self) -> None:
        """While nothing changes, a round would find nothing: the service is as good as what it judges by."""
        while True:
            if self.health.works(consumer.PART) and self.health.works(judging.PART):
                self._telemetry.show(self._telemetry.heartbeat, self.clock.now().timestamp())
            await asyncio.sleep(PULSE_SECONDS)


def _token(file: str) -> str:
    return secret_of("STADGA_METRICS_TOKEN_FILE", file) if file else ""
