"""Ends of employment that a file tells of: who made it knows whether it tells of all of them since some day."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from cli.connect.publishing.line import Line
from shared.contracts.envelope import decode
from shared.contracts.event_types import EMPLOYMENT_ENDED
from shared.contracts.events import EmploymentEnded


def ended(lines: Sequence[Line], as_of: date) -> list[date]:
    """The last days of employments that were over on the file's own day, the first one first."""
    return sorted(end for end in _ends(lines) if end <= as_of)


def _ends(lines: Iterable[Line]) -> Iterator[date]:
    for line in lines:
        event = decode(line.body)
        if event.type == EMPLOYMENT_ENDED:
            yield msgspec.json.decode(event.data, type=EmploymentEnded).last_day
