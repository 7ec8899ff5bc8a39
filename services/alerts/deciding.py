"""What decides: the rounds over the database, what has them judge, and what follows plans, days and weeks."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import asyncpg

from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.handling.link import LASTS, LinkAbout, overview, signed
from services.alerts.domain.weekly.leave import leave, server
from services.alerts.exposition import Exposition
from services.alerts.metrics_service import MetricsService
from services.alerts.rounds.answering import Answering
from services.alerts.rounds.clearing import Clearing
from services.alerts.rounds.digests import DigestLinks, Digests
from services.alerts.rounds.display import Display
from services.alerts.rounds.holding import Holding
from services.alerts.rounds.judging import Judging
from services.alerts.rounds.measure_watch import MeasureWatch
from services.alerts.rounds.month_watch import MonthWatch
from services.alerts.rounds.new_day import NewDay
from services.alerts.rounds.part_watch import PartWatch
from services.alerts.rounds.plan_watch import PlanWatch
from services.alerts.rounds.rounds import Rounds
from services.alerts.settings import AlertSettings
from services.alerts.telemetry import Telemetry
from shared.kit.clock import Clock
from shared.kit.dead_letters import Limits
from shared.kit.health import Health


class Deciding:
    """Rounds over one pool, and who calls for them."""

    def __init__(
        self,
        settings: AlertSettings,
        clock: Clock,
        health: Health,
        telemetry: Telemetry,
        pool: asyncpg.Pool,
        link_key: bytes,
    ) -> None:
        """``link_key`` signs the links in mails."""
        self._settings, self._clock, self._health, self._telemetry = settings, clock, health, telemetry
        self._pool, self._link_key = pool, link_key
        self._page = overview(settings.link("", "", "", ""))
        limits = Limits(settings.stadga_dead_letters_in_a_row, settings.stadga_dead_letters_a_minute)
        self.rounds = Rounds(pool, clock, telemetry, limits, self._page, settings.tenant)
        plans, poll = Path(settings.stadga_plans), settings.stadga_plans_poll
        self.watch = PlanWatch(plans, poll, self.rounds, clock, telemetry, health)

    def judging(self, woken: Sequence[asyncio.Event]) -> Judging:
        """What judges; ``woken`` are set when it wrote something to send on."""
        link = self._settings.link
        return Judging(self.rounds, self._clock, link, self._telemetry, self._health, woken, self._signed)

    def holding(self, exposition: Exposition, metrics: MetricsService, written: Callable[[], None]) -> Holding:
        """What one process does for all: it asks ``metrics``, and calls ``written`` when it wrote a mail."""
        rounds, clock = self.rounds, self._clock
        return Holding(
            self._pool,
            rounds,
            self.watch,
            Display(self._pool, exposition, self._telemetry),
            Clearing(self._pool, clock),
            NewDay(rounds, clock),
            Answering(self._pool, rounds, clock, metrics),
            MeasureWatch(rounds, clock, self._telemetry, self._page),
            Digests(self._pool, rounds, clock, self._links(), written),
            MonthWatch(rounds, clock, metrics),
            PartWatch(rounds, clock, metrics),
        )

    def _signed(self, link: str, alert: Alert, to: str) -> str:
        expires = self._clock.today() + LASTS
        return signed(link, self._link_key, LinkAbout(alert.plan, alert.target, alert.unit, to, expires))

    def _links(self) -> DigestLinks:
        """Where weekly summaries lead."""
        link = self._settings.link

        def alert(about: Alert, episode: str, to: str) -> str:
            return self._signed(link(about.plan, about.target, about.unit, episode), about, to)

        base = server(link("", "", "", ""))
        return DigestLinks(alert, self._page, lambda reader: leave(base, self._link_key, reader))
