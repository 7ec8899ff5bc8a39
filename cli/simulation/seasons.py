"""Months and what they do to people: when they fall ill, give notice, are hired.

Factors average one over the year. Days are proleptic Gregorian ordinals throughout the simulation.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

SICKNESS = (1.4, 1.5, 1.2, 1.0, 0.8, 0.6, 0.4, 0.7, 1.1, 1.2, 1.2, 0.9)
"""Winter infections; few call in sick from their vacation."""

NOTICES = (1.5, 1.2, 1.0, 1.0, 0.9, 0.6, 0.3, 1.7, 1.4, 1.1, 0.8, 0.5)
"""People resign when they come back from the summer and at the turn of the year."""

OFFERS = (0.9, 0.9, 1.0, 1.2, 1.5, 1.5, 0.9, 1.2, 1.0, 0.8, 0.6, 0.5)
"""Offers made before the summer give first days in the autumn."""


class Month(NamedTuple):
    """The days of a calendar month that the log covers; ``number`` is 1 for January."""

    first: int
    last: int
    number: int

    @property
    def share(self) -> float:
        """What part of a year the days are: turns a yearly rate into this month's."""
        return (self.last - self.first + 1) / 365


def months(first: date, last: date) -> Iterator[Month]:
    """The months from first to last, the outer ones cut to the days asked for."""
    day, end = first.toordinal(), last.toordinal()
    while day <= end:
        this = date.fromordinal(day)
        following = date(this.year + this.month // 12, this.month % 12 + 1, 1).toordinal()
        yield Month(day, min(following - 1, end), this.month)
        day = following
