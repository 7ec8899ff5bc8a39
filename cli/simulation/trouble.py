"""Troubles: the ways in which a unit goes wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from cli.simulation.conditions import Conditions
from cli.simulation.seasons import Month

NOTHING: Mapping[str, float] = MappingProxyType({})


class Trouble(NamedTuple):
    """What becomes of a unit's conditions at its worst, what is added to others, and the days it takes to build up."""

    becomes: Mapping[str, float] = NOTHING
    adds: Mapping[str, float] = NOTHING
    builds_up: int = 90

    def strength(self, begins: int, month: Month) -> float:
        """0 before the month of the day (an ordinal) on which it begins, 1 once it has built up."""
        if month.last < begins:
            return 0.0
        return min(1.0, (month.last - begins + 1) / self.builds_up)

    def at(self, strength: float, calm: Conditions) -> dict[str, float]:
        """The conditions it changes when it is so strong."""
        towards = {
            name: getattr(calm, name) * (1 - strength) + worst * strength for name, worst in self.becomes.items()
        }
        return towards | {name: getattr(calm, name) + by * strength for name, by in self.adds.items()}


class Onset(NamedTuple):
    """A trouble, and how many days before the end of the log it begins."""

    trouble: Trouble
    days_before: int


def worsened(calm: Conditions, onsets: Iterable[Onset], month: Month, last_day: int) -> Conditions:
    """The conditions of a month under troubles, in a log that ends on ``last_day`` (an ordinal)."""
    for trouble, days_before in onsets:
        strength = trouble.strength(last_day - days_before, month)
        if strength:
            calm = replace(calm, **trouble.at(strength, calm))
    return calm


PEOPLE_LEAVE = Trouble({"resignations": 0.52}, builds_up=1)
"""Six times the ordinary, so that a year of which nine months go wrong comes out near three times."""
STRAIN = Trouble(
    adds={
        "sickness": 1.3,
        "hiring": -0.5,
        "cover": 1,
        "extra_consultants": 2,
        "load": 0.4,
        "overtime": 5,
        "documentation": 0.06,
        "client_time": -0.05,
        "missed_talks": 0.4,
        "incidents": 1,
        "pulse": -22,
        "answering": -0.15,
    }
)
"""Everything gets somewhat worse, as it does where people leave."""
DOWNHILL = (Onset(PEOPLE_LEAVE, 275), Onset(STRAIN, 275))
"""The troubled unit of an ordinary log: in its last nine months people leave, and what follows from that follows."""
