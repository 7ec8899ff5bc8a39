"""The action plan: what is promised, where, and who is told when a promise is about to be broken."""

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Literal, NamedTuple

import msgspec

from shared.contracts.metrics import ALL
from shared.language.language import Language

Side = Literal["above", "below"]
By = Literal["unit", "total"]
RuleKind = Literal["shift", "trend", "beyond"]
"""What a control chart tells: a new level, a way up or down, or a month outside the limits."""
Severity = Literal["info", "warning", "critical"]
Decision = Literal["none", "pending", "decided"]
"""Whether a measure needs a decision on its budget, and has it: ``none`` needs none."""
Expected = Literal["lower", "higher"]
"""Where a measure should move a metric."""
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
SETTLE = 120
"""Seconds that a value has to be still before anybody is mailed of it, where a plan says nothing else."""


class Limit(msgspec.Struct, frozen=True):
    """A value and the side of it that counts."""

    side: Side
    value: float

    def passed(self, value: float) -> bool:
        """Whether ``value`` lies strictly on that side."""
        return value > self.value if self.side == "above" else value < self.value


def limit(side: Side, value: float | None) -> Limit | None:
    """The limit of that value; None of what is judged by a rule, which has none."""
    return None if value is None else Limit(side, value)


class Rule(msgspec.Struct, frozen=True):
    """What a control chart must tell of the months since the day ``since``, upwards or downwards, for a breach."""

    kind: RuleKind
    upwards: bool
    since: date

    @property
    def shown(self) -> str:
        """As a plan that is listed says it."""
        return f"{self.kind} {'up' if self.upwards else 'down'} since {self.since}"


class Rhythm(msgspec.Struct, frozen=True):
    """When a weekly summary is written: the day of the week and the hour, in the time zone of the plan."""

    on: Weekday = "monday"
    at: time = time(8)


class Part(NamedTuple):
    """Whom of a group a value is about: a gender or an age band, in the words of ``GET /v1/metrics``; ``*``: all."""

    gender: str = ALL
    age: str = ALL

    @property
    def by(self) -> str:
        """The dimensions of groups by which it is asked for; empty of everyone."""
        return ",".join(name for name, word in zip(self._fields, self, strict=True) if word != ALL)


EVERYONE = Part()


class Recipient(msgspec.Struct, frozen=True):
    """Someone who gets mail, or a webhook that gets notices; ``name`` is how a mail speaks of them.

    ``digest`` is when they get a weekly summary; None: they get none.
    """

    id: str
    email: str
    language: Language
    name: str
    webhook: str = ""
    """A name of STADGA_WEBHOOKS, in place of an ``email``."""
    digest: Rhythm | None = None

    @property
    def address(self) -> str:
        """Where notices go, as the outbox knows it."""
        return f"webhook:{self.webhook}" if self.webhook else self.email


class Trial(msgspec.Struct, frozen=True):
    """How long a measure is on trial, both days included; a trial may have begun on a day the plan leaves open."""

    last: date = msgspec.field(name="to")
    first: date | None = msgspec.field(name="from", default=None)


class Length(msgspec.Struct, frozen=True):
    """So many days or calendar months."""

    count: int
    of: Literal["days", "months"]


class Evaluate(msgspec.Struct, frozen=True):
    """How it shall be judged whether a measure helped, said before it begins.

    ``units`` carry it out, and are compared with ``compare`` (empty: their siblings in the tree). ``before`` and
    ``after`` are whole calendar months: those that ended last before ``start``, and those that begin once ``wash_in``
    is over. ``smallest`` is the smallest change worth having, as a share of the value before: 0.25 is a fourth of it.
    """

    metrics: tuple[str, ...]
    expect: Expected | None
    start: date
    units: tuple[str, ...]
    wash_in: Length
    before: int
    after: int
    compare: tuple[str, ...]
    smallest: float


class Action(msgspec.Struct, frozen=True):
    """Something the plan says shall be done. ``cost`` is SEK; ``should_move`` names metrics.

    ``unit`` is the one whose own measure it is; None of a measure of the whole plan. ``evaluate`` is how it shall be
    judged whether it helped; None: nothing was said.
    """

    id: str
    title: dict[str, str]
    owner: str
    due: date | None
    cost: float | None
    should_move: tuple[str, ...]
    decision: Decision = "none"
    trial: Trial | None = None
    unit: str | None = None
    evaluate: Evaluate | None = None


