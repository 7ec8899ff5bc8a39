"""How things stand in a unit: every dial that a plan's promises, and troubles, turn."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conditions:
    """How things stand in a unit during a month; the defaults are those of an ordinary unit.

    What is said to be *times* multiplies what is ordinary (see ``magnitudes``).
    """

    resignations: float = 0
    """Per settled person and year, as a set number; at 0 they are left to chance."""
    sickness: float = 1
    """Times."""
    hiring: float = 1
    """Times: how readily a vacant post is filled."""
    cover: float = 1
    """Times: how readily a vacant post is covered by a consultant."""
    extra_consultants: float = 1
    """Times: consultants beside the vacant posts."""
    load: float = 1
    """Times: cases per case holder."""
    overtime: float = 0
    """Hours a month and person, beside each one's habit."""
    documentation: float = 0.46
    """Share of the hours worked."""
    client_time: float = 0.21
    """Share of the hours worked."""
    missed_talks: float = 0.06
    """Share of the talks with the manager that lapse."""
    incidents: float = 1
    """Times."""
    pulse: float = 70
    """Mean of the answers to the survey, 0–100."""
    answering: float = 0.72
    """Share of those invited who answer it."""


ORDINARY = Conditions()
