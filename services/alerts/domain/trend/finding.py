"""What a control chart tells of the months since a day, month by month as it could be told then."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

import msgspec

from services.alerts.domain.plan.plan import Rule, RuleKind
from shared.statistics.control_chart import Values, chart, judged
from shared.statistics.special_causes import RUN, Limits, Signal
from shared.statistics.verdict import ENOUGH, Change, average, lasting, needed_in_a_row

Told = Literal["breach", "clear", "unknown"]


class Ruled(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule tells of the months from the day ``since`` on, as of one month.

    ``mean``, ``lower`` and ``upper`` are those of the ``before`` months with a value before that day, ``needed`` how
    many in a row make a change, ``known`` and ``hidden`` how many months since have a value or none. A change goes on
    for ``run`` months from the month that ends on ``first``; 0 and None without one.
    """

    kind: RuleKind
    upwards: bool
    since: date
    told: Told
    before: int
    known: int
    hidden: int
    needed: int = RUN
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    run: int = 0
    first: date | None = None


def unheard(rule: Rule) -> Ruled:
    """What a rule tells before any month is known."""
    return Ruled(kind=rule.kind, upwards=rule.upwards, since=rule.since, told="unknown", before=0, known=0, hidden=0)


class _Usual(NamedTuple):
    """What is usual by the months before a start."""

    known: int
    limits: Limits | None
    needed: int


def start(months: Sequence[date], since: date) -> int:
    """The place of the first whole month since a day; the month it falls in belongs to what was before."""
    return next((place for place, month in enumerate(months) if month.replace(day=1) >= since), len(months))


def findings(rule: Rule, months: Sequence[date], values: Values) -> Iterator[Ruled]:
    """What the rule tells of each month since its start, by nothing that came after it.

    ``months`` are their last days, in order and without holes; a value is None where there is no number to judge by.
    """
    first = start(months, rule.since)
    phases = chart(values[:first]).phases
    limits = phases[0].limits if phases else None
    usual = _Usual(average(values[:first]).known, limits, needed_in_a_row(values[:first]))
    for end in range(first + 1, len(months) + 1):
        yield _finding(rule, usual, months[first:end], values[first:end])


def _finding(rule: Rule, usual: _Usual, months: Sequence[date], values: Values) -> Ruled:
    known, limits = average(values).known, usual.limits
    found = judged(values, limits)
    change = _change(rule, usual, values, found)
    goes_on = change is not None and change.upwards == rule.upwards
    return Ruled(
        kind=rule.kind,
        upwards=rule.upwards,
        since=rule.since,
        told=_told(rule, usual, values, goes_on=goes_on),
        before=usual.known,
        known=known,
        hidden=len(values) - known,
        needed=1 if rule.kind == "beyond" else usual.needed,
        mean=limits.mean if limits else None,
        lower=limits.lower if limits else None,
        upper=limits.upper if limits else None,
        run=change.end - change.first if change and goes_on else 0,
        first=months[change.first] if change and goes_on else None,
    )


def _told(rule: Rule, usual: _Usual, values: Values, *, goes_on: bool) -> Told:
    """Nothing is told from fewer months than a chart asks for, nor of a month that has no number."""
    asked = 1 if rule.kind == "beyond" else usual.needed
    if usual.limits is None or usual.known < ENOUGH or average(values).known < asked or values[-1] is None:
        return "unknown"
    return "breach" if goes_on else "clear"


def _change(rule: Rule, usual: _Usual, values: Values, found: Sequence[Sequence[Signal]]) -> Change | None:
    if rule.kind != "beyond":
        return lasting(rule.kind, values, found, usual.needed)
    outside = [one.upwards for one in found[-1] if one.cause == "outside"] if found else []
    return Change(len(values) - 1, len(values), outside[0]) if outside else None
