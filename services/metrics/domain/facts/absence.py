"""What absences contribute: sick, leave and study time by post, and sick spells, joined over weekends."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from services.metrics.domain.facts.career import Post, Stretch, between
from services.metrics.domain.facts.cell import FOREVER, Cell
from services.metrics.domain.facts.entry import ReadEntry
from services.metrics.domain.facts.interval import FoldedInterval, Interval, Piece, fold
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import ONE, Tally, millionths
from shared.contracts.events import AbsenceChanged, AbsenceEnded, AbsenceStarted

LEAVE = ("parental", "study", "leave")
LONG = 60
SHORT = 14
QUARTER = ONE // 4
"""The extent of studies that some employers pay."""
WEEKEND = 2
"""Days of a weekend: no gap in a spell is longer."""
SATURDAY_SUNDAY = (6, 0)
"""The remainders of their ordinals by seven."""

Absence = Interval[AbsenceStarted]


class Extents(NamedTuple):
    """Extents of absences in millionths, summed by what they count as."""

    sick: int = 0
    leave: int = 0
    study: int = 0
    parental: int = 0

    def plus(self, other: "Extents", times: int = 1) -> "Extents":
        """Both together."""
        a, b, c, d = other
        return Extents(self.sick + times * a, self.leave + times * b, self.study + times * c, self.parental + times * d)

    def capped(self) -> "Extents":
        """Sick and leave never exceed the whole together, leave first; nor does study or parental leave."""
        leave = min(ONE, self.leave)
        return Extents(min(ONE - leave, self.sick), leave, min(ONE, self.study), min(ONE, self.parental))


NOTHING = Extents()
COUNTS: Mapping[str, Extents] = {
    "sick": Extents(sick=1),
    "work_injury": Extents(sick=1),
    **{kind: Extents(leave=1, study=kind == "study", parental=kind == "parental") for kind in LEAVE},
}
"""What the kinds of absence count as; the others count as nothing."""


class AbsenceChange(NamedTuple):
    """From a day on there is so much more, or less, of absence from an employment, None: from all of them."""

    day: int
    employment: str | None
    extents: Extents


class Force:
    """The absences in force on a day that goes on."""

    def __init__(self, absences: Iterable[Absence]) -> None:
        """On no day yet."""
        self._turns = sorted((t for a in absences for p in a.pieces for t in _turns(p)), key=lambda turn: turn.day)
        self._next = 0
        self._of: dict[str | None, Extents] = {None: NOTHING}
        self._common = NOTHING

    @property
    def turn(self) -> int:
        """The day of the next change; of none, one that never comes."""
        return self._turns[self._next].day if self._next < len(self._turns) else FOREVER + 1

    def go_on(self, day: int) -> None:
        """To a later day."""
        while self._next < len(self._turns) and self._turns[self._next].day <= day:
            _, employment, extents = self._turns[self._next]
            self._of[employment] = self._of.get(employment, NOTHING).plus(extents)
            self._next += 1
        self._common = self._of[None].capped()

    def of(self, employment: str) -> Extents:
        """What there is of an employment."""
        own = self._of.get(employment)
        return self._of[None].plus(own).capped() if own else self._common


def _turns(piece: Piece[AbsenceStarted]) -> Iterable[AbsenceChange]:
    if counts := COUNTS.get(piece.terms.kind):
        extent, employment = millionths(piece.terms.extent), piece.terms.employment
        yield AbsenceChange(piece.first, employment, NOTHING.plus(counts, extent))
        yield AbsenceChange(piece.last + 1, employment, NOTHING.plus(counts, -extent))


class Away(NamedTuple):
    """Some days of a stretch with the same absences in force, and how much each post is away."""

    first: int
    last: int
    home: Cell
    posts: tuple[tuple[Post, Extents], ...]

    @property
    def is_sick(self) -> bool:
        """Whether any monthly-paid employment has a sick extent above zero: leave from one says nothing of another."""
        return any(extents.sick for _, extents in self.posts)


class SickSpell(NamedTuple):
    """Sick days that follow one another, or have only Saturdays and Sundays between them."""

    first: int
    last: int
    home: Cell

    @property
    def long_from(self) -> int:
        """Its 60th day, whether it reaches it or not."""
        return self.first + LONG - 1


def read(told: Sequence[ReadEntry]) -> FoldedInterval[AbsenceStarted]:
    """One absence."""
    return fold(told, AbsenceStarted, AbsenceChanged, AbsenceEnded)


def contribute(stretches: Sequence[Stretch], folded: Iterable[FoldedInterval[AbsenceStarted]], tally: Tally) -> None:
    """Sick, leave and study time of these absences; closed under overlap and adjacency, or spells would be cut."""
    absences = []
    for interval, anomalies in folded:
        for kind, count in anomalies.items():
            tally.anomaly(kind, count)
        if interval:
            absences.append(interval)
            tally.anomaly("absence_outside_employment", not _in_employment(interval, stretches))
    if not absences:
        return
    away = list(_away(stretches, absences))
    spells = list(_spells(away))
    for a in away:
        spell = next(iter(between(spells, a.first, a.first)), None)
        for post, extents in a.posts:
            _post(a, post, extents, spell, tally)
    for spell in spells:
        tally.point(spell.home, Measure.sick_spells, spell.first)
        if spell.last - spell.first + 1 <= SHORT:
            tally.point(spell.home, Measure.short_spells, spell.first)


def _away(stretches: Sequence[Stretch], absences: Iterable[Absence]) -> Iterable[Away]:
    """The days away in order, by one walk over stretches and changes of absences."""
    force = Force(absences)
    for s in between(stretches, force.turn, FOREVER):
        first = s.first
        while first <= s.last:
            force.go_on(first)
            after = min(force.turn, s.last + 1)
            posts = tuple((post, of) for post in s.posts if (of := force.of(post.employment)) != NOTHING)
            if posts:
                yield Away(first, after - 1, s.home, posts)
            first = after


def _spells(away: Iterable[Away]) -> Iterable[SickSpell]:
    spell: SickSpell | None = None
    for a in away:
        if not a.is_sick:
            continue
        if spell and weekend_between(spell.last, a.first):
            spell = spell._replace(last=a.last)
            continue
        if spell:
            yield spell
        spell = SickSpell(a.first, a.last, a.home)
    if spell:
        yield spell


def weekend_between(last: int, first: int) -> bool:
    """Whether the days between two, if any, are all Saturdays and Sundays."""
    return first - last - 1 <= WEEKEND and all(on % 7 in SATURDAY_SUNDAY for on in range(last + 1, first))


def _post(a: Away, post: Post, of: Extents, spell: SickSpell | None, tally: Tally) -> None:
    if of.leave:
        tally.span(post.cell, Measure.scheduled_fte, a.first, a.last, -_of(post.fte, of.leave))
    if of.sick:
        sick = _of(post.fte, of.sick)
        tally.span(post.cell, Measure.sick_fte, a.first, a.last, sick)
        if spell and spell.long_from <= spell.last:
            _long(a, post.cell, sick, spell.long_from, tally)
    for measure, extent in ((Measure.study_fte, of.study), (Measure.parental_fte, of.parental)):
        if extent:
            tally.span(post.cell, measure, a.first, a.last, _of(post.fte, extent))
    if of.study == QUARTER:
        tally.span(post.cell, Measure.study_quarter_fte, a.first, a.last, _of(post.fte, QUARTER))


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


def _in_employment(absence: Absence, stretches: Sequence[Stretch]) -> bool:
    """Whether there is a monthly-paid employment that it is an absence from on any of its days."""
    of = absence.pieces[0].terms.employment
    there = between(stretches, absence.first, absence.last)
    return any(post.employment == of or of is None for stretch in there for post in stretch.posts)
