"""Whose an employment is: records that name only the employment find their person in the employments' events."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from cli.connect.importing.pax_fields import Who
from cli.connect.importing.timesheet import PersonEmployment
from cli.connect.importing.trouble import ImportingError
from services.ingest.domain.refusal import RefusalError
from shared.contracts import envelope
from shared.contracts.event_types import EMPLOYMENT_STARTED
from shared.contracts.events import EmploymentStarted


def read(file: Path) -> dict[str, str]:
    """Employment → person reference, of every employment that starts in JSON lines of events.

    Raises ImportingError with the line that is no event.
    """
    found: dict[str, str] = {}
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    found |= _employment(line, f"{file}:{number}")
    except OSError as error:
        raise ImportingError(str(error)) from None
    return found


def _employment(line: bytes, place: str) -> dict[str, str]:
    try:
        event = envelope.decode(line)
        if event.type != EMPLOYMENT_STARTED:
            return {}
        started = msgspec.json.decode(event.data, type=EmploymentStarted)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ImportingError(f"{place}: not an event: {error}") from None
    person = event.subject.partition("/")[2]
    return {started.employment or person: person}


class People:
    """Whose records are: by the register, or else by what the file itself says of its employments."""

    def __init__(self, register: dict[str, str] | None, said: Iterable[Who]) -> None:
        """``register``: employment → person, or None; ``said``: everyone that records of the file name."""
        self._register = register
        self._said = {who.employment: who.person for who in said if who.employment and who.person}

    def series(self, who: Who) -> PersonEmployment:
        """Person and employment; raises RefusalError for an employment that is not in the register."""
        employment = who.employment
        if self._register and employment in self._register:
            return PersonEmployment(self._register[employment], employment, employment)
        person = who.person or (employment and self._said.get(employment))
        if person is None and self._register is not None:
            message = f"anstid: no employment {employment!r} in the register, and no persnr"
            raise RefusalError("invalid_value", "anstid", message)
        return PersonEmployment(person or employment or "", employment, None)
