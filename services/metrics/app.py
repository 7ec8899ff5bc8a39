"""The service put together: settings in, an application to serve out."""

import asyncio
from contextlib import AbstractAsyncContextManager
from functools import partial
from http import HTTPStatus

import asyncpg
from litestar import Litestar
from prometheus_client import GCCollector, PlatformCollector, ProcessCollector

from services.metrics import watch
from services.metrics.answers import api
from services.metrics.answers.api import desk
from services.metrics.answers.api.desk import Desk
from services.metrics.answers.register import Register
from services.metrics.domain.sources.freshness import Staleness
from services.metrics.intake import batch, consumer
from services.metrics.intake.consumer import Consumer
from services.metrics.intake.opening import Opening, keyring
from services.metrics.intake.repository import Cells
from services.metrics.merger import Merger
from services.metrics.persons import erasing, retiring, saying, sealing, trimming
from services.metrics.persons import routes as persons
from services.metrics.persons.retiring import Retiring
from services.metrics.persons.saying import Saying
from services.metrics.publishing import evaluator
from services.metrics.publishing.cut import asking
from services.metrics.publishing.evaluator import Evaluator
from services.metrics.publishing.exposition import Exposition
from services.metrics.settings import MetricsSettings
from services.metrics.telemetry import Telemetry
from services.metrics.watch import SourceWatch
from shared.access.tokens import Keyring
from shared.contracts.dead_letters import Place, Retried
from shared.contracts.erasings import Erasing
from shared.contracts.openapi.completed import completed
from shared.contracts.topics import HR_EVENTS, HR_KEYS, WORKFORCE_METRICS
from shared.kit import database, dead_letter_routes, topics
from shared.kit.access import journal_routes, tokens
from shared.kit.access.guard import Guard, local
from shared.kit.access.journal import Journal
from shared.kit.access.tokens import Tokens
from shared.kit.clock import clock
from shared.kit.health import Health
from shared.kit.sealing import masters
from shared.kit.sealing.watching import Masters
from shared.kit.server import application
from shared.kit.supervisor import Supervisor, Task
from shared.kit.telemetry import registry

TITLE = "Stadga metrics"
SCHEMA, DATABASE = "metrics", "database"
STOP_SECONDS = 20
LESSER = (consumer.PART, evaluator.PART, topics.PART, watch.PART, tokens.PART, masters.PART, saying.PART, retiring.PART)
"""Parts of health that questions are answered without."""
CONNECTIONS = 8
"""Two that fold, one that numbers cells, one that holds shards, one for the pulse and for dead letters, one for the
access log, one that merges, one that says what was erased; and one for each shard."""


def metrics(settings: MetricsSettings) -> Litestar:
    """The application; raises SettingsError before anything is started."""
    service = Service(settings)
    window, norm = settings.stadga_window_days, settings.stadga_points_norm
    patience = settings.stadga_delivery_seconds
    handlers = [
        *api.routes(
            Desk(lambda: service.questions, service.clock, window, norm, service.register, patience, service.stale)
        ),
        journal_routes.route(lambda: service.questions),
        *persons.routes(persons.Desk(lambda: service.pool, service.clock, service.erase)),
        *dead_letter_routes.routes(dead_letter_routes.Desk(lambda: service.pool, service.again)),
    ]
    return application(
        TITLE,
        handlers,
        service.health,
        service.registry,
        service.exposition.scraped,
        [lambda _: service.running()],
        service.guard,
        described=partial(completed, also=(HTTPStatus.GATEWAY_TIMEOUT,)),
    )


