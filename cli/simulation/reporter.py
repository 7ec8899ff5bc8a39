"""How reality reaches the source systems: at hostility 0 at once and right, above it late, wrong, twice."""

from collections.abc import Callable
from datetime import date

from cli.simulation.chance import Chance
from cli.simulation.journal import KINDS, Journal, Said
from cli.simulation.mistakes import mistaken
from shared.contracts.event_types import RETRACTED
from shared.contracts.events import AbsenceEnded, AbsenceStarted, Data, EmploymentEnded, EmploymentStarted
from shared.contracts.subjects import PERSON_PREFIX

DELAYS = (((1, 7), 0.5), ((8, 30), 0.35), ((31, 150), 0.15))
"""Days from happening to recording of a late event, and how often."""

Distortion = Callable[["Reporter", str, Data, int], None]


class Reporter:
    """Writes events to the journal as truthfully as ``hostility`` (0–1) allows; the final version is always right."""

    def __init__(self, journal: Journal, chance: Chance, hostility: float) -> None:
        self.journal = journal
        self.chance = chance
        self._distorted = hostility * sum(share for _, share in DISTORTIONS)

    def report(self, subject: str, data: Data, day: int) -> None:
        """An event that the sources learn of on a day (an ordinal)."""
        if self.chance.random() >= self._distorted:
            self.write(subject, data, day)
        else:
            self.chance.weighted(MIXED)(self, subject, data, day)

    def write(self, subject: str, data: Data, day: int, corrects: str | None = None) -> str:
        """Put one event in the journal at a time of day when its source records."""
        kind, source = KINDS[type(data)]
        return self._add(day, Said(source, kind, subject, data, corrects))

    def retract(self, subject: str, like: Data, corrects: str, day: int) -> None:
        """An event whose data was like this is taken back by the source that recorded it."""
        self._add(day, Said(KINDS[type(like)][1], RETRACTED, subject, None, corrects))

    def _add(self, day: int, said: Said) -> str:
        second = self.chance.between(said.source.opens, said.source.closes)
        return self.journal.add(day, second, said)

    def delay(self) -> int:
        """Days until a fault is found or a late event recorded."""
        return self.chance.between(*self.chance.weighted(DELAYS))


def _late(reporter: Reporter, subject: str, data: Data, day: int) -> None:
    reporter.write(subject, data, day + reporter.delay())


def _corrected(reporter: Reporter, subject: str, data: Data, day: int) -> None:
    """Wrong first and put right later; one correction in three is itself wrong."""
    named = reporter.write(subject, mistaken(data, reporter.chance), day)
    day += reporter.delay()
    if reporter.chance.happens(1 / 3):
        named = reporter.write(subject, mistaken(data, reporter.chance), day, corrects=named)
        day += reporter.delay()
    reporter.write(subject, data, day, corrects=named)


def _retracted(reporter: Reporter, subject: str, data: Data, day: int) -> None:
    """Wrong first, taken back some days later, entered anew after that."""
    named = reporter.write(subject, mistaken(data, reporter.chance), day)
    day += reporter.delay()
    reporter.retract(subject, data, named, day)
    reporter.write(subject, data, day + 1)


def _duplicated(reporter: Reporter, subject: str, data: Data, day: int) -> None:
    reporter.write(subject, data, day)
    reporter.journal.repeat_last(day)


def _contradicted(reporter: Reporter, subject: str, data: Data, day: int) -> None:
    """Beside the truth something that does not fit it: a second start, an end or an absence of nothing."""
    match data:
        case EmploymentStarted() | AbsenceStarted():
            reporter.write(subject, mistaken(data, reporter.chance), day)
            day += 1
        case EmploymentEnded(last_day=last_day):
            after = date.fromordinal(last_day.toordinal() + reporter.chance.between(5, 60))
            reporter.write(subject, AbsenceStarted(absence="after-the-end", effective=after, kind="sick"), day)
        case AbsenceEnded(last_day=last_day):
            reporter.write(subject, EmploymentEnded(employment="unknown", last_day=last_day, reason="other"), day)
        case _ if subject.startswith(PERSON_PREFIX):
            reporter.write(subject, AbsenceEnded(absence="unknown", last_day=date.fromordinal(day)), day)
    reporter.write(subject, data, day)


DISTORTIONS: tuple[tuple[Distortion, float], ...] = (
    (_late, 0.25),
    (_corrected, 0.12),
    (_retracted, 0.05),
    (_duplicated, 0.10),
    (_contradicted, 0.04),
)
"""What goes wrong, and with how large a share of the events at hostility 1."""

MIXED = tuple((distortion, share / sum(share for _, share in DISTORTIONS)) for distortion, share in DISTORTIONS)
"""What goes wrong with an event that something goes wrong with."""