class EscalationStep(msgspec.Struct, frozen=True):
    """Who is told once nobody has taken an alert on for so many working days."""

    after: int
    to: tuple[str, ...]


class Target(msgspec.Struct, frozen=True):
    """One promise. ``hold``, ``clear_hold`` and ``look_ahead`` are days; without ``clear`` the breach limit clears.

    Either ``breach`` is a limit of the value of a day, or ``rule`` what the control chart of the months must tell.

    ``settle`` is how many seconds a value has to be still before anybody is mailed of it. What breaches on the day
    ``watch_from``, or before, is told of in one opening summary and not one by one.

    ``occupation`` is whom it is about where that is not everyone in the scope of the plan. ``remind`` is after how many
    days whoever was told of an alert is told that it still fires, again and again; None: never.

    One that a plan writes ``by: gender`` is as many targets, each of a ``gender`` and with an id of its own; likewise
    ``age``. ``*`` is everyone.
    """

    id: str
    metric: str
    by: By
    breach: Limit | None
    clear: Limit | None
    hold: int
    clear_hold: int
    look_ahead: tuple[int, ...]
    severity: Severity
    notify: tuple[str, ...]
    measures: tuple[str, ...]
    require_confirmation: bool
    occupation: str | None = None
    settle: int = SETTLE
    watch_from: date | None = None
    escalate: tuple[EscalationStep, ...] = ()
    remind: int | None = None
    rule: Rule | None = None
    gender: str = ALL
    age: str = ALL

    @property
    def part(self) -> Part:
        """Whom of the group it is about."""
        return Part(self.gender, self.age)

    @property
    def side(self) -> Side:
        """Which way leads to a breach."""
        if self.breach:
            return self.breach.side
        return "above" if self.rule and self.rule.upwards else "below"

    @property
    def shown(self) -> str:
        """The limit or the rule, as a plan that is listed says it."""
        if self.rule:
            return self.rule.shown
        return f"{self.breach.side} {self.breach.value:g}" if self.breach else ""

    @property
    def threshold(self) -> float | None:
        """The limit, if it has one."""
        return self.breach.value if self.breach else None


class Plan(msgspec.Struct, frozen=True):
    """A whole plan. ``local`` holds the targets as a unit adapted them: unit → target id → target.

    A value that reaches back before ``known_from`` is not judged. ``measures`` are also those of single units.
    ``responsible`` is the recipient who answers for the plan; ``remind`` is after how many days people are told again.
    """

    id: str
    title: dict[str, str]
    time_zone: str
    language: Language
    units: tuple[str, ...]
    occupation: str
    recipients: dict[str, Recipient]
    targets: dict[str, Target]
    measures: dict[str, Action]
    local: dict[str, dict[str, Target]]
    known_from: date | None = None
    responsible: str | None = None
    remind: int | None = None

    def target(self, target: str, path: Iterable[str]) -> Target:
        """The target as it holds for the unit whose path (nearest first) this is: the nearest adaptation wins."""
        adapted = (self.local[unit][target] for unit in path if target in self.local.get(unit, {}))
        return next(adapted, self.targets[target])

    def occupation_of(self, target: Target) -> str:
        """Whom a target is about: its own occupation, else that of the scope, ``*`` for all."""
        return target.occupation or self.occupation

    @property
    def named(self) -> frozenset[str]:
        """Every unit the plan names."""
        judged = (one.evaluate for one in self.measures.values() if one.evaluate)
        evaluated = (unit for one in judged for unit in (*one.units, *one.compare))
        return frozenset(self.units) | frozenset(self.local) | frozenset(evaluated)


class Unit(msgspec.Struct, frozen=True):
    """A unit as the metrics service tells of it; ``path`` is the unit and its ancestors, nearest first.

    Nothing is judged of a ``closed`` one on its own.
    """

    id: str
    name: str
    path: tuple[str, ...]
    closed: bool = False


class Version(NamedTuple):
    """A version of a plan that runs, and the file it came from."""

    plan: Plan
    version: int
    source: str
    hash: str
    loaded: datetime
    changed: datetime


def digest(text: str) -> str:
    """What tells one text of a plan from another."""
    return hashlib.sha256(text.encode()).hexdigest()
