"""What the source systems have recorded and not yet handed over: events by the day and second of recording."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from shared.contracts.envelope import CloudEvent
from shared.contracts.events import TYPES, Data


class Source(NamedTuple):
    """A system that publishes events: its name, the start of its ids, and the seconds of the day it records in."""

    name: str
    prefix: str
    opens: int
    closes: int


HR_SYSTEM = Source("hr-system", "hr", 6 * 3600, 16 * 3600)
PAYROLL = Source("payroll", "pay", 1 * 3600, 3 * 3600)
CASELOAD_SYSTEM = Source("caseload-system", "case", 3 * 3600, 4 * 3600)
SURVEY_TOOL = Source("survey-tool", "survey", 11 * 3600, 12 * 3600)

SOURCES = {"absence": PAYROLL, "time": PAYROLL, "cost": PAYROLL} | {
    "caseload": CASELOAD_SYSTEM,
    "handover": CASELOAD_SYSTEM,
    "pulse": SURVEY_TOOL,
}
"""Which system records a family of types; the HR system has the rest."""

KINDS: dict[type[Data], tuple[str, Source]] = {
    data: (name, SOURCES.get(name.split(".")[1], HR_SYSTEM)) for name, (_, data) in TYPES.items()
}
"""Structure of the data → type of the event and the system that records it."""

_raw = msgspec.json.Encoder().encode


class Said(NamedTuple):
    """What a source says in one event; ``data`` is None only for a retraction."""

    source: Source
    kind: str
    subject: str
    data: Data | None
    corrects: str | None

    def recorded(self, number: int, time: datetime) -> CloudEvent:
        """The event as it travels; the number makes its id."""
        bare = CloudEvent(
            specversion="1.0",
            id=f"{self.source.prefix}-{number}",
            source=self.source.name,
            type=self.kind,
            subject=self.subject,
            time=time,
            corrects=self.corrects,
        )
        return bare if self.data is None else replace(bare, data=msgspec.Raw(_raw(self.data)))


class Journal:
    """Holds what will be handed over on a later day; the order of handing over is the order of recording."""

    def __init__(self) -> None:
        self._days: dict[int, list[tuple[int, int, Said]]] = defaultdict(list)
        self._number = 0
        self._today = 0

    def add(self, day: int, second: int, said: Said) -> str:
        """Record an event on a day (an ordinal), never one already handed over, and return its id."""
        self._number += 1
        self._days[max(day, self._today)].append((second, self._number, said))
        return f"{said.source.prefix}-{self._number}"

    def repeat_last(self, day: int) -> None:
        """The event added last for that day is handed over twice."""
        entries = self._days[max(day, self._today)]
        entries.append(entries[-1])

    def hand_over(self, day: int) -> Iterator[CloudEvent]:
        """The events recorded on a day, in the order of recording; they are forgotten."""
        self._today = day + 1
        midnight = datetime.fromordinal(day).replace(tzinfo=UTC)
        for second, number, said in sorted(self._days.pop(day, ()), key=_recorded):
            yield said.recorded(number, midnight + timedelta(seconds=second))


def _recorded(entry: tuple[int, int, Said]) -> tuple[int, int]:
    return entry[0], entry[1]
