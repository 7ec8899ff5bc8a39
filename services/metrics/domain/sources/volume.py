"""A sudden drop of volume: a day with far fewer events than the same weekday of the last eight weeks had."""

from collections.abc import Mapping
from datetime import date, timedelta
from statistics import median

from shared.calendar.working_days import is_holiday
from shared.contracts.sources import VolumeDrop

WEEKS = 8
ENOUGH = 6
"""Of the eight weekdays, those that have to have had events: holidays, and days before the source began, have none."""
FEWEST = 10
"""Events that a weekday usually has to have: of fewer, none may well come."""
SHARE = 0.2
"""What is left after a drop of four fifths."""


def drop(events: Mapping[int, int], day: date) -> VolumeDrop | None:
    """The drop of a day, if there is one; ``events`` are those recorded by day (an ordinal).

    A holiday is compared with nothing, and nothing with a holiday.
    """
    weekdays = [day - timedelta(weeks=week) for week in range(1, WEEKS + 1)]
    before = [events.get(one.toordinal(), 0) for one in weekdays if not is_holiday(one)]
    usual, came = median(before or [0]), events.get(day.toordinal(), 0)
    if is_holiday(day) or sum(map(bool, before)) < ENOUGH or usual < FEWEST or came > SHARE * usual:
        return None
    return VolumeDrop(day, came, usual)
