"""What an evaluation says: whether a measure of a plan helped, by how much, and how far that is known."""

from datetime import date
from typing import Literal

import msgspec

Verdict = Literal["improved", "not_shown", "worsened", "cannot_be_told"]
"""``not_shown``: a change worth having would have been seen, and none was. ``cannot_be_told``: ``because`` says why."""
Because = Literal[
    "not_over",
    "not_known",
    "small_group",
    "nothing_to_count",
    "no_comparison",
    "chosen_afterwards",
    "another_action",
    "too_few",
    "as_much_elsewhere",
]
Caveat = Literal[
    "one_unit",
    "nothing_beside",
    "clustered",
    "begun_beside",
    "worst_before",
    "few_others",
    "left_out",
    "version_unknown",
]
Role = Literal["acted", "compared"]
Kind = Literal["ratio", "difference"]
"""Counts are compared by the ratio of their rates (1: no change), all else by difference (0: no change)."""
Design = Literal["before_after", "beside_others"]
"""``beside_others``: the change less that of the units without the measure (difference-in-differences)."""


class EvaluationWindow(msgspec.Struct, frozen=True):
    """Whole calendar months, by their first and last day."""

    first: date
    last: date


class Effect(msgspec.Struct, frozen=True):
    """A ratio or a difference with its 95 % interval; None: it has no such bound, or nothing to be made of."""

    effect: float | None
    low: float | None
    high: float | None
    design: Design


class SideBySide(msgspec.Struct, frozen=True):
    """A value before and after: of counts the yearly rate, and how many there were."""

    before: float | None
    after: float | None
    count_before: int | None = None
    count_after: int | None = None


class UnitLine(msgspec.Struct, frozen=True):
    """A unit's value month by month, yearly rates of counts; None where there is none or it may not be told."""

    unit: str
    name: str
    role: Role
    values: list[float | None]


class Likewise(msgspec.Struct, frozen=True):
    """Of ``units`` without the measure, ``as_much`` changed at least as much, each by what is chance in it."""

    as_much: int
    units: int


class SecondOpinion(msgspec.Struct, frozen=True):
    """The step at the start apart from trend and season, by segmented quasi-Poisson regression."""

    effect: float
    low: float
    high: float
    dispersion: float


class Staying(msgspec.Struct, frozen=True):
    """Of those who were there as long: ``left`` after the start, where ``expected`` would have, had nothing changed.

    ``p`` is how often chance alone makes such a difference (log-rank), ``year_before`` and ``year_after`` the share
    still there a year after they began (Kaplan-Meier); None where too few are seen so long. Whatever they left for.
    """

    left: int
    expected: float
    p: float
    year_before: float | None
    year_after: float | None


class EarlierAnswer(msgspec.Struct, frozen=True):
    """What was answered on a day to the same question, before late events came or were put right."""

    day: date
    verdict: Verdict
    kind: Kind
    effect: Effect | None


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for one metric. ``months`` are the last days of the months that ``lines`` have values of.

    ``seen`` is the effect that would have been seen in four cases of five, ``smallest`` the smallest worth having, both
    of the kind of ``effect``; None: not even a fall to nothing, or nothing is known. ``others`` are measures that began
    at the same time in the same units, ``beside`` those that did in some of the units compared with; ``units`` are the
    names of those that carry the measure out, ``occupation`` whom of them the plan is about. ``earlier`` are answers
    that said another thing, the oldest first; ``given`` is the day this one is of, where metrics is away and no
    other can be given.
    """

    plan: str
    measure: str
    title: dict[str, str]
    metric: str
    definition: str
    expect: Literal["lower", "higher"]
    start: date
    before: EvaluationWindow
    after: EvaluationWindow
    known_to: date
    verdict: Verdict
    because: list[Because]
    caveats: list[Caveat]
    kind: Kind
    units: list[str]
    occupation: str = "*"
    effect: Effect | None = None
    alone: Effect | None = None
    acted: SideBySide | None = None
    compared: SideBySide | None = None
    seen: float | None = None
    smallest: float | None = None
    likewise: Likewise | None = None
    second: SecondOpinion | None = None
    staying: Staying | None = None
    others: list[str] = []
    beside: list[str] = []
    left_out: list[str] = []
    months: list[date] = []
    lines: list[UnitLine] = []
    earlier: list[EarlierAnswer] = []
    given: date | None = None
