"""What came of each source: so many new events of a type, by the day on which the source recorded them."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.metrics.domain.coverage.kinds import KIND_OF_TYPE, Kind
from services.metrics.domain.facts.entry import Entry, source_of
from shared.contracts.erasure import EPOCH
from shared.contracts.event_types import EMPLOYMENT_ENDED

ZONE = ZoneInfo("Europe/Stockholm")
"""Where a day of recording begins and ends: that of the working days and holidays it is compared with."""
HOUR = 3_600_000_000


class SourceDay(NamedTuple):
    """A source, a type of its events, and a day of recording as an ordinal."""

    source: str
    type: str
    day: int


def recorded(entries: Iterable[Entry]) -> Counter[SourceDay]:
    """How many events there are among these, which came for the first time, of types that values are made of."""
    hours = Counter((e.key.removesuffix(e.id), e.type, e.at // HOUR) for e in entries if e.type in KIND_OF_TYPE)
    found = Counter[SourceDay]()
    for (source, type_, hour), events in hours.items():  # far fewer than events
        found[SourceDay(source_of(source), type_, _day_of_hour(hour))] += events
    return found


def recorded_on(at: int) -> int:
    """The day of a recording time in microseconds, as an ordinal."""
    return _day_of_hour(at // HOUR)


@lru_cache(maxsize=10_000)
def _day_of_hour(hour: int) -> int:
    """Days begin on a whole hour of UTC in ``ZONE``."""
    return datetime.fromtimestamp(hour * 3_600, ZONE).toordinal() if hour >= 0 else EPOCH.toordinal() + hour // 24


def kinds_of(type_: str) -> tuple[Kind, ...]:
    """The kinds that an event of a type is of: an end of employment tells of employment and of leaving."""
    if type_ not in KIND_OF_TYPE:
        return ()
    return (KIND_OF_TYPE[type_], *((Kind.LEAVING,) if type_ == EMPLOYMENT_ENDED else ()))
