"""Whose an employment is, and when: records that name only the employment find their person in its events."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import msgspec

from cli.connect.importing.pax_fields import Who
from cli.connect.importing.period import Days
from cli.connect.importing.timesheet import PersonEmployment
from cli.connect.publishing.hindrance import HindranceError
from cli.connect.publishing.line import CellError
from shared.contracts.envelope import CloudEvent, decode
from shared.contracts.event_types import EMPLOYMENT_ENDED, EMPLOYMENT_STARTED
from shared.contracts.events import EmploymentEnded, EmploymentStarted


class Register(NamedTuple):
    """Employment → person reference, and the days it lasts, of every employment that starts."""

    persons: dict[str, str]
    service: dict[str, list[Days]]


def read(file: Path) -> Register:
    """The employments of JSON lines of events; of lines that state the same thing the last one holds.

    Raises HindranceError with the line that is no event, OSError.
    """
    said: dict[str, CloudEvent] = {}
    with file.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                event = _event(line, f"{file}:{number}")
                said[event.corrects or event.id] = event
    return _register(said.values())


def _event(line: bytes, place: str) -> CloudEvent:
    try:
        event = decode(line)
        if event.type in _TYPES:
            msgspec.json.decode(event.data, type=_TYPES[event.type])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise HindranceError("no_event", place, said=error) from None
    return event


_TYPES = {EMPLOYMENT_STARTED: EmploymentStarted, EMPLOYMENT_ENDED: EmploymentEnded}


def _register(events: Iterable[CloudEvent]) -> Register:
    persons, starts, ends = dict[str, str](), defaultdict[str, list[date]](list), defaultdict[str, list[date]](list)
    for event in events:
        person = event.subject.partition("/")[2]
        if event.type == EMPLOYMENT_STARTED:
            started = msgspec.json.decode(event.data, type=EmploymentStarted)
            persons[started.employment or person] = person
            starts[started.employment or person].append(started.effective)
        elif event.type == EMPLOYMENT_ENDED:
            ended = msgspec.json.decode(event.data, type=EmploymentEnded)
            ends[ended.employment or person].append(ended.last_day)
    return Register(persons, {name: list(_periods(days, sorted(ends[name]))) for name, days in starts.items()})


def _periods(starts: Iterable[date], ends: list[date]) -> Iterator[Days]:
    """From each start to the first end that is not before it, or for ever."""
    for start in sorted(starts):
        yield Days(start, next((end for end in ends if end >= start), date.max))


class People:
    """Whose records are: by the register, or else by what the file itself says of its employments."""

    def __init__(self, register: dict[str, str] | None, said: Iterable[Who], told: dict[str, str]) -> None:
        """``register``: employment → person, or None; ``said``: everyone that records of the file name.

        ``told``: employment → person, of the employments that files tell of themselves.
        """
        self._register, self._told = register, told
        self._said = {who.employment: who.person for who in said if who.employment and who.person}

    def series(self, who: Who) -> PersonEmployment:
        """Person and employment; raises RefusalError for an employment that is not in the register."""
        employment = who.employment
        if self._register and employment in self._register:
            return PersonEmployment(self._register[employment], employment, employment)
        if employment and employment in self._told:
            return PersonEmployment(self._told[employment], employment, employment)
        person = who.person or (employment and self._said.get(employment))
        if person is None and self._register is not None:
            message = f"anstid: no employment {employment!r} in the register, and no persnr"
            raise CellError("invalid_value", "anstid", message, "not_in_register", cell=employment or "")
        return PersonEmployment(person or employment or "", employment, None)
