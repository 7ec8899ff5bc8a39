"""The job in plain Python: the facts that events of a person come to, where all of them hold (README.md says which).

Written for a peer, and by the contract alone (docs/events.md): nothing of Stadga's own is imported. Days are ordinals,
amounts are millionths.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

from benchmarks.peers.event import (
    ABSENCES,
    ABSENT,
    BACK,
    CASELOAD,
    CHANGED,
    ENDED,
    HOURS,
    JOB,
    LESS_ABSENT,
    OVERRIDING,
    STARTED,
    Event,
)

FOREVER = date.max.toordinal()
ONE = 1_000_000
GAP, WEEKEND, SATURDAY_SUNDAY = 7, 2, (6, 0)
SICK, LEAVE = ("sick", "work_injury"), ("parental", "study", "leave")


class Piece(NamedTuple):
    """Days with the same terms, of an employment or absence that began on ``since``."""

    first: int
    last: int
    since: int
    name: str
    terms: Mapping[str, Any]


class Days(NamedTuple):
    """Days with the same employments in force: where the person works, as what, in which main one, in which paid."""

    first: int
    last: int
    unit: str
    form: str
    posts: Sequence[Piece]


Fact = tuple[str, str, int]
"""Unit, measure and day."""
Facts = dict[Fact, int]
Changes = Iterator[tuple[Fact, int]]
"""One fact may come in parts."""


def written(unit: str, measure: str, day: int) -> str:
    """A fact as the key of a message."""
    return f"{unit}|{measure}|{date.fromordinal(day)}"


def facts(jobs: Sequence[Event], some: Sequence[Event], ref: str) -> Changes:
    """What some events of a person come to, where ``jobs`` are all of employments."""
    told = defaultdict[str, list[Event]](list)
    for event in some:
        told[event.type].append(event)
    pieces = list(_employments(jobs, ref))
    days = list(_days(pieces))
    if not JOB.isdisjoint(told):
        yield from _posts(pieces)
        yield from _stays(days)
    yield from _sickness(days, [event for event in some if event.type in ABSENCES])
    yield from _caseload(days, told[CASELOAD])
    for report in told[HOURS]:
        yield from _hours(days, report.data)


def _span(unit: str, measure: str, first: int, last: int, amount: int = ONE) -> Changes:
    """Something is so from a day to another; nothing where that is no day."""
    if first <= last:
        yield (unit, measure, first), amount
        if last < FOREVER:
            yield (unit, measure, last + 1), -amount


def _millionths(amount: float) -> int:
    return round(amount * ONE)


def _employments(jobs: Sequence[Event], ref: str) -> Iterator[Piece]:
    """The pieces of all periods of all employments."""
    by_name = defaultdict[str, list[Event]](list)
    for event in jobs:
        by_name[event.data.get("employment", ref)].append(event)
    for name, told in by_name.items():
        for period in _periods(told):
            yield from _pieces(name, period, STARTED, CHANGED, ENDED)


def _periods(told: Sequence[Event]) -> list[list[Event]]:
    """The events of one employment by period: between two neighbouring starts lies one if an end does."""
    starts = sorted(_day(event) for event in told if event.type == STARTED)
    ends = sorted(_day(event) for event in told if event.type == ENDED)
    firsts = [b for a, b in pairwise(starts) if bisect_left(ends, a) < bisect_left(ends, b)]
    periods: list[list[Event]] = [[] for _ in (None, *firsts)]
    for event in told:
        periods[bisect_right(firsts, _day(event))].append(event)
    return periods


def _day(event: Event) -> int:
    day: int = event.data["last_day" if event.type == ENDED else "effective"]
    return day


def _pieces(name: str, told: Iterable[Event], started: str, changed: str, ended: str) -> Iterator[Piece]:
    """Of several starts or ends the last recorded holds; changes hold in the order they take effect."""
    of = {type_: sorted(event for event in told if event.type == type_) for type_ in (started, changed, ended)}
    if not of[started]:
        return
    terms: dict[str, Any] = of[started][-1].data
    since = first = terms["effective"]
    last = (of[ended][-1].data if of[ended] else terms).get("last_day", FOREVER)
    if last < first:
        return
    for change in sorted(of[changed], key=lambda event: (event.data["effective"], event)):
        at = change.data["effective"]
        if at > last:
            break
        if at > since:
            yield Piece(since, at - 1, first, name, terms)
            since = at
        terms = terms | {field: change.data[field] for field in OVERRIDING if field in change.data}
    yield Piece(since, last, first, name, terms)


def _form(piece: Piece) -> str:
    form: str = piece.terms.get("form", "permanent")
    return form


def _rank(piece: Piece) -> tuple[float, int, str]:
    """The main employment is the largest, then the earliest, then that of the smallest name."""
    return -piece.terms.get("fte", 1), piece.since, piece.name


def _posts(pieces: Iterable[Piece]) -> Changes:
    for piece in pieces:
        if _form(piece) != "hourly":
            fte = _millionths(piece.terms.get("fte", 1))
            yield from _span(piece.terms["unit"], "fte", piece.first, piece.last, fte)


def _days(pieces: Sequence[Piece]) -> Iterator[Days]:
    """The days with any employment in force, in order, cut wherever one begins, changes or ends."""
    for first, after in pairwise(sorted({day for piece in pieces for day in (piece.first, piece.last + 1)})):
        force = [piece for piece in pieces if piece.first <= first <= piece.last]
        if force:
            home = min(
                force, key=lambda piece: (("permanent", "fixed_term", "hourly").index(_form(piece)), _rank(piece))
            )
            paid = [piece for piece in force if _form(piece) != "hourly"]
            yield Days(first, after - 1, home.terms["unit"], _form(home), paid)


def _stays(days: Iterable[Days]) -> Changes:
    """Permanent staff, who joined them, and who left; a week between is no break."""
    before: Days | None = None
    for now in days:
        if now.form == "permanent":
            yield from _span(now.unit, "headcount", now.first, now.last)
            if before is None or now.first - before.last - 1 > GAP:
                yield from _left(before)
                yield (now.unit, "joiners", now.first), ONE
            before = now
    yield from _left(before)


def _left(last: Days | None) -> Changes:
    if last and last.last < FOREVER:
        yield (last.unit, "leavers", last.last + 1), ONE


def _sickness(days: Iterable[Days], told: Iterable[Event]) -> Changes:
    """Sick time of each post, and spells by the unit in which they begin."""
    by_name = defaultdict[str, list[Event]](list)
    for event in told:
        by_name[event.data["absence"]].append(event)
    absences = [piece for name, some in by_name.items() for piece in _pieces(name, some, ABSENT, LESS_ABSENT, BACK)]
    turns = sorted({day for piece in absences for day in (piece.first, piece.last + 1)})
    last_sick: int | None = None
    for here in days if absences else ():
        cuts = turns[bisect_right(turns, here.first) : bisect_right(turns, here.last)]
        for first, after in pairwise((here.first, *cuts, here.last + 1)):
            force = [piece for piece in absences if piece.first <= first <= piece.last]
            sick = [(post, extent) for post in here.posts if (extent := _sick(force, post.name))]
            for post, extent in sick:
                amount = round(_millionths(post.terms.get("fte", 1)) * extent / ONE)
                yield from _span(post.terms["unit"], "sick_fte", first, after - 1, amount)
            if sick:
                if last_sick is None or not _is_weekend(last_sick + 1, first):
                    yield (here.unit, "sick_spells", first), ONE
                last_sick = after - 1


def _sick(force: Iterable[Piece], employment: str) -> int:
    """The sick extent of an employment: with leave at most the whole, leave first."""
    of = dict.fromkeys((*SICK, *LEAVE), 0)
    for piece in force:
        if piece.terms.get("employment", employment) == employment and piece.terms["kind"] in of:
            of[piece.terms["kind"]] += _millionths(piece.terms.get("extent", 1))
    return min(ONE - min(ONE, sum(of[kind] for kind in LEAVE)), sum(of[kind] for kind in SICK))


def _is_weekend(first: int, after: int) -> bool:
    """Whether no days lie between, or nothing but Saturdays and Sundays."""
    return after - first <= WEEKEND and all(day % 7 in SATURDAY_SUNDAY for day in range(first, after))


def _caseload(days: Sequence[Days], told: Iterable[Event]) -> Changes:
    """Each report until the day before the next one; of several on a day the last recorded."""
    last = FOREVER
    for report in sorted(told, key=lambda event: (event.data["effective"], event), reverse=True):
        first = report.data["effective"]
        for here in days:
            if here.form != "hourly":
                for measure in ("open_cases", "points"):
                    amount = _millionths(report.data.get(measure, 0))
                    yield from _span(here.unit, measure, max(first, here.first), min(last, here.last), amount)
        last = min(last, first - 1)


def _hours(days: Sequence[Days], report: Mapping[str, Any]) -> Changes:
    """Hours lie evenly on those days of the report on which the person works here."""
    within = [(here.unit, max(here.first, report["from"]), min(here.last, report["to"])) for here in days]
    within = [(unit, first, last) for unit, first, last in within if first <= last]
    worked = sum(last - first + 1 for _, first, last in within)
    for measure in ("worked_hours", "overtime_hours"):
        for unit, first, last in within if report.get(measure) else ():
            yield from _span(unit, measure, first, last, _millionths(report[measure] / worked))
