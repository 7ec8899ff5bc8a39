"""The answer: one of four, with all that it rests on, and what it refuses to say."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from msgspec.structs import replace

from services.alerts.domain.evaluation import counted, valued
from services.alerts.domain.evaluation.counted import Found
from services.alerts.domain.evaluation.told import Told, change, hindrance, is_counted, line, per
from services.alerts.domain.evaluation.windows import Windows, first_day
from services.alerts.domain.plan.evaluate import better
from services.alerts.domain.plan.plan import Action, Evaluate, Expected, Plan
from shared.contracts.catalogue import Metric
from shared.contracts.evaluations import (
    Because,
    Caveat,
    Evaluation,
    EvaluationWindow,
    SideBySide,
    UnitLine,
    Verdict,
)
from shared.statistics import placebo
from shared.statistics.placebo import Placebo

Registered = Literal["unchanged", "changed", "absent", "unknown"]
"""Whether the plan that held on the day of the start said the same."""
FEW = 4
"""Units beside: among fewer somebody is the worst more often than one time in five without having been picked."""
NO_CHANGE = {"ratio": 1.0, "difference": 0.0}


class AskedEvaluation(NamedTuple):
    """A measure of a plan by one metric; ``others`` are the names of measures that began at the same time, those
    ``beside`` of such as began in some of the units compared with alone.
    """

    plan: Plan
    measure: Action
    evaluate: Evaluate
    metric: Metric
    months: Windows
    known_to: date
    registered: Registered
    others: Sequence[str]
    beside: Sequence[str] = ()

    @property
    def expect(self) -> Expected:
        """Which way the metric should move."""
        return better(self.metric, self.evaluate.expect)


def evaluated(asked: AskedEvaluation, acted: Sequence[Told], compared: Sequence[Told]) -> Evaluation:
    """The answer. Of groups that are hidden in any month nothing is used, and of those that acted nothing said."""
    usable = [one for one in compared if not hindrance([one], asked.months)]
    left_out = [one.unit.name for one in compared if one not in usable]
    known = asked.known_to >= asked.months.after[-1]
    if why := hindrance(acted, asked.months) if known else "not_over":
        return _unanswered(asked, acted, why)
    measured = _effect(asked, acted, usable)
    if measured is None:
        return _unanswered(asked, acted, "nothing_to_count")
    sides = _side(asked, acted), _side(asked, usable) if usable else None
    smallest = _smallest(asked, sides[0])
    verdict, because = _verdict(asked, measured, smallest)
    caveats = list(_caveats(asked, acted, usable, measured, left_out))
    return replace(
        _unanswered(asked, acted),
        verdict=verdict,
        because=because,
        caveats=caveats,
        effect=measured.effect,
        alone=measured.alone if measured.effect.design == "beside_others" else None,
        acted=sides[0],
        compared=sides[1],
        seen=measured.seen,
        smallest=smallest,
        likewise=measured.likewise,
        second=counted.second(acted, asked.months) if is_counted(asked.metric) else None,
        left_out=left_out,
        months=asked.months.months,
        lines=[*_lines(asked, acted, "acted"), *_lines(asked, usable, "compared")],
    )


def _unanswered(asked: AskedEvaluation, acted: Sequence[Told], *because: Because) -> Evaluation:
    """What was asked, and why there is no answer."""
    months = asked.months
    return Evaluation(
        plan=asked.plan.id,
        measure=asked.measure.id,
        title=asked.measure.title,
        metric=asked.metric.name,
        definition=asked.metric.definition,
        expect=asked.expect,
        start=asked.evaluate.start,
        before=EvaluationWindow(first_day(months.before[0]), months.before[-1]),
        after=EvaluationWindow(first_day(months.after[0]), months.after[-1]),
        known_to=asked.known_to,
        verdict="cannot_be_told",
        because=list(because),
        caveats=[],
        kind=_kind(asked),
        units=[one.unit.name for one in acted],
        occupation=asked.plan.occupation,
        others=list(asked.others),
        beside=list(asked.beside),
    )


def _effect(asked: AskedEvaluation, acted: Sequence[Told], compared: Sequence[Told]) -> Found | None:
    if is_counted(asked.metric):
        return counted.effect(acted, compared, asked.months, asked.expect)
    return valued.effect(acted, compared, asked.metric, asked.months, asked.expect)


def _verdict(asked: AskedEvaluation, found: Found, smallest: float | None) -> tuple[Verdict, list[Because]]:
    if refused := list(_refusals(asked, found)):
        return "cannot_be_told", refused
    moved = direction(found.effect.low, found.effect.high, NO_CHANGE[_kind(asked)])
    if moved is None:
        return ("not_shown", []) if _would_have_been_seen(asked, found, smallest) else ("cannot_be_told", ["too_few"])
    if _as_much_elsewhere(found):
        return "not_shown", ["as_much_elsewhere"]
    return ("improved" if moved == asked.expect else "worsened"), []


def _refusals(asked: AskedEvaluation, found: Found) -> Iterator[Because]:
    if asked.registered in {"changed", "absent"}:
        yield "chosen_afterwards"
    if asked.others:
        yield "another_action"
    if found.effect.low is None and found.effect.high is None:
        yield "no_comparison"


def direction(low: float | None, high: float | None, no_change: float) -> Expected | None:
    """Which way an interval says that something moved; None where it spans no change."""
    if high is not None and high < no_change:
        return "lower"
    return "higher" if low is not None and low > no_change else None


def _would_have_been_seen(asked: AskedEvaluation, found: Found, smallest: float | None) -> bool:
    if found.seen is None or smallest is None:
        return False
    return found.seen >= smallest if asked.expect == "lower" else found.seen <= smallest


def _as_much_elsewhere(found: Found) -> bool:
    """Whether more than one in twenty changed as much, where there are enough units to tell."""
    return bool(found.likewise and Placebo(found.likewise.as_much, found.likewise.units).is_usual)


def _caveats(
    asked: AskedEvaluation, acted: Sequence[Told], compared: Sequence[Told], found: Found, left_out: Sequence[str]
) -> Iterator[Caveat]:
    if len(acted) == 1:
        yield "one_unit"
    if found.effect.design == "before_after":
        yield "nothing_beside"
    elif found.likewise is None or found.likewise.units < placebo.ENOUGH:
        yield "few_others"
    if found.clustered:
        yield "clustered"
    if asked.beside and found.effect.design == "beside_others":
        yield "begun_beside"
    if len(compared) >= FEW and _worst_before(asked, acted, compared):
        yield "worst_before"
    if left_out:
        yield "left_out"
    if asked.registered == "unknown":
        yield "version_unknown"


def _worst_before(asked: AskedEvaluation, acted: Sequence[Told], compared: Sequence[Told]) -> bool:
    """Whether those that acted were worse before than all beside them: such units come back by themselves."""
    sign = 1 if asked.expect == "lower" else -1
    own, beside = ([_side(asked, [one]).before for one in some] for some in (acted, compared))
    worse = [sign * value for value in own if value is not None]
    others = [sign * value for value in beside if value is not None]
    return bool(worse and others) and min(worse) > max(others)


def _side(asked: AskedEvaluation, told: Sequence[Told]) -> SideBySide:
    if not is_counted(asked.metric):
        return SideBySide(*valued.mean(told, asked.metric, asked.months))
    of, times = change(told, asked.months), per(asked.metric)
    before, after = (times * one.events / one.exposure if one.exposure else None for one in of)
    return SideBySide(before, after, of.before.events, of.after.events)


def _smallest(asked: AskedEvaluation, own: SideBySide) -> float | None:
    """The smallest effect worth having, as a ratio or as a difference."""
    share = -asked.evaluate.smallest if asked.expect == "lower" else asked.evaluate.smallest
    if is_counted(asked.metric):
        return 1 + share
    return None if own.before is None else share * abs(own.before)


def _kind(asked: AskedEvaluation) -> Literal["ratio", "difference"]:
    return "ratio" if is_counted(asked.metric) else "difference"


def _lines(asked: AskedEvaluation, told: Sequence[Told], role: Literal["acted", "compared"]) -> list[UnitLine]:
    return [UnitLine(one.unit.id, one.unit.name, role, line(one, asked.metric, asked.months)) for one in told]
