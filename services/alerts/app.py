"""The service put together: settings in, an application to serve out."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from functools import partial
from pathlib import Path

import asyncpg
from litestar import Litestar
from litestar.types import ControllerRouterHandler
from prometheus_client import CollectorRegistry

from services.alerts import access, consumer, relay
from services.alerts.access import Access, secret_of
from services.alerts.api import digests, evaluations, handling, orders, stories, views
from services.alerts.board import leaving
from services.alerts.board import routes as board_routes
from services.alerts.board.board import Board
from services.alerts.consumer import Consumer, FollowedTopic, T
from services.alerts.domain.alert import incoming
from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.handling.link import LASTS, LinkAbout, overview, signed
from services.alerts.domain.letter.delivery import Policy
from services.alerts.domain.plan.choice import FileRefusal
from services.alerts.domain.weekly.leave import leave, server
from services.alerts.exposition import Exposition
from services.alerts.metrics_service import MetricsService
from services.alerts.notifiers import bounce
from services.alerts.notifiers.bounce import listener, maildir
from services.alerts.notifiers.bounce.taking import Takers
from services.alerts.notifiers.email import mailer
from services.alerts.notifiers.email.letter import sender
from services.alerts.notifiers.email.mailer import Post
from services.alerts.notifiers.email.server import MailServer, address
from services.alerts.notifiers.email.signature import signing
from services.alerts.notifiers.webhook import endpoints, poster
from services.alerts.notifiers.webhook.endpoints import Endpoints
from services.alerts.notifiers.webhook.poster import Desk
from services.alerts.read_through import ReadThrough
from services.alerts.relay import Publisher
from services.alerts.repository import link_key
from services.alerts.rounds import judging, plan_watch
from services.alerts.rounds.clearing import Clearing
from services.alerts.rounds.digests import DigestLinks, Digests
from services.alerts.rounds.display import Display
from services.alerts.rounds.holding import Holding
from services.alerts.rounds.judging import Judging
from services.alerts.rounds.measure_watch import MeasureWatch
from services.alerts.rounds.new_day import NewDay
from services.alerts.rounds.plan_watch import PlanWatch
from services.alerts.rounds.rounds import Rounds
from services.alerts.settings import AlertSettings
from services.alerts.telemetry import Telemetry
from shared.contracts.dead_letters import Place, Retried
from shared.contracts.topics import WORKFORCE_ALERTS
from shared.kit import database, dead_letter_routes, topics
from shared.kit.access import journal_routes, tokens
from shared.kit.access.journal import Journal
from shared.kit.batches import Lag, Subscription
from shared.kit.clock import clock
from shared.kit.dead_letters import Limits
from shared.kit.health import Health
from shared.kit.server import application
from shared.kit.supervisor import Supervisor, Task

TITLE = "Stadga alerts"
SCHEMA, DATABASE, SMTP = "alerts", "database", "smtp"
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


def alerts(settings: AlertSettings) -> Litestar:
    """The application; raises SettingsError before anything is started."""
    service = Service(settings)
    faults_to = settings.stadga_faults_to
    address = settings.stadga_public_url
    board = Board(lambda: service.pool, service.metrics, service.clock, faults_to, lambda: service.link_key, address)
    handlers: list[ControllerRouterHandler] = [
        *service.access.routes,
        *views.routes(lambda: service.pool, service.refusals, service.clock),
        *stories.routes(lambda: service.pool, service.clock),
        *handling.routes(lambda: service.pool, service.clock),
        *digests.routes(lambda: service.pool, service.clock),
        *evaluations.routes(lambda: service.pool, service.metrics.of),
        *orders.routes(lambda: service.pool, service.adopt, service.clock),
        journal_routes.route(lambda: service.pool),
        *dead_letter_routes.routes(dead_letter_routes.Desk(lambda: service.pool, service.again)),
        board_routes.router(board),
        *leaving.routes(board, service.clock, lambda: service.link_key),
    ]
    return application(
        TITLE,
        handlers,
        service.health,
        service.registry,
        service.exposition.scraped,
        [lambda _: service.running(), lambda _: service.metrics.asked()],
        service.access.guard,
    )


class Service:
    """Everything that works beside HTTP, over one pool, which is there once the database is."""

    def __init__(self, settings: AlertSettings) -> None:
        """Nothing is connected yet; raises SettingsError."""
        self._settings = settings
        self.clock = clock(settings)
        self.health = Health(self.clock, DATABASE, lesser=LESSER)
        if not (settings.stadga_bounces or settings.stadga_bounces_port):
            self.health.ok(bounce.PART)
        self.registry = CollectorRegistry()
        self._telemetry = Telemetry(self.registry)
        self.exposition = Exposition(self.registry)
        self._supervisor = Supervisor(self.health, self.registry)
        self._journal = Journal(self.clock, settings.stadga_access_log_days)
        self.access = Access(settings, lambda: self.pool, self.health, self.clock, self.registry)
        self.access.guard.journal = self._journal
        self.pool: asyncpg.Pool | None = None
        self._again: dict[str, Callable[[Place], Awaitable[Retried]]] = {}
        self._watch: PlanWatch | None = None
        self._link_key = self.link_key = settings.link_key() or b""
        self.metrics = MetricsService(settings.stadga_metrics_url, _token(settings.stadga_metrics_token_file))
        self._endpoints = Endpoints(settings.stadga_webhooks)
        self._mail = (address(settings.smtp_url), sender(settings.stadga_mail_from))
        origin = self._mail[1]
        self._sign = signing(settings.stadga_dkim_key_file, settings.stadga_dkim_selector, origin.domain)
        self._bounces = maildir.at(settings.stadga_bounces)

    def running(self) -> AbstractAsyncContextManager[None]:
        """Work until the block ends."""
        looking = topics.task(self._settings.kafka_bootstrap_servers, (WORKFORCE_ALERTS,), self.health)
        session = Task(DATABASE, self._session, DATABASE)
        return self._supervisor.running(session, looking, *self.access.tasks)

    async def again(self, _: asyncpg.Pool, place: Place) -> Retried:
        """Take a message that was put aside in after all."""
        again = self._again.get(place.topic)
        return await again(place) if again else Retried(place, "gone")

    def refusals(self) -> list[FileRefusal]:
        """The faults of the plan files, as of the last look."""
        return self._watch.refusals if self._watch else []

    async def adopt(self, plan: str, digest: str) -> int | None:
        """Let the text of this digest run; its version."""
        return await self._watch.adopt(plan, digest) if self._watch else None

    async def _session(self) -> None:
        """Open the pool; what works over it begins again by itself."""
        async with database.pool(self._settings.database_url, SCHEMA, CONNECTIONS) as opened:
            await self._work(opened)

    async def _work(self, opened: asyncpg.Pool) -> None:
        mail = asyncio.Event()
        publisher = Publisher(self._settings.kafka_bootstrap_servers, opened, self.health)
        rounds = self._rounds(opened)
        woken = (publisher.wake, mail)
        self.link_key = self._link_key or await link_key.load(opened)
        judge = Judging(rounds, self.clock, self._settings.link, self._telemetry, self.health, woken, self._signed)
        holding = self._holding(opened, rounds, mail.set)
        await rounds.waiting()  # raises what the database says, of a missing migration too
        self.pool = opened
        self.health.ok(DATABASE)
        consuming = self._consuming(opened, rounds)
        journal = Task("access log", lambda: self._journal.keep(opened), DATABASE)
        pulse = Task("pulse", self._pulse, DATABASE)
        poll = timedelta(seconds=self._settings.stadga_mail_poll)
        settings = self._settings
        read = ReadThrough(settings.kafka_bootstrap_servers, settings.stadga_alerts_group, self.clock)
        deliver = Task("mail", lambda: self._deliver(opened, read, mail, poll), SMTP)
        notify = Task("notices", lambda: poster.run(self._desk(opened), poll), endpoints.PART)
        told = (journal, publisher.task, pulse, deliver, notify, *self._bouncing(opened, rounds))
        async with self._supervisor.running(holding.task, judge.task, *told):
            # Before any value is read: of the future, only what a plan asks for is kept.
            await holding.settled.wait()
            await self._supervisor.together(*consuming)

    def _signed(self, link: str, alert: Alert, to: str) -> str:
        expires = self.clock.today() + LASTS
        return signed(link, self.link_key, LinkAbout(alert.plan, alert.target, alert.unit, to, expires))

    def _rounds(self, opened: asyncpg.Pool) -> Rounds:
        settings = self._settings
        limits = Limits(settings.stadga_dead_letters_in_a_row, settings.stadga_dead_letters_a_minute)
        page = overview(settings.link("", "", "", ""))
        return Rounds(opened, self.clock, self._telemetry, limits, page)

    def _holding(self, opened: asyncpg.Pool, rounds: Rounds, written: Callable[[], None]) -> Holding:
        plans, poll = Path(self._settings.stadga_plans), self._settings.stadga_plans_poll
        self._watch = PlanWatch(plans, poll, rounds, self.clock, self._telemetry, self.health)
        display = Display(opened, self.exposition, self._telemetry)
        clearing, new_day = Clearing(opened, self.clock), NewDay(rounds, self.clock)
        page = overview(self._settings.link("", "", "", ""))
        measures = MeasureWatch(rounds, self.clock, self._telemetry, page)
        weekly = Digests(opened, rounds, self.clock, self._links(page), written)
        return Holding(opened, rounds, self._watch, display, clearing, new_day, measures, weekly)

    def _links(self, page: str) -> DigestLinks:
        """Where weekly summaries lead."""
        link = self._settings.link

        def alert(about: Alert, episode: str, to: str) -> str:
            return self._signed(link(about.plan, about.target, about.unit, episode), about, to)

        base = server(link("", "", "", ""))
        return DigestLinks(alert, page, lambda reader: leave(base, self.link_key, reader))

    def _consuming(self, opened: asyncpg.Pool, rounds: Rounds) -> tuple[Task, Task]:
        """What takes in values and measures; from now on a message of either that was put aside as well."""
        on_values = self._to(consumer.PART), rounds.reading, rounds.observe, incoming.GOOD_VALUES, self._show_lag
        on_measures = (
            self._to(consumer.MEASURES),
            rounds.reading_measures,
            rounds.hear,
            incoming.GOOD_UPDATE,
            lambda _: None,
        )
        values = self._consumer(opened, FollowedTopic(*on_values))
        measures = self._consumer(opened, FollowedTopic(*on_measures))
        self._again = {consumer.PART: values.again, consumer.MEASURES: measures.again}
        return values.task, measures.task

    def _to(self, topic: str) -> Subscription:
        group = self._settings.stadga_alerts_group
        group = group if topic == consumer.PART else f"{group}-measures"
        return Subscription(topic, group, self._settings.stadga_alerts_batch)

    def _consumer(self, opened: asyncpg.Pool, following: FollowedTopic[T]) -> Consumer[T]:
        return Consumer(self._settings.kafka_bootstrap_servers, opened, following, self._telemetry, self.health)

    def _show_lag(self, lag: Lag) -> None:
        self._telemetry.show_lag({(at.topic, at.partition): messages for at, messages in lag.items()})

    async def _deliver(self, opened: asyncpg.Pool, read: ReadThrough, mail: asyncio.Event, poll: timedelta) -> None:
        try:
            await mailer.run(self._post(opened, read), mail, poll)
        finally:
            await read.close()

    def _bouncing(self, opened: asyncpg.Pool, rounds: Rounds) -> list[Task]:
        """What takes bounces in, where they are told to come."""
        settings, page = self._settings, overview(self._settings.link("", "", "", ""))
        to, tasks = Takers(opened, self.clock, self._telemetry.bounces, rounds.running, page), list[Task]()
        if self._bounces:
            tasks.append(Task("bounces", partial(maildir.watch, self._bounces, to, self.health), bounce.PART))
        if port := settings.stadga_bounces_port:
            listen = partial(listener.listen, settings.stadga_host, port, to, self.health)
            tasks.append(Task("bounces by SMTP", listen, bounce.PART))
        return tasks

    def _desk(self, opened: asyncpg.Pool) -> Desk:
        counted = self._telemetry.deliveries
        return Desk(opened, self._endpoints, Policy(), self.clock, self.health, counted)

    def _post(self, opened: asyncpg.Pool, read: ReadThrough) -> Post:
        policy = Policy(hourly=self._settings.stadga_mails_per_hour)
        at, origin = self._mail
        server = MailServer(at, policy.timeout)
        counted, clock = self._telemetry.deliveries, self.clock
        return Post(opened, server, origin, policy, clock, self.health, counted, read.moment, self._sign)

    async def _pulse(self) -> None:
        """While nothing changes, a round would find nothing: the service is as good as what it judges by."""
        while True:
            if self.health.works(consumer.PART) and self.health.works(judging.PART):
                self._telemetry.show(self._telemetry.heartbeat, self.clock.now().timestamp())
            await asyncio.sleep(PULSE_SECONDS)


def _token(file: str) -> str:
    return secret_of("STADGA_METRICS_TOKEN_FILE", file) if file else ""
