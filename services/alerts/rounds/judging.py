"""Judges what is due, some alerts in each transaction: a plan for ten thousand units is many short rounds."""

import asyncio
import contextlib
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import NamedTuple

import asyncpg
import msgspec
import structlog

from services.alerts.domain.alert.judged import Judgement
from services.alerts.domain.alert.judgement import Link, Setting, Signed, unsigned
from services.alerts.domain.alert.promises import Promise, promise
from services.alerts.domain.alert.standing import Alert
from services.alerts.repository import alerts, bundles, due, groups, handlings, openings, unfinished, unjudged
from services.alerts.rounds.records import Records, outcome, read
from services.alerts.rounds.rounds import Round, Rounds
from services.alerts.telemetry import Telemetry
from shared.kit.clock import Clock
from shared.kit.health import Health
from shared.kit.supervisor import Task
from shared.kit.waiting import within

log = structlog.get_logger()

PART = "judging"
IDLE_SECONDS = 1.0

PORTION = 250
"""Alerts of one transaction: at most about a second of work, and a few ten thousand observations in memory."""

MARKED = 5_000
"""Alerts of a plan that are marked at once: a tenth of a second."""

BREATH = 10
"""Alerts judged between two chances for HTTP."""

TOMORROW = timedelta(1)


class Judged(NamedTuple):
    """What came of some alerts: their outcomes, and what was wrong with those that could not be judged."""

    outcomes: list[Judgement]
    faults: dict[Alert, str]


class Judging:
    """Judges one portion after another. ``woken`` are set after each commit that wrote something to send on."""

    def __init__(
        self,
        rounds: Rounds,
        clock: Clock,
        link: Link,
        telemetry: Telemetry,
        health: Health,
        woken: Sequence[asyncio.Event] = (),
        signed: Signed = unsigned,
    ) -> None:
        """``link`` makes the addresses that mails link to."""
        self._health = health
        self._rounds = rounds
        self._clock = clock
        self._link = link
        self._signed = signed
        self._telemetry = telemetry
        self._woken = woken

    @property
    def task(self) -> Task:
        """Judges what is due until cancelled."""
        return Task(PART, self._session, PART)

    async def _session(self) -> None:
        """Judge until something fails."""
        while True:
            self._rounds.due.clear()  # before it is looked: what is marked meanwhile is not waited for
            if not await self._rounds.waiting() or not await self.some():
                await self._rest()
            self._health.ok(PART)

    async def _rest(self) -> None:
        """Until something is marked, or for as long as another process may have marked something unheard."""
        with contextlib.suppress(TimeoutError):
            await within(self._rounds.due.wait(), IDLE_SECONDS)

    async def some(self) -> int:
        """Judge the next portion; how many alerts it was. What cannot be stored stops only its own alert."""
        try:
            return await self._round(None)
        except _UnstorableError as error:
            log.warning("judging one by one", alerts=len(error.taken), reason=str(error))
            for alert in error.taken:
                await self._alone(alert)
            return len(error.taken)

    async def _alone(self, alert: Alert) -> None:
        try:
            await self._round([alert])
        except _UnstorableError as error:
            async with self._rounds.round() as now:
                await due.drop(now.connection, [alert])
                await self._note(now, [alert], Judged([], {alert: f"cannot be stored: {error}"}))

    async def _round(self, alone: list[Alert] | None) -> int:
        async with self._rounds.round() as now:
            taken = await self._next(now) if alone is None else alone
            await due.drop(now.connection, taken)
            judged = await self._judge(now, taken)
            try:
                await alerts.save(now.connection, judged.outcomes, self._clock.now(), now.number)
                await openings.save(now.connection, judged.outcomes)
                await handlings.save_all(now.connection, judged.outcomes)
            except asyncpg.DataError as error:
                raise _UnstorableError(str(error), taken) from error
            at_once = [mail.id for one in judged.outcomes for mail in one.mails if not mail.settle]
            await unfinished.say(now.connection, at_once)
            await bundles.form(now.connection, at_once, self._clock.now())
            await self._note(now, taken, judged)
        self._report(judged.outcomes)
        return len(taken)

    async def _next(self, now: Round) -> list[Alert]:
        await due.mark_some(now.connection, MARKED)
        return await due.take(now.connection, PORTION)

    async def _judge(self, now: Round, taken: Sequence[Alert]) -> Judged:
        wanted = {alert: one for alert in taken if (one := promise(alert, now.versions, now.places))}
        latest = self._clock.today() + TOMORROW
        records = await read(now.connection, taken, wanted.values(), latest)
        day = await groups.today(now.connection) or self._clock.today()
        today = self._clock.today()
        at = Setting(min(day, latest), latest, self._clock.now(), self._link, today, self._signed)
        judged = Judged([], {})
        for place, alert in enumerate(taken):
            if place % BREATH == 0:
                await asyncio.sleep(0)
            self._one(alert, wanted.get(alert), records, at, judged)
        writing = [wanted[one.alert] for one in judged.outcomes if _writes(one)]
        await records.read_progress(now.connection, writing, at.today)
        again = (outcome(one.alert, wanted[one.alert], records, at) if _writes(one) else one for one in judged.outcomes)
        return Judged([one for one in again if one], judged.faults)

    def _one(self, alert: Alert, wanted: Promise | None, records: Records, at: Setting, judged: Judged) -> None:
        """A fault of one alert is its own: the others are judged."""
        if broken := self._rounds.broken.get(alert.plan):
            judged.faults[alert] = broken
            return
        try:
            found = outcome(alert, wanted, records, at)
        except Exception as error:  # noqa: BLE001 -- nothing here touches the outside: it is this alert's records
            judged.faults[alert] = f"{type(error).__name__}: {error}"
        else:
            judged.outcomes.extend([found] if found else [])

    async def _note(self, now: Round, taken: Collection[Alert], judged: Judged) -> None:
        """Write down what could not be judged, and that the rest could."""
        told = await unjudged.save(now.connection, judged.faults, self._clock.now())
        await unjudged.clear(now.connection, [alert for alert in taken if alert not in judged.faults])
        for alert in sorted(told):
            log.error("alert not judged", **msgspec.structs.asdict(alert), reason=judged.faults[alert])

    def _report(self, outcomes: Collection[Judgement]) -> None:
        for told in (told for one in outcomes for told in one.transitions):
            self._telemetry.transitions.labels(told.body.reason).inc()
        if any(one.transitions or one.mails for one in outcomes):
            for event in self._woken:
                event.set()


def _writes(one: Judgement) -> bool:
    """Whether mails say something that they did not: only then it matters where measures stand."""
    return bool(one.mails or one.settled.rewritten)


class _UnstorableError(Exception):
    """A value of one of the alerts ``taken`` cannot be stored."""

    def __init__(self, message: str, taken: list[Alert]) -> None:
        super().__init__(message)
        self.taken = taken
