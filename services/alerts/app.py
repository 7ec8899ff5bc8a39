"""The service put together: settings in, an application to serve out."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path

import asyncpg
from litestar import Litestar
from prometheus_client import CollectorRegistry

from services.alerts import api, consumer, publisher, scheduler
from services.alerts.consumer import Consumer, Following, Observe, Read, T
from services.alerts.domain import incoming
from services.alerts.domain.delivery import Policy
from services.alerts.evaluator import plan_watch
from services.alerts.evaluator.plan_watch import PlanWatch
from services.alerts.evaluator.rounds import Rounds
from services.alerts.notifiers.email.letter import sender
from services.alerts.notifiers.email.server import MailServer, address
from services.alerts.publisher import Publisher
from services.alerts.scheduler import Post
from services.alerts.settings import AlertSettings
from services.alerts.tables import SCHEMA
from services.alerts.telemetry import Telemetry
from shared.kit.batches import Lag, Subscription
from shared.kit.clock import clock
from shared.kit.database import pool
from shared.kit.health import Health
from shared.kit.server import application, process_metrics
from shared.kit.supervisor import Supervisor, Task

DATABASE, SMTP = "database", "smtp"
_PULSE_SECONDS = 5.0


def alerts(settings: AlertSettings) -> Litestar:
    """The application; raises SettingsError before anything is started."""
    service = Service(settings)
    handlers = api.routes(lambda: service.pool, service.refusals)
    return application(
        "Stadga alerts",
        handlers,
        service.health,
        service.registry,
        process_metrics(service.registry),
        [lambda _: service.running()],
    )


class Service:
    """Everything that works beside HTTP; ``pool`` is there once the database is."""

    def __init__(self, settings: AlertSettings) -> None:
        """Nothing is connected yet; raises SettingsError."""
        self._settings = settings
        self._clock = clock(settings)
        self.registry = CollectorRegistry()
        self._telemetry = Telemetry(self.registry)
        lesser = (SMTP, consumer.PART, consumer.MEASURES, publisher.PART, plan_watch.PART)
        self.health = Health(self._clock, DATABASE, lesser=lesser)
        self._supervisor = Supervisor(self.health, self.registry)
        self.pool: asyncpg.Pool | None = None
        self._watch: PlanWatch | None = None
        self._mail = (address(settings.smtp_url), sender(settings.stadga_mail_from))

    def refusals(self) -> list[plan_watch.Refusal]:
        """The faults of the plan files, as of the last look."""
        return self._watch.refusals if self._watch else []

    def running(self) -> AbstractAsyncContextManager[None]:
        """Work until the block ends."""
        return self._supervisor.running(Task(DATABASE, self._session, DATABASE))

    async def _session(self) -> None:
        """Open the pool and begin; what works over it begins again by itself."""
        async with pool(self._settings.database_url, SCHEMA, size=6) as opened:
            await self._work(opened)

    async def _work(self, opened: asyncpg.Pool) -> None:
        told = self._settings
        mail = asyncio.Event()
        relay = Publisher(told.kafka_bootstrap_servers, opened, self.health)
        rounds = Rounds(opened, self._clock, told.link, self._telemetry, (relay.wake, mail))
        watch = PlanWatch(Path(told.stadga_plans), told.stadga_plans_poll, rounds, self._telemetry, self.health)
        await rounds.show()
        # Before any value is read: of the future, only what a plan asks for is kept.
        await watch.look()
        self.pool, self._watch = opened, watch
        self.health.ok(DATABASE)
        values = self._following(consumer.PART, incoming.values, rounds.observe, self._show_lag)
        measures = self._following(consumer.MEASURES, incoming.update, rounds.hear, lambda _: None)
        pulse = Task("pulse", lambda: self._pulse(rounds), DATABASE)
        deliver = Task(
            "mail", lambda: scheduler.run(self._post(opened), mail, timedelta(seconds=told.stadga_mail_poll)), SMTP
        )
        await self._supervisor.together(values.task, measures.task, relay.task, watch.task, pulse, deliver)

    def _following(self, topic: str, read: Read[T], observe: Observe[T], show: Callable[[Lag], None]) -> Consumer[T]:
        told = self._settings
        group = told.stadga_alerts_group if topic == consumer.PART else f"{told.stadga_alerts_group}-measures"
        to = Subscription(topic, group, told.stadga_alerts_batch)
        following = Following(to, read, observe, show)
        return Consumer(told.kafka_bootstrap_servers, following, self._telemetry, self.health, self._clock)

    def _show_lag(self, lag: Lag) -> None:
        self._telemetry.show_lag({(at.topic, at.partition): messages for at, messages in lag.items()})

    def _post(self, opened: asyncpg.Pool) -> Post:
        policy = Policy()
        at, origin = self._mail
        server = MailServer(at, policy.timeout)
        return Post(opened, server, origin, policy, self._clock, self.health, self._telemetry.deliveries)

    async def _pulse(self, rounds: Rounds) -> None:
        """While nothing changes, a round would find nothing: the service is as good as its connections."""
        while True:
            await asyncio.sleep(_PULSE_SECONDS)
            await rounds.show()
            self.health.ok(DATABASE)
            if self.health.works(consumer.PART):
                self._telemetry.heartbeat.set(self._clock.now().timestamp())
