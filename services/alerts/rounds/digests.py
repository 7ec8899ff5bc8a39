"""Writes weekly summaries: each recipient's at their hour, once.

One missed while the service was away, or nothing was sent to the recipient's address, is written late.
"""

from collections.abc import Callable, Collection, Mapping, Set
from typing import NamedTuple
from zoneinfo import ZoneInfo

import asyncpg

from services.alerts.domain.alert.standing import Alert
from services.alerts.domain.plan.plan import Plan, Recipient, Version
from services.alerts.domain.plan.progress import Progress, standings
from services.alerts.domain.weekly.gathering import Record, Telling, weekly
from services.alerts.domain.weekly.leave import Reader
from services.alerts.domain.weekly.slot import Kept, Step, step
from services.alerts.repository import board, bounces, digests, handlings, measures
from services.alerts.rounds.rounds import Round, Rounds
from shared.kit.clock import Clock


class DigestLinks(NamedTuple):
    """Where summaries lead: an alert and its episode, for a recipient; all alerts; and to end them."""

    alert: Callable[[Alert, str, str], str]
    page: str
    leave: Callable[[Reader], str]


class Due(NamedTuple):
    """What is to be done about a recipient's summaries."""

    to: Recipient
    step: Step


class Digests:
    """Looks at the clock again and again; ``written`` is called after each look that wrote a summary."""

    def __init__(
        self, pool: asyncpg.Pool, rounds: Rounds, clock: Clock, links: DigestLinks, written: Callable[[], None]
    ) -> None:
        """Nothing is looked at yet."""
        self._pool, self._rounds, self._clock, self._links, self._written = pool, rounds, clock, links, written

    async def look(self) -> None:
        """Write what is due; raises what the database says."""
        versions = await self._rounds.running()
        async with self._pool.acquire() as connection:
            kept, stopped = await digests.load(connection), await bounces.addresses(connection)
        if not self._gone(kept, versions) and not any(self._due(one.plan, kept, stopped) for one in versions.values()):
            return
        async with self._rounds.round() as now:  # whatever was decided by this moment is on record
            wrote = await self._bring_up(now)
        if wrote:
            self._written()

    async def _bring_up(self, now: Round) -> bool:
        kept, ended = await digests.load(now.connection), await digests.ended(now.connection)
        stopped = await bounces.addresses(now.connection)
        await digests.drop(now.connection, self._gone(kept, now.versions))
        plans = [one.plan for one in now.versions.values()]
        return any([await self._write(now, plan, self._due(plan, kept, stopped), ended) for plan in plans])

    def _due(self, plan: Plan, kept: Mapping[tuple[str, str], Kept], stopped: Set[str]) -> list[Due]:
        """The recipients of a plan for whom anything changes: nothing does while their address is stopped."""
        zone, now = ZoneInfo(plan.time_zone), self._clock.now()
        reached = (to for to in plan.recipients.values() if to.address not in stopped)
        asked = ((to, kept.get((plan.id, to.id)), to.digest) for to in reached)
        found = ((to, before, step(before, rhythm, zone, now)) for to, before, rhythm in asked if rhythm)
        return [Due(to, after) for to, before, after in found if after.kept != before]

    def _gone(self, kept: Collection[tuple[str, str]], versions: Mapping[str, Version]) -> list[tuple[str, str]]:
        """Those that no plan asks for any more; what a plan asks for that cannot be read is not known."""
        asked = {(name, to.id) for name, one in versions.items() for to in one.plan.recipients.values() if to.digest}
        return [one for one in kept if one not in asked and one[0] not in self._rounds.broken]

    async def _write(self, now: Round, plan: Plan, due: Collection[Due], ended: Collection[Reader]) -> bool:
        """Write the summaries of a plan that are due, but to those who have ended theirs; whether there was any."""
        told = [one for one in due if one.step.since and _reader(plan, one.to) not in ended]
        record = await self._record(now, plan, told) if told else None
        said = [(one.to, weekly(plan, record, self._telling(plan, one))) for one in told if record]
        for to, summary in said:
            if summary:
                await digests.mail(now.connection, summary, to)
        for one in due:
            await digests.keep(now.connection, plan.id, one.to.id, one.step.kept)
        return any(summary for _, summary in said)

    def _telling(self, plan: Plan, due: Due) -> Telling:
        def link(alert: Alert, episode: str) -> str:
            return self._links.alert(alert, episode, due.to.id)

        leave = self._links.leave(_reader(plan, due.to))
        return Telling(due.to, due.step, self._clock.today(), link, self._links.page, leave)

    async def _record(self, now: Round, plan: Plan, told: Collection[Due]) -> Record:
        connection, places = now.connection, now.places.units
        named = {one.unit for one in plan.measures.values() if one.unit in places}
        first = min(one.step.since for one in told if one.step.since)
        open_ = await digests.open_(connection, plan.id)
        alerts = [Alert(one.view.plan, one.view.target, one.view.unit) for one in open_]
        return Record(
            await digests.watched(connection, plan.id),
            open_,
            await digests.steps(connection, plan.id, first),
            await handlings.load(connection, alerts),
            await self._progress(connection, plan),
            await board.sources(connection),
            {unit: places[unit].name for unit in named if unit},
        )

    async def _progress(self, connection: asyncpg.Connection, plan: Plan) -> Mapping[tuple[str, str], Progress]:
        told = await measures.load(connection, {(plan.id, measure) for measure in plan.measures})
        return standings(told, self._clock.today())


def _reader(plan: Plan, to: Recipient) -> Reader:
    return Reader(plan.id, to.id, to.address)
