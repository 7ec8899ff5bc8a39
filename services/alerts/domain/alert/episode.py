"""The episodes of an alert, as a pure fold over its days: the same days always tell the same story."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

import msgspec
from msgspec.structs import replace

from services.alerts.domain.alert.evaluate import compared
from services.alerts.domain.alert.life import Run, Watch, live, look
from services.alerts.domain.alert.observation import UNKNOWN, Day, Glimpse, number
from services.alerts.domain.alert.occasion import DayBefore
from services.alerts.domain.plan.plan import Target
from shared.contracts.alerts import Reason, State
from shared.contracts.metrics import RESTATED_DAYS, MetricValue

Kind = Literal["breach", "expected"]

SETTLED_DAYS = RESTATED_DAYS + 7
"""Days this old are settled: late data no longer restates them, with a week to spare for a message on its way."""


class Spell(msgspec.Struct, frozen=True):
    """One episode as the values tell it. ``since`` is the first day of the breach, ``began`` the day it fired.

    ``since_at_least``: nothing is known of the day before ``since``.
    """

    kind: Kind
    since: date
    began: date
    phase: State
    ended: date | None = None
    outcome: Reason | None = None
    since_at_least: bool = False


class Memory(msgspec.Struct, frozen=True):
    """Where an alert stood at the end of the last settled day, and what it was judged on (``series``)."""

    series: str
    through: date | None = None
    run: Run = Run()
    watch: Watch = Watch()
    seen: Glimpse | None = None


class Story(msgspec.Struct, frozen=True):
    """What the days told. ``given_up`` are first days of breaches that ended before their hold was met.

    ``seen`` is the latest value, ``heard`` the latest word, which may be that there is none. ``reason`` is why the
    breach came to its present state. ``raised_with`` is the value that each spell (by kind and the day it began) was
    raised with: the one that met the hold, or the nearest breach ahead. ``memory`` is where the next telling may start.
    """

    memory: Memory
    run: Run
    watch: Watch
    spells: tuple[Spell, ...] = ()
    given_up: tuple[date, ...] = ()
    reason: Reason | None = None
    seen: Glimpse | None = None
    heard: Glimpse | None = None
    raised_with: Mapping[tuple[Kind, date], MetricValue] = {}


def tell(memory: Memory, target: Target, days: Sequence[Day]) -> Story:
    """The story of the days after the settled ones, which ``memory`` stands for. ``days`` are in order."""
    teller = _Teller(memory, target)
    left = [day for day in days if memory.through is None or day.on > memory.through]
    settled = left[-1].on - timedelta(SETTLED_DAYS) if left else None
    for day in left:
        if settled and day.on > settled:
            teller.settle(settled)
            settled = None
        teller.hear(day)
    return teller.story()


class _Teller:
    """The fold's accumulator: the two lives, and the episodes they have gone through."""

    def __init__(self, memory: Memory, target: Target) -> None:
        self._target = target
        self._memory = memory
        self._run, self._watch = memory.run, memory.watch
        self._seen = self._heard = memory.seen
        self._reason: Reason | None = None
        self._given_up: list[date] = []
        self._spells: list[Spell] = []
        self._raised_with: dict[tuple[Kind, date], MetricValue] = {}
        self._note_values()

    def settle(self, through: date) -> None:
        """What was told so far is settled."""
        if self._memory.through is None or through > self._memory.through:
            self._memory = Memory(self._memory.series, through, self._run, self._watch, self._seen)

    def hear(self, day: Day) -> None:
        """One day more."""
        if day.now is not None:
            self._live(day, day.now)
            self._heard = Glimpse(day.on, day.now, day.ruled)
            self._seen = self._heard if number(day.now) is not None else self._seen
        self._look(day)
        self._note_values()

    def _live(self, day: Day, now: MetricValue) -> None:
        before = self._run
        self._run, reason = live(self._target, before, compared(self._target, now, day.ruled), day.on)
        self._reason = reason or self._reason
        if before.since is None and self._run.since:
            why = self._unknown_before(day.on)
            self._run = replace(self._run, since_at_least=why is not None, day_before=why or "unheard")
        if reason == "hold_met":
            self._run = replace(self._run, raised_with=now)
        if reason == "resolved" and before.since and before.began:
            self._spells.append(
                Spell("breach", before.since, before.began, "ok", day.on, reason, before.since_at_least)
            )
        if reason == "breach_ended" and before.since:
            self._given_up.append(before.since)

    def _unknown_before(self, on: date) -> DayBefore | None:
        """Why there is no number of the day before, or where a rule judges the month; None where there is one."""
        before = on.replace(day=1) - timedelta(1) if self._target.rule else on - timedelta(1)
        if self._seen is not None and self._seen.on == before:
            return None
        if self._heard is None or self._heard.on != before:
            return "unheard"
        return "no_data" if self._heard.measured.status in UNKNOWN else "no_number"

    def _look(self, day: Day) -> None:
        before = self._watch
        self._watch, reason = look(self._target, before, self._run, day)
        if before.began and not self._watch.began:
            self._spells.append(Spell("expected", before.began, before.began, "ok", day.on, reason))

    def _note_values(self) -> None:
        lives: tuple[tuple[Kind, Run | Watch], ...] = ("breach", self._run), ("expected", self._watch)
        for kind, life in lives:
            if life.began and life.raised_with:
                self._raised_with[kind, life.began] = life.raised_with

    def story(self) -> Story:
        """Everything told, with the episodes still open at the end."""
        return Story(
            memory=self._memory,
            run=self._run,
            watch=self._watch,
            spells=tuple(sorted([*self._spells, *self._open()], key=lambda spell: spell.began)),
            given_up=tuple(self._given_up),
            reason=self._reason,
            seen=self._seen,
            heard=self._heard,
            raised_with=self._raised_with,
        )

    def _open(self) -> list[Spell]:
        run, watch = self._run, self._watch
        spells = [Spell("expected", watch.began, watch.began, "expected")] if watch.began else []
        if run.since and run.began:
            spells.append(Spell("breach", run.since, run.began, run.state, since_at_least=run.since_at_least))
        return spells
