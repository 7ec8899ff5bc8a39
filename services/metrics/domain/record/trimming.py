"""How far events of a family can be trimmed of a person, so that nothing is cut through that counts, and what goes.

What is trimmed counts on no day to come, and what is left counts as if the rest had never been: no sick spell is cut,
and the caseload that holds stays. So the sums of what goes are its own, and taking back what is left is exact.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from services.metrics.domain.facts import absence, bonus, milestones
from services.metrics.domain.facts.entry import ReadEntry, day
from services.metrics.domain.facts.tally import Tally
from services.metrics.domain.record.changes.absences import NEAR
from services.metrics.domain.record.erasing import contributed
from services.metrics.domain.record.erasure import fate_of, left
from shared.contracts.erased import FAMILIES, Family
from shared.contracts.erasure import Erasure, Fate

AFTER: dict[Family, int] = {"bonus": bonus.LONGEST, "milestone": milestones.LONGEST}
"""For how many days after the one that it names an event may count."""


class Trimmed(NamedTuple):
    """The last day up to which a family is trimmed of a person, the events that go, and what they came to."""

    through: int
    events: Sequence[ReadEntry]
    contributed: Tally


def trimmed(subject: str, told: Sequence[ReadEntry], family: Family, through: date) -> Trimmed | None:
    """What goes of the events of a person that hold, where it is kept from the day after one; None if nothing does."""
    until = cut([t for t in told if FAMILIES.get(t.entry.type) == family], family, through.toordinal())
    erasure = Erasure(families={family: until})
    gone = [t for t in told if fate_of(erasure, t) is not Fate.COUNTS]
    if not gone:
        return None
    sums = contributed(subject, told)
    sums.add(contributed(subject, left(erasure, told).told), -1)
    return Trimmed(until, gone, sums)


def cut(told: Sequence[ReadEntry], family: Family, through: int) -> int:
    """The last day, at most ``through``, up to which these events of a family may go."""
    if family == "absence":
        return _between_spells(_spans(told), through)
    if family == "caseload":
        held = (on for t in told if (on := day(t.data.effective)) <= through)
        return max(held, default=through + 1) - 1
    return max(0, through - AFTER.get(family, 0))


def _spans(told: Iterable[ReadEntry]) -> list[tuple[int, int]]:
    """From which day to which each absence is one, or says anything of a day."""
    together = defaultdict[str, list[ReadEntry]](list)
    for t in told:
        together[t.data.absence].append(t)
    return [_span(some) for some in together.values()]


def _span(told: Sequence[ReadEntry]) -> tuple[int, int]:
    days = [day(on) for t in told for on in _days(t.data) if on]
    if interval := absence.read(told).interval:
        days += [interval.first, interval.last]
    return min(days), max(days)


def _days(data: object) -> tuple[date | None, date | None]:
    return getattr(data, "effective", None), getattr(data, "last_day", None)


def _between_spells(spans: Iterable[tuple[int, int]], through: int) -> int:
    """Before whatever lasts longer, and all that is one spell with it or overlaps it."""
    for first, last in sorted(spans, key=lambda span: span[1], reverse=True):
        if last > through:
            through = min(through, first - NEAR - 1)
    return max(0, through)
