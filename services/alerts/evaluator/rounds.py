"""A round: the changed values or plans in, standings, episodes, transitions and mails out, in one transaction."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import asyncpg

from services.alerts.domain import progress
from services.alerts.domain.episode import SETTLED_DAYS
from services.alerts.domain.plan import Unit
from services.alerts.domain.plan_reading import read
from services.alerts.domain.progress import Update
from services.alerts.domain.standing import Alert, Cause, Episode
from services.alerts.evaluator.asked import ALERTABLE, Asked, ahead, asked
from services.alerts.evaluator.judgement import Known, Link, Setting, judgement, withdrawal
from services.alerts.repository import alerts, dead_letters, history, measures, observations, plans
from services.alerts.repository.alerts import Outcome
from services.alerts.repository.dead_letters import DeadLetter
from services.alerts.repository.plans import Running, Version
from services.alerts.telemetry import Telemetry
from shared.contracts.metrics import GroupComputed
from shared.kit.clock import Clock

ONE_AT_A_TIME = 0x57AD6A
"""The advisory lock that lets one process judge at a time: two would tell of the same change twice."""

KEPT_DAYS = SETTLED_DAYS + 10


class Change(NamedTuple):
    """A plan to run from now on, or (``text`` None) no more."""

    plan: str
    text: str | None
    source: str


class Rounds:
    """Runs rounds one after another; ``woken`` are set after each commit that wrote something to send on."""

    def __init__(
        self, pool: asyncpg.Pool, clock: Clock, link: Link, telemetry: Telemetry, woken: Sequence[asyncio.Event] = ()
    ) -> None:
        """``link`` makes the address a mail links to."""
        self._pool = pool
        self._clock = clock
        self._link = link
        self._telemetry = telemetry
        self._woken = woken
        self._running = Running()
        self._pruned: date | None = None

    async def observe(self, groups: Sequence[GroupComputed], unread: Collection[DeadLetter]) -> None:
        """Take in published values; the same ones again change nothing."""
        async with self._round() as connection:
            versions = await self._running.load(connection)
            before = await observations.units(connection)
            await observations.save_groups(connection, groups)
            after = await observations.units(connection)
            wanted = ahead(versions.values())
            changed = await observations.save(
                connection, (row for group in groups for row in observations.rows(group, ALERTABLE, wanted))
            )
            await dead_letters.save(connection, unread)
            every = asked(versions, after)
            due = {alert: one for alert, one in every.items() if before != after or one.series in changed}
            outcomes = await self._judge(connection, due, "values")
            if before != after:
                outcomes += await self._withdraw(connection, every)
            await alerts.save(connection, outcomes, self._clock.now())
        self._report(outcomes)
        await self._prune()

    async def hear(self, updates: Sequence[Update], unread: Collection[DeadLetter]) -> None:
        """Keep what was told of measures: the next mail about them says it."""
        async with self._pool.acquire() as connection, connection.transaction():
            await measures.save(connection, updates)
            await dead_letters.save(connection, unread)

    async def change(self, changes: Collection[Change]) -> None:
        """Let plans run, or run no more, from now on."""
        async with self._round() as connection:
            for one in changes:
                await self._adopt(connection, one)
            versions = await self._running.load(connection)
            every = asked(versions, await observations.units(connection))
            touched = {one.plan for one in changes}
            due = {alert: one for alert, one in every.items() if alert.plan in touched}
            outcomes = await self._judge(connection, due, "plan")
            outcomes += await self._withdraw(connection, every)
            await alerts.save(connection, outcomes, self._clock.now())
        self._report(outcomes)
        await self.show()

    async def running(self) -> tuple[dict[str, Version], dict[str, Unit]]:
        """The running plans, and the units known of."""
        async with self._pool.acquire() as connection:
            return await self._running.load(connection), await observations.units(connection)

    async def show(self) -> None:
        """Show where every alert stands, also those that another process judged."""
        async with self._pool.acquire() as connection:
            standing = await history.standing(connection)
            self._telemetry.unpublished.set(await history.unpublished(connection))
        self._telemetry.show(standing)

    @contextlib.asynccontextmanager
    async def _round(self) -> AsyncIterator[asyncpg.Connection]:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1)", ONE_AT_A_TIME)
            yield connection

    async def _adopt(self, connection: asyncpg.Connection, one: Change) -> None:
        if one.text is None:
            await plans.withdraw(connection, one.plan, self._clock.now())
        else:
            await plans.adopt(connection, read(one.text), one.text, one.source, self._clock.now())

    async def _judge(self, connection: asyncpg.Connection, due: Mapping[Alert, Asked], cause: Cause) -> list[Outcome]:
        if not due:
            return []
        standings = await alerts.standings(connection, due)
        episodes = await alerts.episodes(connection, due)
        days = await observations.load(connection, {one.series for one in due.values()})
        windows = await observations.windows(connection)
        told = await alerts.addressees(connection, _open(episodes))
        at = await self._setting(connection, cause)
        updates = await measures.load(connection, {one.version.plan.id for one in due.values()})
        reached = progress.standings(updates, at.today)
        return [
            judgement(
                alert,
                one,
                Known(
                    standings.get(alert),
                    episodes.get(alert, ()),
                    days.get(one.series, ()),
                    lambda episode: told.get(episode, ()),
                    windows.get(one.series[:2], 365),
                    reached,
                ),
                at,
            )
            for alert, one in due.items()
        ]

    async def _withdraw(self, connection: asyncpg.Connection, every: Mapping[Alert, Asked]) -> list[Outcome]:
        gone = await alerts.watched(connection) - every.keys()
        if not gone:
            return []
        standings = await alerts.standings(connection, gone)
        episodes = await alerts.episodes(connection, gone)
        views = await alerts.views(connection, gone)
        at = await self._setting(connection, "plan")
        return [withdrawal(one, views[one], standings[one], episodes.get(one, ()), at) for one in sorted(gone)]

    async def _setting(self, connection: asyncpg.Connection, cause: Cause) -> Setting:
        today = await observations.today(connection) or self._clock.today()
        return Setting(today, cause, self._clock.now(), self._link)

    async def _prune(self) -> None:
        """Once a day: what is settled for every alert is not needed any more."""
        if self._pruned != self._clock.today():
            async with self._round() as connection:
                await observations.prune(connection, KEPT_DAYS)
            self._pruned = self._clock.today()

    def _report(self, outcomes: Collection[Outcome]) -> None:
        now = self._clock.now()
        self._telemetry.heartbeat.set(now.timestamp())
        for one in outcomes:
            for told in one.transitions:
                self._telemetry.transitions.labels(told.body.reason).inc()
        self._telemetry.judged((one.view, now) for one in outcomes if one.watched)
        if any(one.transitions for one in outcomes):
            for event in self._woken:
                event.set()


def _open(episodes: Mapping[Alert, Iterable[Episode]]) -> list[str]:
    return [one.id for found in episodes.values() for one in found if one.spell.ended is None]