class Service:
    """Everything that works beside HTTP: consumer and evaluator over one pool, questions over another.

    Both pools are there once the database is.
    """

    def __init__(self, settings: MetricsSettings) -> None:
        """Nothing is connected yet; raises SettingsError."""
        self._settings = settings
        self.clock = clock(settings)
        self.health = Health(self.clock, DATABASE, lesser=LESSER, schema=SCHEMA)
        self.registry = registry(settings.tenant)
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._telemetry = Telemetry(self.registry)
        self.exposition = Exposition(self.registry, settings.tenant)
        self._supervisor = Supervisor(self.health, self.registry)
        tokens_of = settings.stadga_tokens_file
        self._tokens = Tokens(tokens_of, Keyring(()), self.health, self.clock, self.registry, settings.tenant)
        self._masters = Masters(settings.stadga_master_key_file, self.health)
        self.guard = Guard(None if local(settings, tokens_of) else self._tokens, tenant=settings.tenant)
        self._journal = self.guard.journal = Journal(self.clock, settings.stadga_access_log_days)
        self.register = Register()
        self._merger = Merger(settings.stadga_known_days, self.clock)
        self.watch = SourceWatch(settings.stadga_sources, self.clock, self.health)
        self.pool: asyncpg.Pool | None = None
        self.questions: asyncpg.Pool | None = None
        self._saying: Saying | None = None
        self._keys = keyring(settings, self._masters.now)

    def stale(self) -> Staleness:
        """What sources that are late leave stale."""
        return self.watch.watched.stale

    def running(self) -> AbstractAsyncContextManager[None]:
        """Work until the block ends."""
        owned = tuple(map(self._settings.tenant.topic, (HR_EVENTS, HR_KEYS, WORKFORCE_METRICS)))
        looking = topics.task(self._settings, owned, self.health)
        session = Task(DATABASE, self._session, DATABASE)
        return self._supervisor.running(
            session, looking, *self._tokens.tasks, *self._masters.tasks, seconds=STOP_SECONDS
        )

    async def again(self, pool: asyncpg.Pool, place: Place) -> Retried:
        """Take a message that was put aside in after all."""
        keys = keyring(self._settings, self._masters.now)
        try:
            return await batch.again(pool, Cells(pool), place, self._settings.tenant, Opening(keys).arrive)
        finally:
            await keys.close()

    async def erase(self, pool: asyncpg.Pool, order: erasing.Order) -> Erasing:
        """Erase persons, and have it said at once."""
        done = await erasing.erase(pool, Cells(pool), order, self._settings.tenant)
        self._telemetry.erased.inc(done.persons)
        if self._saying:
            self._saying.asked.set()
        return done

    async def trim(self, pool: asyncpg.Pool, order: trimming.TrimOrder) -> Erasing | None:
        """Trim a family of events of persons, and have it said at once."""
        seal = await sealing.sealing(self._keys, self._masters.now)
        done = await trimming.trim(pool, Cells(pool), order, self._settings.tenant, seal)
        if done:
            self._telemetry.trimmed.labels(order.family).inc(done.events)
        if done and self._saying:
            self._saying.asked.set()
        return done

    async def _session(self) -> None:
        """Open the pool; what works over it begins again by itself."""
        url, tenant, met = self._settings.database_url, self._settings.tenant, self.health.met
        async with (
            database.pool(url, SCHEMA, CONNECTIONS + self._settings.stadga_shards, tenant, met) as opened,
            database.pool(url, SCHEMA, desk.CONNECTIONS, tenant) as questions,
        ):
            self.pool, self.questions = opened, questions
            self.health.ok(DATABASE)
            committed = asyncio.Event()
            beside = self._telemetry, self.health, committed, self._masters.now
            consuming = Consumer(self._settings, opened, *beside)
            evaluating = Evaluator(
                self._settings,
                opened,
                self._telemetry,
                self.exposition,
                self.health,
                self.clock,
                committed,
                lambda: asking(self._settings.kafka_bootstrap_servers, tenant.topic(HR_EVENTS).name),
                self.watch,
            )
            servers = self._settings.kafka_bootstrap_servers
            self._saying = Saying(opened, servers, tenant, self.clock, self.health)
            tell = partial(self.health.hindered, DATABASE)
            pulse = Task("pulse", lambda: database.pulse(opened, SCHEMA, met, tell), DATABASE)
            summing = Task("sums", lambda: self.register.sums.keep(questions), DATABASE)
            watching = Task("sources", lambda: self.watch.keep(questions), DATABASE)
            merging = Task("merging", lambda: self._merger.keep(opened), DATABASE)
            journal = Task("access log", lambda: self._journal.keep(opened), DATABASE)
            retention = Retiring(
                opened, self._settings.stadga_retention, self.clock, self.health, self.erase, self.trim
            )
            tasks = pulse, journal, merging, summing, watching, consuming.task, evaluating.task
            try:
                await self._supervisor.together(*tasks, self._saying.task, retention.task)
            finally:
                await self._keys.close()
