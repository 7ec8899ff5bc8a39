"""What absences contribute: sick, leave and study time, and calendar-continuous sick spells."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from services.metrics.domain.career import Post, Stretch
from services.metrics.domain.cell import Cell
from services.metrics.domain.entry import Told
from services.metrics.domain.interval import Folded, Interval, fold
from services.metrics.domain.measures import Measure
from services.metrics.domain.tally import ONE, Tally, millionths
from shared.contracts.events import AbsenceChanged, AbsenceEnded, AbsenceStarted

LEAVE = ("parental", "study", "leave")
SICK = ("sick", "work_injury")
LONG = 60
SHORT = 14
BY_KIND = (("study", Measure.study_fte), ("parental", Measure.parental_fte))

Absence = Interval[AbsenceStarted]


class Away(NamedTuple):
    """Some days of a stretch with the same absences in force: (employment or None, kind, extent in millionths)."""

    first: int
    last: int
    home: Cell
    posts: tuple[Post, ...]
    absences: tuple[tuple[str | None, str, int], ...]


class Extents(NamedTuple):
    """Sick and leave extents in millionths, capped so that together they never exceed the whole; leave first."""

    sick: int
    leave: int


class Spell(NamedTuple):
    """Consecutive calendar days in service with a sick extent above zero."""

    first: int
    last: int
    home: Cell

    @property
    def long_from(self) -> int:
        """Its 60th day, whether it reaches it or not."""
        return self.first + LONG - 1


def read(told: Sequence[Told]) -> Folded[AbsenceStarted]:
    """One absence."""
    return fold(told, AbsenceStarted, AbsenceChanged, AbsenceEnded)


def contribute(stretches: Sequence[Stretch], folded: Iterable[Folded[AbsenceStarted]], tally: Tally) -> None:
    """Sick, leave and study time of these absences; closed under overlap and adjacency, or spells would be cut."""
    absences = []
    for interval, anomalies in folded:
        for kind, count in anomalies.items():
            tally.anomaly(kind, count)
        if interval:
            absences.append(interval)
            tally.anomaly("absence_outside_employment", not _in_service(interval, stretches))
    away = list(_away(stretches, absences))
    spells = list(_spells(away))
    for a in away:
        spell = next((s for s in spells if s.first <= a.first <= s.last), None)
        for post in a.posts:
            _post(a, post, spell, tally)
    for spell in spells:
        tally.point(spell.home, Measure.sick_spells, spell.first)
        if spell.last - spell.first + 1 <= SHORT:
            tally.point(spell.home, Measure.short_spells, spell.first)


def _away(stretches: Sequence[Stretch], absences: Sequence[Absence]) -> Iterable[Away]:
    if not absences:
        return
    low, high = min(a.first for a in absences), max(a.last for a in absences)
    pieces = [p for a in absences for p in a.pieces]
    turns = {low, high + 1} | {p.first for p in pieces} | {p.last + 1 for p in pieces}
    for s in stretches:
        if s.last < low or s.first > high:
            continue
        cuts = sorted({max(s.first, low), min(s.last, high) + 1} | {t for t in turns if s.first < t <= s.last})
        for first, after in pairwise(cuts):
            force = tuple(
                (p.terms.employment, p.terms.kind, millionths(p.terms.extent))
                for p in pieces
                if p.first <= first <= p.last
            )
            if force:
                yield Away(first, after - 1, s.home, s.posts, force)


def _extents(absences: Iterable[tuple[str | None, str, int]]) -> Extents:
    leave = sick = 0
    for _, kind, extent in absences:
        if kind in LEAVE:
            leave += extent
        elif kind in SICK:
            sick += extent
    leave = min(ONE, leave)
    return Extents(min(ONE - leave, sick), leave)


def _spells(away: Iterable[Away]) -> Iterable[Spell]:
    spell: Spell | None = None
    for a in away:
        if _extents(a.absences).sick <= 0:
            continue
        if spell and spell.last + 1 == a.first:
            spell = spell._replace(last=a.last)
            continue
        if spell:
            yield spell
        spell = Spell(a.first, a.last, a.home)
    if spell:
        yield spell


def _post(a: Away, post: Post, spell: Spell | None, tally: Tally) -> None:
    mine = [x for x in a.absences if x[0] is None or x[0] == post.employment]
    sick, leave = _extents(mine)
    tally.span(post.cell, Measure.scheduled_fte, a.first, a.last, -_of(post.fte, leave))
    if sick:
        tally.span(post.cell, Measure.sick_fte, a.first, a.last, _of(post.fte, sick))
        if spell and spell.long_from <= spell.last:
            _long(a, post.cell, _of(post.fte, sick), spell.long_from, tally)
    for kind, measure in BY_KIND:
        if extent := min(ONE, sum(x[2] for x in mine if x[1] == kind)):
            tally.span(post.cell, measure, a.first, a.last, _of(post.fte, extent))


def _long(a: Away, at: Cell, sick: int, day60: int, tally: Tally) -> None:
    """From the 60th day on sickness is long; on that day it turns out that the 59 days before were as well.

    They may lie in two calendar years, and each year's disclosure counts its own.
    """
    tally.span(at, Measure.sick_day60_fte, max(a.first, day60), a.last, sick)
    new_year = date(date.fromordinal(day60).year, 1, 1).toordinal()
    for measure, first, last in (
        (Measure.first59_fte_days_year_before, a.first, min(a.last, new_year - 1)),
        (Measure.first59_fte_days, max(a.first, new_year), min(a.last, day60 - 1)),
    ):
        if first <= last:
            tally.point(at, measure, day60, (last - first + 1) * sick)


def _of(fte: int, extent: int) -> int:
    return round(fte * extent / ONE)


def _in_service(absence: Absence, stretches: Iterable[Stretch]) -> bool:
    return any(s.first <= absence.last and absence.first <= s.last for s in stretches)
