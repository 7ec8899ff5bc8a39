"""What milestones contribute: introductions and mentors done in time, and check-ins that are current."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from services.metrics.domain.facts.career import Career, Stay, between
from services.metrics.domain.facts.employment import CHECK_IN_AFTER, YEAR
from services.metrics.domain.facts.entry import day
from services.metrics.domain.facts.measures import Measure
from services.metrics.domain.facts.tally import Tally
from shared.contracts.events import MilestoneReached

DONE = {
    "introduction_completed": (Measure.introduction_done, 90),
    "mentor_assigned": (Measure.mentor_done, 14),
}
"""Milestone → the measure it fulfils, and within how many days of the stay's start."""

CURRENT = 60
"""Days a check-in stays current, its own day included."""
LONGEST = max(within for _, within in DONE.values()) + YEAR
"""For how many days after its own a milestone may count."""


def reach(milestone: MilestoneReached) -> tuple[int, int] | None:
    """The days on which a milestone may count, None if it never does; used to find it again."""
    on = day(milestone.effective)
    if milestone.milestone == "check_in_held":
        return on, on + CURRENT - 1
    if done := DONE.get(milestone.milestone):
        return on - done[1], on + done[1] + YEAR
    return None


def contribute(career: Career, milestones: Sequence[MilestoneReached], tally: Tally) -> None:
    """What these milestones fulfil; pointwise by day, so any superset of the changed ones gives the same change."""
    done = {name: _days(milestones, name) for name in DONE}
    covered = _covered(_days(milestones, "check_in_held"))
    for stay in career.stays:
        for name, (measure, within) in DONE.items():
            if _any(done[name], stay.first, stay.first + within):
                due = stay.first + within + 1
                _present(career, stay, measure, (due, due + YEAR - 1), tally)
        for first, last in between(covered, stay.first, stay.last):
            days = max(first, stay.first + CHECK_IN_AFTER), last
            _present(career, stay, Measure.check_in_current, days, tally)


def _days(milestones: Iterable[MilestoneReached], name: str) -> list[int]:
    return sorted(day(m.effective) for m in milestones if m.milestone == name)


def _any(days: Sequence[int], first: int, last: int) -> bool:
    at = bisect_left(days, first)
    return at < len(days) and days[at] <= last


def _covered(check_ins: Iterable[int]) -> list[tuple[int, int]]:
    covered: list[tuple[int, int]] = []
    for on in check_ins:
        if covered and on <= covered[-1][1] + 1:
            covered[-1] = (covered[-1][0], on + CURRENT - 1)
        else:
            covered.append((on, on + CURRENT - 1))
    return covered


def _present(career: Career, stay: Stay, measure: Measure, days: tuple[int, int], tally: Tally) -> None:
    first, last = max(stay.first, days[0]), min(stay.last, days[1])
    for s in between(career.stretches, first, last):
        if s.form == "permanent":
            tally.span(s.home, measure, max(s.first, first), min(s.last, last))
