"""Days in service: which employments are active on which days, which is the main one, and unbroken stays."""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from services.metrics.domain.facts.career import Career, Post, Stay, Stretch
from services.metrics.domain.facts.cell import Cell, age_band, band_changes
from services.metrics.domain.facts.interval import Piece
from services.metrics.domain.facts.period import Period
from services.metrics.domain.facts.tally import millionths
from shared.contracts.events import EmploymentStarted

GAP = 7
"""Days without permanent employment that do not break a stay."""


class Active(NamedTuple):
    """A period of an employment in force on some days, with the terms that hold then."""

    period: Period
    terms: EmploymentStarted


class CareerDays(NamedTuple):
    """Days with the same employments in force: all of them, the main permanent one, and where the person works."""

    first: int
    last: int
    active: tuple[Active, ...]
    main: Active | None
    home: Active


def days(periods: Sequence[Period]) -> list[CareerDays]:
    """The days on which at least one employment is in force, split wherever anything changes."""
    pieces = [(Active(one, p.terms), p) for one in periods for p in one.interval.pieces]
    begin, end = _ends(p for _, p in pieces)
    found, force = [], list[int]()
    for first, after in pairwise(sorted({turn for _, p in pieces for turn in turns(p)})):
        force = [n for n in force if n not in end[first]] if first in end else force
        for n in begin.get(first, ()):
            insort(force, n)
        if force:
            found.append(_days(first, after - 1, tuple(pieces[n][0] for n in force)))
    return found


def _ends(pieces: Iterable[Piece[EmploymentStarted]]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Which pieces, by their place, begin on each day, and which are over."""
    begin, end = defaultdict[int, set[int]](set), defaultdict[int, set[int]](set)
    for n, piece in enumerate(pieces):
        begin[piece.first].add(n)
        end[piece.last + 1].add(n)
    return begin, end


def _days(first: int, last: int, active: tuple[Active, ...]) -> CareerDays:
    main = _main(active, "permanent")
    home = main or _main(active, "fixed_term") or min(active, key=rank)
    return CareerDays(first, last, active, main, home)


def turns(piece: Piece[EmploymentStarted]) -> list[int]:
    """The days on which a piece begins, is over, or has another cell for the person's age."""
    bands = (d for d in band_changes(piece.terms.born) if piece.first < d <= piece.last)
    return [piece.first, *bands, piece.last + 1]


def _main(active: Sequence[Active], form: str) -> Active | None:
    return min((a for a in active if a.terms.form == form), key=rank, default=None)


def rank(a: Active) -> tuple[float, int, str]:
    """The main employment is the one of the largest fte, then earliest start, then smallest id."""
    return -a.terms.fte, a.period.interval.first, a.period.employment


def cell(a: Active, on: int) -> Cell:
    """The cell an employment counts in on a day."""
    return Cell(a.terms.unit, a.terms.occupation, a.terms.gender or "unknown", age_band(a.terms.born, on))


def career(service: Sequence[CareerDays]) -> Career:
    """What the other parts of the record need to know of the days in service."""
    posts = Posts()
    stretches = tuple(Stretch(d.first, d.last, cell(d.home, d.first), d.home.terms.form, posts.of(d)) for d in service)
    return Career(stretches, tuple(stays(service)))


class Posts:
    """The posts of days, each made once for as long as it stays as it is."""

    def __init__(self) -> None:
        """None made."""
        self._made: dict[tuple[int, int], Post] = {}

    def of(self, d: CareerDays) -> tuple[Post, ...]:
        """Those of some days; the active employments of all days asked for must live as long as this."""
        year = date.fromordinal(d.first).year
        return tuple(self._post(a, d.first, year) for a in d.active if a.terms.form != "hourly")

    def _post(self, a: Active, on: int, year: int) -> Post:
        made = self._made.get((id(a), year))
        if made is None:
            made = self._made[id(a), year] = Post(a.period.employment, cell(a, on), millionths(a.terms.fte))
        return made


def stays(service: Sequence[CareerDays]) -> list[Stay]:
    """The unbroken permanent stays, in order."""
    found: list[Stay] = []
    for d in service:
        if d.main is None:
            continue
        if found and d.first - found[-1].last - 1 <= GAP:
            found[-1] = Stay(found[-1].first, d.last)
        else:
            found.append(Stay(d.first, d.last))
    return found
