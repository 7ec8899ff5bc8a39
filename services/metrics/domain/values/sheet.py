"""What is published: on which days, the values of a group that differ, and the sums of all groups on some days."""

from typing import NamedTuple

import numpy as np

from services.metrics.domain.sums.catalogue import READ
from services.metrics.domain.sums.groups import Group, Roster
from services.metrics.domain.sums.kernels import Deltas, GroupSums, Ints, Window, accumulate, reach
from services.metrics.domain.sums.windows import WindowLength, windows
from services.metrics.domain.values.closed import READ_OF_CLOSED
from shared.contracts.metrics import HORIZONS, RESTATED_DAYS, MetricValue

HELD = READ | READ_OF_CLOSED
"""The kernels that are kept."""


class Published(NamedTuple):
    """The values of one group on one day that differ from what was last published."""

    group: Group
    as_of: int
    metrics: dict[str, MetricValue]


def published_days(today: int) -> Ints:
    """The days values are published for, today first."""
    return np.array(
        [today, *(today - n for n in range(1, RESTATED_DAYS + 1)), *(today + n for n in HORIZONS)], np.int64
    )


class Sheet:
    """The sums of all groups on some days."""

    def __init__(self, days: Ints, window: WindowLength) -> None:
        """Nothing yet."""
        self.days, self._length = days, window
        self.held = GroupSums(len(days), HELD)

    @property
    def reach(self) -> int:
        """The day before which facts may be summed as if they fell on it."""
        return reach(self.days, self.window)

    @property
    def window(self) -> Window:
        """The days of the windows that end on its days."""
        return windows(self._length, self.days)

    def add(self, facts: Deltas, roster: Roster) -> None:
        """Add facts of the cells of a roster."""
        for part in accumulate(facts, roster.belongs, self.days, self.window):
            self.held.add(part)

    def turn(self, fresh: "Sheet", days: Ints, groups: int) -> None:
        """Go over to other days: ``days`` numbers those of this sheet, then those of ``fresh``."""
        self.held.turn(fresh.held, groups, days)
        self.days = np.concatenate((self.days, fresh.days))[days]
