"""What carries out of the service what was decided: mails, notices to other systems; and what comes back of mails."""

import asyncio
from datetime import timedelta
from functools import partial

import asyncpg

from services.alerts.domain.handling.link import overview
from services.alerts.domain.letter.delivery import Policy
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
from services.alerts.rounds.rounds import Rounds
from services.alerts.settings import AlertSettings
from services.alerts.telemetry import Telemetry
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.supervisor import Task

SMTP = "smtp"
"""The part of health that is the mail server."""


class Sending:
    """The ways out, by the settings."""

    def __init__(self, settings: AlertSettings, clock: Clock, health: Health, telemetry: Telemetry) -> None:
        """Nothing is connected yet; raises SettingsError."""
        self._settings, self._clock, self._health, self._telemetry = settings, clock, health, telemetry
        self._poll = timedelta(seconds=settings.stadga_mail_poll)
        self._endpoints = Endpoints(settings.stadga_webhooks)
        self._mail = (
            address(settings.smtp_url, settings.smtp_password_file, settings.smtp_ca_file),
            sender(settings.stadga_mail_from, settings.tenant),
        )
        origin = self._mail[1]
        self._sign = signing(settings.stadga_dkim_key_file, settings.stadga_dkim_selector, origin.domain)
        self._bounces = maildir.at(settings.stadga_bounces)
        if not (settings.stadga_bounces or settings.stadga_bounces_port):
            health.ok(bounce.PART)

    def tasks(self, pool: asyncpg.Pool, rounds: Rounds, mail: asyncio.Event) -> list[Task]:
        """What sends and hears; ``mail`` is set when a mail was written."""
        read = ReadThrough(
            self._settings.kafka_bootstrap_servers,
            self._settings.stadga_alerts_group,
            self._clock,
            self._settings.tenant,
        )
        deliver = Task("mail", lambda: self._deliver(pool, read, mail), SMTP)
        notify = Task("notices", lambda: poster.run(self._desk(pool), self._poll), endpoints.PART)
        return [deliver, notify, *self._bouncing(pool, rounds)]

    async def _deliver(self, pool: asyncpg.Pool, read: ReadThrough, mail: asyncio.Event) -> None:
        try:
            await mailer.run(self._post(pool, read), mail, self._poll)
        finally:
            await read.close()

    def _post(self, pool: asyncpg.Pool, read: ReadThrough) -> Post:
        policy = Policy(hourly=self._settings.stadga_mails_per_hour)
        at, origin = self._mail
        server = MailServer(at, policy.timeout)
        counted, clock = self._telemetry.deliveries, self._clock
        return Post(pool, server, origin, policy, clock, self._health, counted, read.moment, self._sign)

    def _desk(self, pool: asyncpg.Pool) -> Desk:
        counted = self._telemetry.deliveries
        return Desk(pool, self._endpoints, Policy(), self._clock, self._health, counted, self._settings.tenant)

    def _bouncing(self, pool: asyncpg.Pool, rounds: Rounds) -> list[Task]:
        """What takes bounces in, where they are told to come."""
        settings, page = self._settings, overview(self._settings.link("", "", "", ""))
        to, tasks = Takers(pool, self._clock, self._telemetry.bounces, rounds.running, page), list[Task]()
        if self._bounces:
            tasks.append(Task("bounces", partial(maildir.watch, self._bounces, to, self._health), bounce.PART))
        if port := settings.stadga_bounces_port:
            listen = partial(listener.listen, settings.stadga_host, port, to, self._health)
            tasks.append(Task("bounces by SMTP", listen, bounce.PART))
        return tasks
