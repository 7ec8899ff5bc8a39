"""A person's career: what the other parts of a record need to know of the days in service, as records store it."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple, TypeVar

from services.metrics.domain.facts.cell import FOREVER, Cell
from shared.contracts.events import Form


class Post(NamedTuple):
    """One active monthly-paid employment on some days: what absences and time need to know of it."""

    employment: str
    cell: Cell
    fte: int


class Stretch(NamedTuple):
    """Days ``first``–``last`` with nothing changing: where the person works, and every monthly-paid post.

    ``home`` is the cell of the main permanent employment, else fixed-term, else paid by the hour; ``form`` says which.
    """

    first: int
    last: int
    home: Cell
    form: Form
    posts: tuple[Post, ...]


class Stay(NamedTuple):
    """An unbroken permanent stay in the municipality."""

    first: int
    last: int


class Career(NamedTuple):
    """Days in service, in order, and stays; the part of a person's record that all other parts lean on."""

    stretches: tuple[Stretch, ...] = ()
    stays: tuple[Stay, ...] = ()


Spanning = TypeVar("Spanning", bound=tuple[object, ...])


def between(some: Sequence[Spanning], first: int, last: int) -> Sequence[Spanning]:
    """Of things that follow each other, each with its first and last day in front, those with any of these days."""
    return some[bisect_left(some, first, key=_last) : bisect_right(some, last, key=_beginning)]


_beginning, _last = itemgetter(0), itemgetter(1)


def first_difference(old: Career, new: Career) -> int:
    """The first day that what leans on two careers can differ on; FOREVER + 1 when nothing does."""
    return min(_first(_whole(old.stretches), _whole(new.stretches)), _first(old.stays, new.stays))


def _whole(stretches: Sequence[Stretch]) -> list[Stretch]:
    """Undivided where neighbours are alike, as before and after a change of pay, which nothing leans on.

    Not those paid by the hour: in each of their stretches months are counted anew.
    """
    found: list[Stretch] = []
    for s in stretches:
        before = found[-1] if found else None
        if before and before.last + 1 == s.first and before[2:] == s[2:] and s.form != "hourly":
            found[-1] = before._replace(last=s.last)
        else:
            found.append(s)
    return found


Dated = TypeVar("Dated", Stretch, Stay)


def _first(old: Sequence[Dated], new: Sequence[Dated]) -> int:
    for a, b in zip(old, new, strict=False):  # where one is longer, the rest of it differs
        if a != b:
            same_but_longer = a._replace(last=b.last) == b
            return min(a.last, b.last) + 1 if same_but_longer else min(a.first, b.first)
    longer = old[len(new) :] or new[len(old) :]
    return longer[0].first if longer else FOREVER + 1
