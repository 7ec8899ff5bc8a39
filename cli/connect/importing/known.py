"""Since when a file of employments tells all there is, as far as can be told from it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

import msgspec

from cli.connect.publishing.line import Line
from shared.contracts.envelope import decode
from shared.contracts.event_types import EMPLOYMENT_ENDED
from shared.contracts.events import EmploymentEnded


def since_first_end(lines: Sequence[Line], as_of: date) -> date:
    """The first end of employment that is told of: whoever left later is in the file too.

    Without any end, the file's own day: of those who left before it, nothing is known.
    """
    return min((end for end in _ends(lines) if end <= as_of), default=as_of)


def _ends(lines: Iterable[Line]) -> Iterator[date]:
    for line in lines:
        event = decode(line.body)
        if event.type == EMPLOYMENT_ENDED:
            yield msgspec.json.decode(event.data, type=EmploymentEnded).last_day
